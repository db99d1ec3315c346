// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadreport.h"
#include "ui/palettes.h"

#include <QWidget>

class QGridLayout;

namespace throughline {

class ElidingLabel;

/// The counters of a run: large numbers, each with its name below.
class GeneratorCounters final : public QWidget
{
    Q_OBJECT

public:
    explicit GeneratorCounters(QWidget *parent = nullptr);

    void setStats(const LoadStats &stats);

private:
    struct Counter
    {
        ElidingLabel *number = nullptr;
        ElidingLabel *name = nullptr;
        Tone toneAboveNone = Tone::Text;
    };
    [[nodiscard]] Counter addCounter(const QString &name, Tone toneAboveNone, const QString &tip);
    static void set(const Counter &counter, qint64 count);

    QGridLayout *m_grid;
    Counter m_written;
    Counter m_late;
    Counter m_backlog;
    Counter m_conflicts;
    Counter m_errors;
    Counter m_dropped;
};

} // namespace throughline
