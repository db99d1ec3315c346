// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/numberoption.h"

#include "cli/command.h"

namespace throughline::cli {

QString takeNumber(const QCommandLineParser &parser, const QString &option, double lowest, double highest, double &out)
{
    if (!parser.isSet(option))
        return {};
    bool good = false;
    const double number = parser.value(option).toDouble(&good);
    if (!good || number < lowest || number > highest)
        return Command::tr("--%1 takes a number from %2 to %3.").arg(option).arg(lowest).arg(highest, 0, 'g', 12);
    out = number;
    return {};
}

} // namespace throughline::cli
