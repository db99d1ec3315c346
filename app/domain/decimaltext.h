// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace throughline {

/// A decimal number read from its text digit by digit, because a double would lose digits of a NUMERIC.
struct DecimalText
{
    qint64 integerDigits = 0; ///< significant digits before the point; not positive for 0.00123
    qint64 decimals = 0;      ///< decimals that are not a trailing zero; negative for 1200, which is 12 * 10^2
    bool zero = false;

    /// Nothing when the text is no decimal number: `12`, `-1.50`, `.5`, `1e-3`.
    [[nodiscard]] static std::optional<DecimalText> parse(const QByteArray &text);
};

} // namespace throughline
