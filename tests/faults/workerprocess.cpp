// SPDX-License-Identifier: GPL-3.0-or-later
#include "workerprocess.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace throughline::faults {

using namespace Qt::StringLiterals;

WorkerProcess::WorkerProcess(QString program, QByteArray name, QStringList arguments)
    : m_program(std::move(program))
    , m_name(std::move(name))
    , m_arguments(std::move(arguments))
{
}

WorkerProcess::~WorkerProcess()
{
    signal(SIGKILL);
    if (m_pid > 0)
        waitpid(m_pid, nullptr, 0);
    closePipes();
}

bool WorkerProcess::start()
{
    closePipes();
    clearAnswers();
    m_text.clear();
    const QByteArray process = m_name + '.' + QByteArray::number(++m_incarnation);
    QByteArrayList words{m_program.toUtf8(), "--process", process};
    for (const QString &argument : std::as_const(m_arguments))
        words << argument.toUtf8();
    std::vector<char *> argv;
    for (QByteArray &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    std::array<int, 2> orders{};
    std::array<int, 2> answers{};
    if (pipe2(orders.data(), O_CLOEXEC) != 0 || pipe2(answers.data(), O_CLOEXEC) != 0)
        return false;
    const pid_t parent = getpid();
    m_pid = fork();
    if (m_pid == 0) {
        // Async-signal-safe calls only.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(orders[0], STDIN_FILENO);
        dup2(answers[1], STDOUT_FILENO);
        if (getppid() == parent)
            execv(argv[0], argv.data());
        _exit(127);
    }
    close(orders[0]);
    close(answers[1]);
    m_orders = orders[1];
    m_answers = answers[0];
    fcntl(m_answers, F_SETFL, O_NONBLOCK);
    m_state = m_pid > 0 ? State::Running : State::Dead;
    return m_pid > 0;
}

void WorkerProcess::order(const QByteArray &line)
{
    const QByteArray text = line + '\n';
    [[maybe_unused]] const ssize_t written = write(m_orders, text.constData(), static_cast<size_t>(text.size()));
}

void WorkerProcess::signal(int number)
{
    if (m_pid > 0)
        kill(m_pid, number);
}

WorkerProcess::State WorkerProcess::look()
{
    int status = 0;
    while (m_pid > 0 && waitpid(m_pid, &status, WNOHANG | WUNTRACED | WCONTINUED) == m_pid) {
        if (WIFSTOPPED(status)) {
            m_state = State::Stopped;
        } else if (WIFCONTINUED(status)) {
            m_state = State::Running;
        } else {
            m_state = State::Dead;
            m_pid = -1;
            if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
                m_crash = u"%1.%2 ended by itself: %3"_s.arg(QString::fromUtf8(m_name), QString::number(m_incarnation),
                                                             WIFSIGNALED(status)
                                                                 ? u"signal %1"_s.arg(WTERMSIG(status))
                                                                 : u"exit code %1"_s.arg(WEXITSTATUS(status)));
        }
    }
    return m_state;
}

bool WorkerProcess::hasAnswered(const QByteArray &line)
{
    readAnswers();
    return m_answered.contains(line);
}

void WorkerProcess::clearAnswers()
{
    readAnswers();
    m_answered.clear();
}

void WorkerProcess::readAnswers()
{
    std::array<char, 4096> buffer{};
    for (;;) {
        const ssize_t got = m_answers < 0 ? 0 : read(m_answers, buffer.data(), buffer.size());
        if (got <= 0)
            break;
        m_text.append(buffer.data(), got);
    }
    for (qsizetype end = m_text.indexOf('\n'); end >= 0; end = m_text.indexOf('\n')) {
        m_answered << m_text.left(end);
        m_text.remove(0, end + 1);
    }
}

void WorkerProcess::closePipes()
{
    for (int *fd : {&m_orders, &m_answers}) {
        if (*fd >= 0)
            close(*fd);
        *fd = -1;
    }
}

} // namespace throughline::faults
