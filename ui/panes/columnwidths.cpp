// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/columnwidths.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace throughline {

namespace {

double textDigits(const ColumnInfo &column)
{
    // Catalogs say varchar(255) of everything; what people call a column says more of its length.
    if (column.name.contains(QLatin1StringView("mail")))
        return 23;
    if (column.name.contains(QLatin1StringView("first")) || column.name.contains(QLatin1StringView("last")))
        return 10.5;
    return 16.2;
}

double digitsOf(const ColumnInfo &column)
{
    switch (column.kind) {
    case ColumnKind::Boolean:
        return 6;
    case ColumnKind::Integer:
        return 9.7;
    case ColumnKind::Numeric:
    case ColumnKind::Float:
        return 12;
    case ColumnKind::Date:
        return 13;
    case ColumnKind::Time:
        return 11;
    case ColumnKind::Timestamp:
    case ColumnKind::TimestampTz:
        return 17.3;
    case ColumnKind::Uuid:
        return 30;
    case ColumnKind::Enumeration:
        return 12;
    case ColumnKind::Text:
    case ColumnKind::Other:
        break;
    }
    return textDigits(column);
}

} // namespace

// Ten of them: one alone is rounded to whole pixels, and a timestamp has nineteen.
ColumnWidths::ColumnWidths(const Mapping &mapping, const QFontMetrics &metrics)
    : ColumnWidths(mapping, metrics.horizontalAdvance(QString(10, u'0')) / 10.0)
{
}

ColumnWidths::ColumnWidths(const Mapping &mapping, double zeroWidth)
{
    const auto pixels = [zeroWidth](double digits) {
        return static_cast<int>(std::lround(digits * zeroWidth)) + padding;
    };
    const bool numberKey = mapping.key.kind == ColumnKind::Integer;
    m_widths.push_back(pixels(numberKey ? 7.6 : digitsOf(mapping.key)));
    for (const auto &field : mapping.fields) {
        if (field.column.kind == ColumnKind::Text && !field.secret)
            m_texts.push_back(m_widths.size());
        m_widths.push_back(pixels(digitsOf(field.column)));
    }
}

std::vector<int> ColumnWidths::filling(int available) const
{
    auto widths = m_widths;
    const int spare = available - std::accumulate(widths.begin(), widths.end(), 0);
    if (spare <= 0 || m_texts.empty())
        return widths;
    const size_t widest = *std::ranges::max_element(m_texts, {}, [&](size_t column) { return m_widths[column]; });
    const int most = spare * 6 / 10;
    widths[widest] += most;
    widths[m_texts.front()] += spare - most;
    return widths;
}

} // namespace throughline
