// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/row.h"
#include "generator/loadreport.h"
#include "generator/loadtarget.h"

#include <QObject>

#include <memory>
#include <vector>

namespace throughline {

struct LoadSnapshot;

/// The window's handle on the update generator. Lives on the UI thread, which it never makes wait; the threads behind
/// it own their connections, and write with the same engine as the grid.
class GeneratorService final : public QObject
{
    Q_OBJECT

public:
    /// What the stores are is judged by their addresses: production unless both are on this machine.
    GeneratorService(Mapping mapping, const EngineSettings &settings, QObject *parent = nullptr);
    GeneratorService(LoadTarget target, QObject *parent = nullptr);
    ~GeneratorService() override;

    void start(const LoadSettings &settings);
    /// Changes the rate of the run; updates per second, 0 = unlimited.
    void setRate(double perSecond);
    /// Ends the run; finished() follows when everything in flight is answered and the touched keys are verified.
    void stop();
    [[nodiscard]] bool isRunning() const noexcept;
    /// Whether rowsCommitted() and rowsSkipped() are wanted; off at first, because they cost the workers time. At most
    /// LoadTally::mostRows rows come at once.
    void setCollectsRows(bool collects);

Q_SIGNALS:
    void runningChanged(bool running);
    /// At most ten times a second while it runs.
    void statsChanged(const throughline::LoadStats &stats);
    /// What happened since the last one; ten times a second while it runs.
    void sampled(const throughline::LoadSample &sample);
    /// The newest committed state of rows changed since the last signal; at most ten times a second.
    void rowsCommitted(const std::vector<throughline::Row> &rows);
    /// More rows were changed than were shown, or some were added or deleted: what is in view has to be read again.
    void rowsSkipped();
    void finished(const throughline::LoadReport &report);

private:
    void publish();
    void show(const LoadSnapshot &snapshot);
    Q_INVOKABLE void finish();

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace throughline
