// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/binaryarray.h"

#include <QtEndian>

namespace throughline {

namespace {

template <class Number>
void append(QByteArray &bytes, Number number)
{
    const Number bigEndian = qToBigEndian(number);
    bytes.append(reinterpret_cast<const char *>(&bigEndian), sizeof bigEndian);
}

} // namespace

BinaryArray::BinaryArray(Element element, size_t count)
    : m_element(element)
{
    m_bytes.reserve(static_cast<qsizetype>(20 + count * 16));
    append<qint32>(m_bytes, 1); // dimensions
    append<qint32>(m_bytes, 1); // there may be NULLs
    append<quint32>(m_bytes, static_cast<quint32>(element));
    append<qint32>(m_bytes, static_cast<qint32>(count));
    append<qint32>(m_bytes, 1); // the first index
}

void BinaryArray::addLength(qint32 length)
{
    append(m_bytes, length);
}

void BinaryArray::add(qint64 number)
{
    switch (m_element) {
    case Element::Int2:
        addLength(2);
        append(m_bytes, static_cast<qint16>(number));
        break;
    case Element::Int4:
        addLength(4);
        append(m_bytes, static_cast<qint32>(number));
        break;
    case Element::Int8:
        addLength(8);
        append(m_bytes, number);
        break;
    case Element::Text:
        add(QByteArrayView(QByteArray::number(number)));
        break;
    }
}

void BinaryArray::add(QByteArrayView text)
{
    addLength(static_cast<qint32>(text.size()));
    m_bytes.append(text);
}

void BinaryArray::addNull()
{
    addLength(-1);
}

const char *BinaryArray::typeName(Element element) noexcept
{
    switch (element) {
    case Element::Int2:
        return "int2[]";
    case Element::Int4:
        return "int4[]";
    case Element::Int8:
        return "int8[]";
    case Element::Text:
        break;
    }
    return "text[]";
}

} // namespace throughline
