// SPDX-License-Identifier: GPL-3.0-or-later
#include "faulthook.h"
#include "role.h"
#include "trap.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <array>
#include <csignal>
#include <poll.h>
#include <unistd.h>

using namespace throughline;
using namespace throughline::faults;
using namespace Qt::StringLiterals;

namespace {

/// The controller's orders, a line each on stdin, and our answers on stdout.
class Orders final
{
public:
    /// The next line, after at most so long; empty without one.
    [[nodiscard]] QByteArray next(milliseconds atMost)
    {
        if (const auto line = takeLine(); !line.isEmpty())
            return line;
        pollfd wait{STDIN_FILENO, POLLIN, 0};
        if (poll(&wait, 1, static_cast<int>(atMost.count())) > 0) {
            std::array<char, 4096> buffer{};
            const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
            m_ended = got <= 0;
            if (got > 0)
                m_text.append(buffer.data(), got);
        }
        return takeLine();
    }
    static void answer(const QByteArray &text)
    {
        const QByteArray line = text + '\n';
        [[maybe_unused]] const ssize_t written =
            write(STDOUT_FILENO, line.constData(), static_cast<size_t>(line.size()));
    }
    [[nodiscard]] bool ended() const noexcept { return m_ended; }

private:
    [[nodiscard]] QByteArray takeLine()
    {
        const qsizetype end = m_text.indexOf('\n');
        if (end < 0)
            return {};
        const QByteArray line = m_text.left(end);
        m_text.remove(0, end + 1);
        return line;
    }

    QByteArray m_text;
    bool m_ended = false;
};

std::unique_ptr<Role> makeRole(const WorkerOptions &options, const Recorder &recorder)
{
    if (options.role == "app")
        return makeAppRole(options, recorder);
    if (options.role == "gateway")
        return makeGatewayRole(options);
    if (options.role == "psql")
        return makePsqlRole(options, recorder);
    if (options.role == "legacy")
        return makeLegacyRole(options, recorder);
    if (options.role == "staged")
        return makeStagedRole(options, recorder);
    if (options.role == "own")
        return makeOwnReaderRole(options, recorder);
    return makeBreakerRole(options);
}

class Worker final
{
public:
    Worker(Role &role, Trap &trap)
        : m_role(role)
        , m_trap(trap)
    {
    }

    void run()
    {
        Orders::answer("ready");
        while (!m_orders.ended()) {
            const QByteArray order = m_orders.next(m_running ? m_role.pace() : milliseconds(10));
            if (!order.isEmpty())
                obey(order);
            else if (m_running)
                m_role.step();
            else
                m_role.rest();
        }
    }

private:
    // run | pause | disarm | kill POINT N | stop POINT N | do WHAT
    void obey(const QByteArray &order)
    {
        const QByteArrayList words = order.split(' ');
        if (words[0] == "run" || words[0] == "pause") {
            m_running = words[0] == "run";
            if (!m_running)
                m_role.rest();
            Orders::answer(order);
        } else if (words[0] == "do") {
            Orders::answer(m_role.perform(words.value(1)) ? "done" : "failed");
        } else if (words[0] == "disarm") {
            m_trap.disarm();
        } else if (const auto point = faultPointNamed(words.value(1))) {
            m_trap.arm(*point, words[0] == "kill" ? SIGKILL : SIGSTOP, words.value(2).toInt());
        }
    }

    Role &m_role;
    Trap &m_trap;
    Orders m_orders;
    bool m_running = false;
};

WorkerOptions parse(const QCoreApplication &app, std::optional<Mutation> &mutation)
{
    QCommandLineParser parser;
    const QStringList names{u"role"_s,     u"process"_s,     u"history"_s, u"pg"_s,      u"redis"_s,
                            u"plain-pg"_s, u"plain-redis"_s, u"seed"_s,    u"mutation"_s};
    for (const QString &name : names)
        parser.addOption({name, {}, u"value"_s});
    parser.process(app);
    mutation = mutationNamed(parser.value(u"mutation"_s).toUtf8());
    return {parser.value(u"role"_s).toUtf8(),
            parser.value(u"process"_s).toUtf8(),
            parser.value(u"history"_s),
            parser.value(u"pg"_s),
            parser.value(u"redis"_s),
            parser.value(u"plain-pg"_s),
            parser.value(u"plain-redis"_s).toUtf8(),
            parser.value(u"seed"_s).toULongLong()};
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    std::optional<Mutation> mutation;
    const WorkerOptions options = parse(app, mutation);
    Trap trap;
    setMutation(mutation);
    setFaultHook([&](FaultPoint point) { trap.passed(point); });
    const Recorder recorder(options.history, options.process);
    const auto role = makeRole(options, recorder);
    Worker(*role, trap).run();
    return 0;
}
