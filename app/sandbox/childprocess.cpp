// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/childprocess.h"

#include <QProcessEnvironment>

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int lastResortMs = 5000;

// Ours are complete on the command line; PGPORT and the like of the caller would change them.
QProcessEnvironment childEnvironment()
{
    QProcessEnvironment env = QProcessEnvironment::systemEnvironment();
    const QStringList names = env.keys();
    for (const QString &name : names) {
        if (name.startsWith("PG"_L1) || name.startsWith("LC_"_L1) || name == "LANGUAGE"_L1)
            env.remove(name);
    }
    env.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    return env;
}

// Gives up all of root's rights but one, in a way that outlives setuid() and exec().
bool keepPassingDirectories()
{
    constexpr unsigned right = 1U << CAP_DAC_READ_SEARCH;
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct sets[2] = {{right, right, right}, {0, 0, 0}};
    return syscall(SYS_capset, &header, sets) == 0 &&
           prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0) == 0;
}

bool changeTo(const ServiceAccount &account)
{
    if (account.passClosedDirectories && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
        return false;
    if (setgroups(0, nullptr) != 0 || setgid(account.gid) != 0 || setuid(account.uid) != 0)
        return false;
    return !account.passClosedDirectories || keepPassingDirectories();
}

// Runs between fork and exec: async-signal-safe calls only.
void becomeServer(const ServiceAccount &account, int deathSignal, pid_t parent)
{
    // Away from the terminal, so that Ctrl-C does not reach the servers before us.
    setsid();
    umask(077);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGHUP})
        ::signal(signal, SIG_DFL);
    if (account.switchTo && !changeTo(account))
        _exit(126);
    // After setuid, which clears it.
    prctl(PR_SET_PDEATHSIG, deathSignal);
    if (getppid() != parent)
        _exit(126);
}

} // namespace

ChildProcess::ChildProcess(const ServiceAccount &account, QObject *parent)
    : QObject(parent)
    , m_account(account)
{
    // The caller's directory may be closed to the account.
    m_process.setWorkingDirectory(u"/"_s);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    connect(&m_process, &QProcess::finished, this, &ChildProcess::onFinished);
    connect(&m_process, &QProcess::errorOccurred, this, &ChildProcess::onError);
}

ChildProcess::~ChildProcess()
{
    m_process.disconnect(this);
    send(m_deathSignal);
    if (isRunning() && !m_process.waitForFinished(lastResortMs))
        send(SIGKILL);
}

void ChildProcess::start(const ChildCommand &command)
{
    m_deathSignal = command.deathSignal;
    m_process.setProcessEnvironment(childEnvironment());
    m_process.setStandardOutputFile(command.logFile, QIODevice::Append);
    const pid_t self = getpid();
    m_process.setChildProcessModifier(
        [account = m_account, signal = m_deathSignal, self] { becomeServer(account, signal, self); });
    m_process.start(command.program, command.arguments, QIODevice::ReadOnly);
}

void ChildProcess::send(int signal)
{
    // Process id 0 would be our own process group.
    if (const auto pid = static_cast<pid_t>(m_process.processId()); pid > 0)
        kill(pid, signal);
}

bool ChildProcess::isRunning() const
{
    return m_process.state() != QProcess::NotRunning;
}

qint64 ChildProcess::processId() const
{
    return m_process.processId();
}

void ChildProcess::onFinished(int code, QProcess::ExitStatus status)
{
    if (status == QProcess::CrashExit)
        Q_EMIT ended(tr("it was ended by signal %1").arg(code));
    else if (code == 126)
        Q_EMIT ended(tr("the account %1 cannot be switched to").arg(m_account.name));
    else
        Q_EMIT ended(code == 0 ? QString() : tr("it ended with exit code %1").arg(code));
}

void ChildProcess::onError(QProcess::ProcessError error)
{
    // Every other error is followed by finished().
    if (error == QProcess::FailedToStart)
        Q_EMIT ended(m_process.errorString());
}

} // namespace throughline

#include "moc_childprocess.cpp"
