// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/generatorservice.h"

#include "engine/enginesettings.h"
#include "generator/loadrunner.h"

#include <QTimer>

#include <optional>

namespace throughline {

namespace {

constexpr milliseconds snapshotInterval{100};
constexpr milliseconds stopPatience{1000};

} // namespace

class GeneratorService::Private final
{
public:
    Private(Mapping tableMapping, const EngineSettings &engineSettings)
        : mapping(std::move(tableMapping))
        , settings(engineSettings)
    {
    }

    Mapping mapping;
    EngineSettings settings;
    QTimer timer;
    QTimer patience; ///< how long a stopped run may wait for a server that does not answer
    std::unique_ptr<LoadRunner> runner;
};

GeneratorService::GeneratorService(Mapping mapping, const EngineSettings &settings, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(std::move(mapping), settings))
{
    d->timer.setInterval(snapshotInterval);
    connect(&d->timer, &QTimer::timeout, this, &GeneratorService::publish);
    d->patience.setSingleShot(true);
    d->patience.setInterval(stopPatience);
    connect(&d->patience, &QTimer::timeout, this, &GeneratorService::breakOff);
}

GeneratorService::~GeneratorService() = default;

void GeneratorService::start(const LoadSettings &settings)
{
    if (d->runner)
        return;
    d->runner = std::make_unique<LoadRunner>(d->mapping, d->settings, settings, [this] {
        QMetaObject::invokeMethod(this, [this] { finish(); }, Qt::QueuedConnection);
    });
    d->timer.start();
    Q_EMIT runningChanged(true);
}

void GeneratorService::setRate(double perSecond)
{
    if (d->runner)
        d->runner->setRate(perSecond);
}

void GeneratorService::stop()
{
    if (!d->runner)
        return;
    d->runner->stop();
    d->patience.start();
}

bool GeneratorService::isRunning() const noexcept
{
    return d->runner != nullptr;
}

void GeneratorService::publish()
{
    const LoadSnapshot snapshot = d->runner->takeSnapshot();
    if (!snapshot.changed.empty())
        Q_EMIT rowsCommitted(snapshot.changed);
    Q_EMIT statsChanged(snapshot.stats);
}

/// Answers are missing: the server hangs. Verifying many rows may take longer, and goes on.
void GeneratorService::breakOff()
{
    if (d->runner && d->runner->isWriting())
        d->runner->abort();
}

void GeneratorService::finish()
{
    if (!d->runner)
        return;
    d->timer.stop();
    d->patience.stop();
    const LoadSnapshot last = d->runner->takeSnapshot();
    const LoadReport report = d->runner->report();
    d->runner.reset();
    if (!last.changed.empty())
        Q_EMIT rowsCommitted(last.changed);
    Q_EMIT statsChanged(report.stats);
    Q_EMIT finished(report);
    Q_EMIT runningChanged(false);
}

} // namespace throughline
