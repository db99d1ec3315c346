// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/sandboxcommand.h"

#include "cli/exitcodes.h"

#include <QDir>
#include <QProcessEnvironment>
#include <QSaveFile>

#include <csignal>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int commandNotFound = 127; // what a shell answers

} // namespace

SandboxCommand::SandboxCommand()
    : Command({u"sandbox"_s, tr("start private servers, for a command or until Ctrl+C"), u"[--tcp] [-- COMMAND...]"_s,
               u"throughlinectl sandbox -- sh -c 'psql \"$THROUGHLINE_PG\" -c \"TABLE users\"'"_s})
{
}

void SandboxCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"tcp"_s, tr("Listen on loopback ports as well.")});
}

QString SandboxCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    m_tcp = parser.isSet(u"tcp"_s);
    m_command = arguments;
    return {};
}

SessionOptions SandboxCommand::sessionOptions() const
{
    SessionOptions options;
    options.tcp = m_tcp;
    options.forcesSandbox = true;
    return options;
}

/// What other programs read with --config or THROUGHLINE_CONFIG; only the account itself may read it.
QString SandboxCommand::writeConfiguration(const Session &session)
{
    if (!session.config().file.value.isEmpty())
        return session.config().file.value;
    const QString path = QDir(session.dataDirectory()).filePath(u"throughline.ini"_s);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.write("[postgres]\nconninfo = " + session.sandboxEndpoints().conninfo.toUtf8() +
               "\n[redis]\nurl = " + session.sandboxEndpoints().redisUrl.toUtf8() + "\n");
    return file.commit() ? path : QString();
}

void SandboxCommand::announce(const Session &session, Console &console) const
{
    const SandboxEndpoints endpoints = session.sandboxEndpoints();
    if (console.wantsJson()) {
        console.json({{u"postgres"_s, endpoints.conninfo},
                      {u"redis"_s, endpoints.redisUrl},
                      {u"postgres_tcp"_s, endpoints.tcpConninfo},
                      {u"redis_tcp"_s, endpoints.tcpRedisUrl},
                      {u"data"_s, session.dataDirectory()}});
        return;
    }
    console.line("PostgreSQL  "_L1 + endpoints.conninfo);
    console.line("Redis       "_L1 + endpoints.redisUrl);
    if (!endpoints.tcpConninfo.isEmpty()) {
        console.line("PostgreSQL  "_L1 + endpoints.tcpConninfo);
        console.line("Redis       "_L1 + endpoints.tcpRedisUrl);
    }
    console.message(session.ownsSandbox()
                        ? tr("The servers run until Ctrl+C.")
                        : tr("Another program owns these servers; they run until it ends. Ctrl+C leaves them alone."));
}

void SandboxCommand::run(Session &session, Console &console)
{
    if (m_command.isEmpty()) {
        announce(session, console);
        connect(&session, &Session::sandboxOwnerEnded, this, [this, &console] {
            console.message(
                tr("The program that owned the servers has ended, and the servers with it. Run \"throughlinectl "
                   "sandbox\" again to start them."));
            Q_EMIT finished(exitcode::unavailable);
        });
        return;
    }
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"THROUGHLINE_PG"_s, session.sandboxEndpoints().conninfo);
    environment.insert(u"THROUGHLINE_REDIS"_s, session.sandboxEndpoints().redisUrl);
    environment.insert(u"THROUGHLINE_CONFIG"_s, writeConfiguration(session));
    environment.insert(u"THROUGHLINE_DATA"_s, session.dataDirectory());
    m_process.setProcessEnvironment(environment);
    m_process.setInputChannelMode(QProcess::ForwardedInputChannel);
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    connect(&m_process, &QProcess::errorOccurred, this, [this, &console](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart)
            return;
        console.message(tr("%1 cannot be started: %2.").arg(m_command.front(), m_process.errorString()));
        Q_EMIT finished(commandNotFound);
    });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        // QProcess gives the number of the signal as the code of a crash.
        Q_EMIT finished(status == QProcess::CrashExit ? exitcode::signalBase + code : code);
    });
    m_process.start(m_command.front(), m_command.mid(1));
}

void SandboxCommand::interrupted(int signal)
{
    // Ctrl+C reaches the command as well, which decides when to end; a SIGTERM only to us is passed on.
    if (m_process.state() == QProcess::NotRunning)
        Command::interrupted(signal);
    else if (signal == SIGTERM)
        m_process.terminate();
}

} // namespace throughline::cli
