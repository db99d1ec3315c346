// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QStringList>

#include <optional>
#include <sys/types.h>

namespace throughline::faults {

/// One faultworker as the controller sees it: may be killed, stopped and started again. It ends with the thread that
/// started it. Belongs to the main thread.
class WorkerProcess final
{
public:
    enum class State { Running, Stopped, Dead };

    /// `arguments` are those of every incarnation; the process name is added.
    WorkerProcess(QString program, QByteArray name, QStringList arguments);
    ~WorkerProcess();
    WorkerProcess(const WorkerProcess &) = delete;
    WorkerProcess &operator=(const WorkerProcess &) = delete;

    [[nodiscard]] bool start();
    void order(const QByteArray &line);
    void signal(int number);
    /// What has become of it since.
    State look();
    /// Whether it has answered so since the last start or clearAnswers().
    [[nodiscard]] bool hasAnswered(const QByteArray &line);
    void clearAnswers();

    [[nodiscard]] const QByteArray &name() const noexcept { return m_name; }
    [[nodiscard]] pid_t pid() const noexcept { return m_pid; }
    /// How it ended, when that was not by SIGKILL: then it is a fault of the program.
    [[nodiscard]] std::optional<QString> crash() const { return m_crash; }

private:
    void readAnswers();
    void closePipes();

    QString m_program;
    QByteArray m_name;
    QStringList m_arguments;
    int m_incarnation = 0;
    pid_t m_pid = -1;
    int m_orders = -1;
    int m_answers = -1;
    QByteArray m_text;
    QByteArrayList m_answered;
    State m_state = State::Dead;
    std::optional<QString> m_crash;
};

} // namespace throughline::faults
