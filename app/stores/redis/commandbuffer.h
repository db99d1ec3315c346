// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

#include <string>

namespace throughline {

/// Commands as they go over the wire (RESP), for calls with thousands of short words, where an object for each would
/// cost more than sending it.
class CommandBuffer final
{
public:
    void reserve(size_t bytes) { m_bytes.reserve(bytes); }
    void begin(size_t words);
    /// One word in parts, so that a name needs no allocation.
    void add(QByteArrayView first, QByteArrayView second = {}, QByteArrayView third = {});
    void add(qint64 number);

    [[nodiscard]] const std::string &bytes() const noexcept { return m_bytes; }
    [[nodiscard]] size_t commands() const noexcept { return m_commands; }

private:
    void header(char sign, qint64 number);
    void append(QByteArrayView bytes);

    std::string m_bytes; ///< appends small pieces in half the time of a QByteArray
    size_t m_commands = 0;
};

} // namespace throughline
