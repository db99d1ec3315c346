// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

// QCustomPlot's header needs the short names that we compile without.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define foreach(item, items) for (item : items)
#include <qcustomplot.h>
#undef signals
#undef slots
#undef foreach
