// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/decimaltext.h"

#include <QRegularExpression>

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

std::optional<DecimalText> DecimalText::parse(const QByteArray &text)
{
    static const QRegularExpression pattern(uR"(\A[+-]?(?=\.?[0-9])([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?\z)"_s);
    const auto match = pattern.match(QString::fromUtf8(text));
    if (!match.hasMatch())
        return std::nullopt;
    bool fits = true;
    const qint64 exponent = match.captured(3).isEmpty() ? 0 : match.captured(3).toInt(&fits);
    if (!fits)
        return std::nullopt;

    const QString digits = match.captured(1) + match.captured(2);
    const auto significant = [](QChar digit) { return digit != u'0'; };
    const auto first = std::find_if(digits.begin(), digits.end(), significant);
    if (first == digits.end())
        return DecimalText{0, 0, true};
    const auto last = std::find_if(digits.rbegin(), digits.rend(), significant);
    return DecimalText{match.captured(1).size() - (first - digits.begin()) + exponent,
                       match.captured(2).size() - (last - digits.rbegin()) - exponent, false};
}

} // namespace throughline
