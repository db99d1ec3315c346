// SPDX-License-Identifier: GPL-3.0-or-later
// What staged writes cost beside direct edits, on servers of its own: one client that waits for each answer against a
// direct edit of the engine, in turns; and 64 clients that each wait for theirs.
// Usage: stagedbench [SECONDS [ROUNDS [LANES]]]; one JSON object on stdout.
#include "engine/latencyhistogram.h"
#include "engine/stagedworker.h"
#include "engine/writethrough.h"
#include "usersfixture.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTextStream>

#include <hiredis/hiredis.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>

using namespace throughline;
using namespace std::chrono_literals;

namespace {

constexpr int users = 10'000;

/// A client that stages one write after the other and waits for each answer.
class Client final
{
public:
    explicit Client(const QByteArray &socket)
        : m_redis(redisConnectUnix(socket.constData()), &redisFree)
    {
        m_redis->flags &= ~REDIS_BLOCK;
    }

    [[nodiscard]] int descriptor() const { return m_redis->fd; }

    void stage(std::mt19937_64 &random)
    {
        m_start = Clock::now();
        const QByteArray key = QByteArray::number(std::uniform_int_distribution(1, users)(random));
        const QByteArray uuid = QByteArray::number(static_cast<qulonglong>(random()), 16);
        const QByteArray score = QByteArray::number(std::uniform_int_distribution(1000, 999'999)(random));
        redisAppendCommand(m_redis.get(), "HSET __{users:%s} score %s # =%s", key.constData(), score.constData(),
                           uuid.constData());
        redisAppendCommand(m_redis.get(), "XREAD BLOCK 10000 STREAMS {users:%s}%s 0-0", key.constData(),
                           uuid.constData());
        m_replies = 0;
        int done = 0;
        while (!done && redisBufferWrite(m_redis.get(), &done) == REDIS_OK) {
        }
    }

    /// Reads what is there; true when the answer was among it.
    [[nodiscard]] bool read(LatencyHistogram &latency, qint64 &failures)
    {
        redisBufferRead(m_redis.get());
        void *reply = nullptr;
        while (redisGetReplyFromReader(m_redis.get(), &reply) == REDIS_OK && reply) {
            const bool isAnswer = static_cast<redisReply *>(reply)->type == REDIS_REPLY_ARRAY;
            freeReplyObject(reply);
            if (++m_replies < 2)
                continue;
            isAnswer ? latency.record(Clock::now() - m_start) : void(++failures); // merged with another's, or too late
            return true;
        }
        return false;
    }

private:
    std::unique_ptr<redisContext, decltype(&redisFree)> m_redis;
    Instant m_start{};
    int m_replies = 0;
};

/// CPU of this process and all below it, in s: clients, gateway and both servers.
double cpuSeconds()
{
    QHash<qint64, std::pair<qint64, double>> processes; // pid -> parent, ticks
    for (const QString &name : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile file(QStringLiteral("/proc/") + name + QStringLiteral("/stat"));
        if (!name.front().isDigit() || !file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray text = file.readAll();
        const QList<QByteArray> words = text.mid(text.lastIndexOf(')') + 2).split(' '); // from the state on
        processes.insert(name.toLongLong(),
                         {words.value(1).toLongLong(), words.value(11).toDouble() + words.value(12).toDouble()});
    }
    double ticks = 0;
    for (auto process = processes.begin(); process != processes.end(); ++process) {
        qint64 pid = process.key();
        while (pid > 1 && pid != QCoreApplication::applicationPid())
            pid = processes.value(pid).first;
        if (pid > 1)
            ticks += process->second;
    }
    return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct Figures
{
    LatencyHistogram latency;
    qint64 failures = 0;
    double seconds = 0;
    double cpu = 0; ///< s, of everybody
};

Figures stageFor(const QByteArray &socket, size_t clients, milliseconds time)
{
    std::mt19937_64 random(std::random_device{}()); // an id that was used before has its answer already
    std::vector<std::unique_ptr<Client>> all;
    std::vector<pollfd> polls;
    for (size_t i = 0; i < clients; ++i) {
        all.push_back(std::make_unique<Client>(socket));
        polls.push_back({all.back()->descriptor(), POLLIN, 0});
        all.back()->stage(random);
    }
    Figures figures;
    const double cpuBefore = cpuSeconds();
    const Instant start = Clock::now();
    while (Clock::now() < start + time) {
        poll(polls.data(), polls.size(), 100);
        for (size_t i = 0; i < clients; ++i) {
            if (polls[i].revents != 0 && all[i]->read(figures.latency, figures.failures))
                all[i]->stage(random);
        }
    }
    figures.cpu = cpuSeconds() - cpuBefore;
    figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return figures;
}

Figures editFor(const UsersFixture &fixture, milliseconds time)
{
    WriteThrough engine(fixture.mapping, fixture.settings, nullptr);
    std::mt19937_64 random(7);
    std::vector<RowVersion> versions(users + 1);
    Figures figures;
    const Instant start = Clock::now();
    while (Clock::now() < start + time) {
        const int key = std::uniform_int_distribution(1, users)(random);
        Edit edit;
        edit.op = OpId::create();
        edit.key = {QByteArray::number(key)};
        if (engine.postgres().ensure()) {
            if (const auto row = engine.postgres().rows().row(edit.key, Clock::now() + 5s); row && *row)
                edit.base = (*row)->version;
        }
        edit.changes = {{fieldOf(fixture.mapping, "score"), QByteArray::number(key)}};
        const Instant sent = Clock::now();
        if (engine.write(std::move(edit)).verdict == Verdict::Committed)
            figures.latency.record(Clock::now() - sent);
        else
            ++figures.failures;
        if (engine.needsUpkeep() && figures.latency.count() % 500 == 0)
            std::ignore = engine.upkeep();
    }
    figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return figures;
}

double milliseconds50(const Figures &figures)
{
    return std::chrono::duration<double, std::milli>(figures.latency.percentile(50)).count();
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const auto time = milliseconds(static_cast<qint64>(arguments.value(1, QStringLiteral("2")).toDouble() * 1000));
    const int rounds = arguments.value(2, QStringLiteral("5")).toInt();
    TestServers servers;
    if (!servers.start())
        qFatal("%s", qPrintable(servers.error()));
    const UsersFixture fixture = UsersFixture::make(servers, users);
    if (!fixture.error.isEmpty())
        qFatal("%s", qPrintable(fixture.error));
    const StagedWorker gateway({fixture.mapping}, fixture.settings,
                               arguments.value(3, QStringLiteral("3")).toULongLong(),
                               [](StagedReport, std::vector<StagedEvent>) {});
    const QByteArray socket = servers.redisSocket().toLocal8Bit();

    std::vector<double> ratios, rates, one, direct, cpu;
    qint64 failures = 0;
    for (int round = 0; round < rounds; ++round) {
        const Figures edited = editFor(fixture, time);
        const Figures staged = stageFor(socket, 1, time);
        const Figures many = stageFor(socket, 64, time);
        direct.push_back(milliseconds50(edited));
        one.push_back(milliseconds50(staged));
        ratios.push_back(one.back() / direct.back());
        rates.push_back(static_cast<double>(many.latency.count()) / many.seconds);
        cpu.push_back(many.cpu * 1e6 / static_cast<double>(many.latency.count()));
        failures += edited.failures + staged.failures + many.failures;
    }
    QTextStream(stdout) << QJsonDocument(QJsonObject{{QStringLiteral("direct_p50_ms"), median(direct)},
                                                     {QStringLiteral("staged_p50_ms"), median(one)},
                                                     {QStringLiteral("staged_to_direct"), median(ratios)},
                                                     {QStringLiteral("clients_64_per_s"), median(rates)},
                                                     {QStringLiteral("clients_64_cpu_us"), median(cpu)},
                                                     {QStringLiteral("failures"), failures}})
                               .toJson(QJsonDocument::Compact)
                        << '\n';
    return 0;
}
