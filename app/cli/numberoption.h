// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCommandLineParser>
#include <QString>

namespace throughline::cli {

/// Takes an option's number from `lowest` to `highest`, and leaves `out` as it is when the option is not given. The
/// sentence says what is wrong, empty when nothing is.
[[nodiscard]] QString takeNumber(const QCommandLineParser &parser, const QString &option, double lowest, double highest,
                                 double &out);

} // namespace throughline::cli
