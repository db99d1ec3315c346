// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace throughline {

/// Builds a one-dimensional array in PostgreSQL's binary format (array_recv): the server copies it in the place of
/// parsing every element. Numbers of 2, 4 or 8 bytes, or texts.
class BinaryArray final
{
public:
    // Of the types' rows in pg_type, the same in every server.
    enum class Element : quint32 { Int8 = 20, Int2 = 21, Int4 = 23, Text = 25 };

    BinaryArray(Element element, size_t count);

    void add(qint64 number);
    void add(QByteArrayView text);
    void addNull();
    /// Complete after `count` elements.
    [[nodiscard]] const QByteArray &bytes() const noexcept { return m_bytes; }

    [[nodiscard]] static const char *typeName(Element element) noexcept;

private:
    void addLength(qint32 length);

    QByteArray m_bytes;
    Element m_element;
};

} // namespace throughline
