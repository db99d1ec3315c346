// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/generatorservice.h"

#include "config/safety.h"
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
    explicit Private(LoadTarget where)
        : target(std::move(where))
    {
    }

    LoadTarget target;
    bool collectsRows = false;
    QTimer timer;
    std::unique_ptr<LoadRunner> runner;
};

GeneratorService::GeneratorService(Mapping mapping, const EngineSettings &settings, QObject *parent)
    : GeneratorService({std::move(mapping), settings, environmentFor(settings.conninfo, settings.redis, std::nullopt)},
                       parent)
{
}

GeneratorService::GeneratorService(LoadTarget target, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(std::move(target)))
{
    d->timer.setInterval(snapshotInterval);
    connect(&d->timer, &QTimer::timeout, this, &GeneratorService::publish);
}

GeneratorService::~GeneratorService() = default;

void GeneratorService::start(const LoadSettings &settings)
{
    if (d->runner)
        return;
    d->runner = std::make_unique<LoadRunner>(d->target, settings, [this] {
        QMetaObject::invokeMethod(this, "finish", Qt::QueuedConnection); // by name: see StoreService
    });
    d->runner->setCollectsRows(d->collectsRows);
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

void GeneratorService::setCollectsRows(bool collects)
{
    d->collectsRows = collects;
    if (d->runner)
        d->runner->setCollectsRows(collects);
}

void GeneratorService::publish()
{
    const LoadSnapshot snapshot = d->runner->takeSnapshot();
    show(snapshot);
    Q_EMIT statsChanged(snapshot.stats);
}

void GeneratorService::show(const LoadSnapshot &snapshot)
{
    if (!snapshot.changed.empty())
        Q_EMIT rowsCommitted(snapshot.changed);
    if (snapshot.rowsSkipped)
        Q_EMIT rowsSkipped();
    for (const LoadSample &sample : snapshot.samples)
        Q_EMIT sampled(sample);
}

void GeneratorService::finish()
{
    if (!d->runner)
        return;
    d->timer.stop();
    const LoadSnapshot last = d->runner->takeSnapshot();
    const LoadReport report = d->runner->report();
    d->runner.reset();
    show(last);
    Q_EMIT statsChanged(report.stats);
    Q_EMIT finished(report);
    Q_EMIT runningChanged(false);
}

} // namespace throughline
