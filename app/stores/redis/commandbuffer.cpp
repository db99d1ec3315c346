// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/commandbuffer.h"

#include <charconv>

namespace throughline {

namespace {

struct Digits
{
    explicit Digits(qint64 number)
        : end(std::to_chars(text, text + sizeof text, number).ptr)
    {
    }
    [[nodiscard]] QByteArrayView view() const { return {text, end - text}; }

    char text[24];
    char *end;
};

} // namespace

void CommandBuffer::header(char sign, qint64 number)
{
    m_bytes.append(sign).append(Digits(number).view()).append("\r\n", 2);
}

void CommandBuffer::begin(size_t words)
{
    header('*', static_cast<qint64>(words));
    ++m_commands;
}

void CommandBuffer::add(QByteArrayView first, QByteArrayView second, QByteArrayView third)
{
    header('$', first.size() + second.size() + third.size());
    m_bytes.append(first).append(second).append(third).append("\r\n", 2);
}

void CommandBuffer::add(qint64 number)
{
    add(Digits(number).view());
}

} // namespace throughline
