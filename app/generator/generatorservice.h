// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "domain/row.h"
#include "generator/loadreport.h"
#include "generator/workload.h"

#include <QObject>

#include <memory>
#include <vector>

namespace throughline {

struct EngineSettings;

/// The window's handle on the update generator. Lives on the UI thread; the load thread behind it owns its own
/// connections and writes with the same engine as the grid.
class GeneratorService final : public QObject
{
    Q_OBJECT

public:
    GeneratorService(Mapping mapping, const EngineSettings &settings, QObject *parent = nullptr);
    ~GeneratorService() override;

    void start(const LoadSettings &settings);
    /// Changes the rate of the run; updates per second, 0 = unlimited.
    void setRate(double perSecond);
    /// Ends the run; finished() follows when everything in flight is answered and the touched keys are verified.
    void stop();
    [[nodiscard]] bool isRunning() const noexcept;

Q_SIGNALS:
    void runningChanged(bool running);
    /// At most ten times a second while it runs.
    void statsChanged(const throughline::LoadStats &stats);
    /// What happened since the last one; ten times a second while it runs.
    void sampled(const throughline::LoadSample &sample);
    /// The newest committed state of every row changed since the last signal; at most ten times a second.
    void rowsCommitted(const std::vector<throughline::Row> &rows);
    void finished(const throughline::LoadReport &report);

private:
    void publish();
    Q_INVOKABLE void finish();

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace throughline
