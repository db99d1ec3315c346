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
    m_bytes.push_back(sign);
    append(Digits(number).view());
    m_bytes.append("\r\n", 2);
}

void CommandBuffer::append(QByteArrayView bytes)
{
    m_bytes.append(bytes.data(), static_cast<size_t>(bytes.size()));
}

void CommandBuffer::begin(size_t words)
{
    header('*', static_cast<qint64>(words));
    ++m_commands;
}

void CommandBuffer::add(QByteArrayView first, QByteArrayView second, QByteArrayView third)
{
    header('$', first.size() + second.size() + third.size());
    append(first);
    append(second);
    append(third);
    m_bytes.append("\r\n", 2);
}

void CommandBuffer::add(qint64 number)
{
    add(Digits(number).view());
}

} // namespace throughline
