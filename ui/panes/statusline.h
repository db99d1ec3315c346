// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/safety.h"
#include "engine/stagedreport.h"
#include "engine/storestate.h"
#include "engine/upkeepreport.h"
#include "generator/loadreport.h"
#include "ui/palettes.h"

#include <QWidget>

#include <optional>

class QTimer;

namespace throughline {

class Chip;
class ElidingLabel;
class StagedStatus;
class StoreStatus;

/// The content of the status bar: both stores, the traffic, the generator while it runs; right the time zone in which
/// timestamps are shown and the environment.
class StatusLine final : public QWidget
{
    Q_OBJECT

public:
    explicit StatusLine(QWidget *parent = nullptr);

    void setStates(const StoreStates &states);
    void setWritesPerSecond(double writes);
    /// Counters of the run; nothing when the generator is off.
    void setGenerator(const std::optional<LoadStats> &stats);
    /// Says when the cache falls behind: nothing while all is well.
    void setUpkeep(const UpkeepReport &report);
    /// What became of staged writes: nothing before the first. `unseen` of the failures nobody has looked at yet.
    void setStaged(const StagedReport &report, qint64 unseen);
    void setTimeZone(const QString &zone);
    void setEnvironment(Environment environment);
    /// Under 1200 px: without round trips and time zone.
    void setCompact(bool compact);
    /// A passing sentence (status tips); empty brings the usual content back.
    void showMessage(const QString &sentence);

    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void retryRequested();
    /// Somebody wants to see the staged writes that failed.
    void stagedFailuresChosen();

private:
    QWidget *separator();
    ElidingLabel *addText(Tone tone);
    [[nodiscard]] static QString problemWords(const LoadStats &stats);
    [[nodiscard]] static QString upkeepWords(const UpkeepReport &report);
    [[nodiscard]] static QString generatorWords(const LoadStats &stats);

    StoreStatus *m_postgres;
    StoreStatus *m_redis;
    ElidingLabel *m_writes;
    ElidingLabel *m_generator;
    ElidingLabel *m_problems;
    ElidingLabel *m_upkeep;
    StagedStatus *m_staged;
    ElidingLabel *m_message;
    ElidingLabel *m_zone;
    Chip *m_environment;
    QTimer *m_messageTimer; ///< a sentence that nobody takes back goes by itself
    bool m_compact = false;
};

} // namespace throughline
