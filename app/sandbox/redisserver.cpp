// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/redisserver.h"

#include <QFile>
#include <QSaveFile>

#include <unistd.h>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

QByteArray quoted(const QString &path)
{
    QByteArray escaped = QFile::encodeName(path);
    escaped.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
    return '"' + escaped + '"';
}

} // namespace

RedisServer::RedisServer(Options options, const ServiceAccount &account, ServerTimes times, QObject *parent)
    : PrivateServer(account, times, parent)
    , m_options(std::move(options))
{
}

QString RedisServer::url() const
{
    const QString user =
        m_options.password.isEmpty() ? QString() : u":%1@"_s.arg(QLatin1StringView(m_options.password));
    return "unix://"_L1 + user + m_options.paths.redisSocket();
}

QString RedisServer::tcpUrl() const
{
    if (m_options.tcpPort == 0)
        return {};
    return u"redis://:%1@127.0.0.1:%2"_s.arg(QLatin1StringView(m_options.password)).arg(m_options.tcpPort);
}

QString RedisServer::name() const
{
    return u"Redis"_s;
}

Predecessor RedisServer::predecessor() const
{
    return {m_options.paths.redisPidFile, m_options.paths.redisConfig, {m_options.paths.redisSocket()}};
}

void RedisServer::prepare()
{
    if (writeConfiguration())
        prepared();
    else
        fail(tr("its configuration %1 cannot be written").arg(m_options.paths.redisConfig));
}

ChildCommand RedisServer::command() const
{
    return {m_options.binary, {m_options.paths.redisConfig}, m_options.paths.logDir + "/redis.log"_L1, SIGTERM};
}

PrivateServer::Probe RedisServer::probe()
{
    if (!m_probe)
        m_probe.emplace(QFile::encodeName(m_options.paths.redisSocket()), m_options.password);
    return m_probe->look() ? Probe::Ready : Probe::Waiting;
}

QByteArray RedisServer::configuration() const
{
    const SandboxPaths &paths = m_options.paths;
    QByteArray text = "port " + QByteArray::number(m_options.tcpPort) + '\n';
    if (m_options.tcpPort != 0)
        text += "bind 127.0.0.1\n";
    if (!m_options.password.isEmpty())
        text += "requirepass " + m_options.password + '\n';
    text += "unixsocket " + quoted(paths.redisSocket()) + "\nunixsocketperm 700\n";
    text += "dir " + quoted(paths.redisData) + "\npidfile " + quoted(paths.redisPidFile) + '\n';
    text += "daemonize no\nappendonly yes\nappendfsync everysec\nsave \"\"\nmaxmemory-policy noeviction\n"
            "notify-keyspace-events Kh\n";
    // The command line tells a later program whose server this is; a crash report would hold the last command.
    text += "set-proc-title no\ncrash-log-enabled no\n";
    return text;
}

// A file and not options: a password would be visible to everybody in the list of processes.
bool RedisServer::writeConfiguration() const
{
    QSaveFile file(m_options.paths.redisConfig);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        return false;
    if (account().switchTo && fchown(file.handle(), account().uid, account().gid) != 0)
        return false;
    file.write(configuration());
    return file.commit();
}

} // namespace throughline

#include "moc_redisserver.cpp"
