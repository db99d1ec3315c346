// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "engine/stagedreport.h"

#include <QWidget>

#include <functional>
#include <optional>

class QToolButton;

namespace throughline {

class ElidingLabel;

/// Staged writes in the status bar: their rate, what holds them up, and a button for those that failed. Takes no room
/// before the first one.
class StagedStatus final : public QWidget
{
    Q_OBJECT

public:
    using ClockFunction = std::function<Instant()>;

    explicit StagedStatus(QWidget *parent = nullptr, ClockFunction clock = &Clock::now);

    /// `unseen` of the failures nobody has looked at yet.
    void setReport(const StagedReport &report, qint64 unseen);
    /// The upkeep cannot work for this reason, and says so: it is not said twice.
    void setUpkeepError(const std::optional<StoreError> &error);
    /// A second has gone by.
    void tick();

    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void failuresChosen();

private:
    [[nodiscard]] bool isHeldUp() const;
    [[nodiscard]] bool saysError() const;
    [[nodiscard]] QString words() const;
    [[nodiscard]] QString tip() const;
    void present();

    ClockFunction m_clock;
    ElidingLabel *m_text;
    QToolButton *m_failures;
    StagedReport m_report;
    std::optional<StoreError> m_upkeepError;
    qint64 m_unseen = 0;
    qint64 m_answeredBefore = 0; ///< at the last tick
    qint64 m_perSecond = 0;
    std::optional<Instant> m_waitingSince;
};

} // namespace throughline
