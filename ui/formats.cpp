// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/formats.h"

#include <QCoreApplication>
#include <QLocale>

namespace throughline::formats {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 secondsPerDay = 86400;

} // namespace

QString count(qint64 number)
{
    return QLocale().toString(number);
}

QString milliseconds(double ms)
{
    return QLocale().toString(ms, 'f', ms < 10 ? 1 : 0);
}

QString milliseconds(nanoseconds time)
{
    return milliseconds(std::chrono::duration<double, std::milli>(time).count());
}

QString clock(qint64 ms)
{
    const qint64 seconds = ms / 1000;
    const qint64 rest = seconds % secondsPerDay;
    const QString time =
        u"%1:%2:%3"_s.arg(rest / 3600, 2, 10, '0'_L1).arg(rest / 60 % 60, 2, 10, '0'_L1).arg(rest % 60, 2, 10, '0'_L1);
    if (seconds < secondsPerDay)
        return time;
    return QCoreApplication::translate("formats", "%1 d %2").arg(seconds / secondsPerDay).arg(time);
}

} // namespace throughline::formats
