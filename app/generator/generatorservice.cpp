// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/generatorservice.h"

#include "engine/enginesettings.h"
#include "generator/loadrunner.h"

#include <QTimer>

#include <optional>

namespace throughline {

namespace {

constexpr milliseconds snapshotInterval{100};

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
    std::unique_ptr<LoadRunner> runner;
};

GeneratorService::GeneratorService(Mapping mapping, const EngineSettings &settings, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(std::move(mapping), settings))
{
    d->timer.setInterval(snapshotInterval);
    connect(&d->timer, &QTimer::timeout, this, &GeneratorService::publish);
}

GeneratorService::~GeneratorService() = default;

void GeneratorService::start(const LoadSettings &settings)
{
    if (d->runner)
        return;
    d->runner = std::make_unique<LoadRunner>(d->mapping, d->settings, settings, [this] {
        QMetaObject::invokeMethod(this, "finish", Qt::QueuedConnection); // by name: see StoreService
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
    if (d->runner)
        d->runner->stop();
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

void GeneratorService::finish()
{
    if (!d->runner)
        return;
    d->timer.stop();
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
