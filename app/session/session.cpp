// SPDX-License-Identifier: GPL-3.0-or-later
#include "session/session.h"

#include "config/safety.h"
#include "sandbox/sandbox.h"
#include "session/tableopener.h"
#include "stores/postgres/pgconninfo.h"

#include <QCoreApplication>
#include <QProcessEnvironment>

#include <mutex>
#include <thread>
#include <unistd.h>

namespace throughline {

using namespace Qt::StringLiterals;

/// The opener's thread leaves its answer here and wakes the session with a call that carries nothing.
class Session::Private final
{
public:
    explicit Private(AppConfig appConfig)
        : config(std::move(appConfig))
    {
    }

    ~Private() { join(); }

    void join()
    {
        if (opener)
            opener->abort();
        if (thread.joinable())
            thread.join();
        opener.reset();
    }

    AppConfig config;
    SessionOptions options;
    std::unique_ptr<Sandbox> sandbox;
    EngineSettings settings;
    std::vector<Mapping> mappings{Mapping()};
    Agreement agreement = Agreement::Ask;
    std::unique_ptr<TableOpener> opener;
    std::thread thread;
    std::mutex mutex; ///< guards answer
    std::optional<Result<OpenedTables>> answer;
};

Session::Session(AppConfig config, SessionOptions options, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(std::move(config)))
{
    d->options = std::move(options);
    d->settings.applicationName = QCoreApplication::applicationName();
}

Session::~Session() = default;

void Session::open()
{
    d->join();
    if (!usesSandbox()) {
        d->settings.conninfo = d->config.conninfo.value;
        d->settings.redis = d->config.redis;
        d->agreement = d->options.agreeToPrepare ? Agreement::Prepare : Agreement::Ask;
        startOpener();
        return;
    }
    if (!d->sandbox)
        makeSandbox();
    d->sandbox->start();
}

void Session::makeSandbox()
{
    SandboxOptions options;
    options.dataDir =
        SandboxPaths::defaultDataDir(d->config.dataDir.value, QProcessEnvironment::systemEnvironment(), geteuid() == 0);
    options.tcp = d->options.tcp;
    d->sandbox = std::make_unique<Sandbox>(options);
    connect(d->sandbox.get(), &Sandbox::progress, this, &Session::progress);
    connect(d->sandbox.get(), &Sandbox::failed, this, &Session::failed);
    connect(d->sandbox.get(), &Sandbox::stopped, this, &Session::closed);
    connect(d->sandbox.get(), &Sandbox::ownerEnded, this, &Session::sandboxOwnerEnded);
    connect(d->sandbox.get(), &Sandbox::serverDied, this, &Session::serverDied);
    connect(d->sandbox.get(), &Sandbox::started, this, [this] {
        const SandboxEndpoints endpoints = d->sandbox->endpoints();
        const auto url = RedisUrl::parse(endpoints.redisUrl);
        if (!url) {
            Q_EMIT failed(url.error());
            return;
        }
        d->settings.conninfo = endpoints.conninfo;
        d->settings.redis = *url;
        d->agreement = Agreement::Sandbox;
        startOpener();
    });
}

void Session::agreeToPrepare()
{
    d->agreement = Agreement::Prepare;
    startOpener();
}

void Session::startOpener()
{
    d->join();
    // The private servers agree by themselves, so their table is made ready for every command.
    if (!d->options.opensTable && d->agreement != Agreement::Sandbox) {
        QMetaObject::invokeMethod(this, &Session::ready, Qt::QueuedConnection);
        return;
    }
    Q_EMIT progress(tr("Connecting to PostgreSQL and Redis"));
    auto mappings = d->config.mappings;
    if (!d->options.opensAllTables)
        mappings.erase(mappings.begin() + 1, mappings.end());
    d->opener = std::make_unique<TableOpener>(d->settings, std::move(mappings));
    d->thread = std::thread([this, opener = d->opener.get(), agreement = d->agreement] {
        auto answer = opener->open(agreement);
        {
            const std::lock_guard lock(d->mutex);
            d->answer = std::move(answer);
        }
        QMetaObject::invokeMethod(this, "takeAnswer", Qt::QueuedConnection); // by name: see StoreService
    });
}

void Session::takeAnswer()
{
    std::optional<Result<OpenedTables>> answer;
    {
        const std::lock_guard lock(d->mutex);
        answer.swap(d->answer);
    }
    if (!answer) // a later open() has taken it, or will
        return;
    d->join();
    if (!answer->has_value()) {
        Q_EMIT failed(answer->error());
        return;
    }
    const TableSet &tables = (*answer)->tables;
    d->mappings = tables.mappings();
    d->settings.stateDirectory = (*answer)->stateDirectory;
    d->settings.keepsUp = environment() != Environment::ReadOnly;
    d->settings.addsKeyspaceEvents = d->config.keyspaceEvents == KeyspaceEvents::Add;
    if ((*answer)->ready) {
        Q_EMIT ready();
        return;
    }
    PreparationQuestion question;
    question.table = tables.unpreparedNames().join(", "_L1);
    question.database = connectionName();
    question.sql = PgSchema::prepareAllSql(tables.unprepared());
    question.missingRights = tables.missingRights();
    Q_EMIT preparationNeeded(question);
}

void Session::close()
{
    d->join();
    if (d->sandbox)
        d->sandbox->stop();
    else
        QMetaObject::invokeMethod(this, &Session::closed, Qt::QueuedConnection);
}

const Mapping &Session::mapping() const noexcept
{
    return d->mappings.front();
}

const std::vector<Mapping> &Session::mappings() const noexcept
{
    return d->mappings;
}

const EngineSettings &Session::engineSettings() const noexcept
{
    return d->settings;
}

Environment Session::environment() const noexcept
{
    if (usesSandbox())
        return d->config.environment.value_or(Environment::Development);
    return environmentFor(d->settings.conninfo, d->settings.redis, d->config.environment);
}

bool Session::usesSandbox() const noexcept
{
    return d->options.forcesSandbox || d->config.usesSandbox();
}

bool Session::ownsSandbox() const noexcept
{
    return d->sandbox && d->sandbox->ownsServers();
}

SandboxEndpoints Session::sandboxEndpoints() const
{
    return d->sandbox ? d->sandbox->endpoints() : SandboxEndpoints();
}

QString Session::connectionName() const
{
    return usesSandbox() ? tr("Sandbox") : describeConninfo(d->settings.conninfo);
}

QString Session::dataDirectory() const
{
    return d->sandbox ? d->sandbox->paths().dataDir : QString();
}

const AppConfig &Session::config() const noexcept
{
    return d->config;
}

} // namespace throughline
