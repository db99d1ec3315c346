// SPDX-License-Identifier: GPL-3.0-or-later
// What staged writes cost beside direct edits: one client that waits for each answer, after as many direct edits of the
// engine; and 64 clients that each wait for theirs.
// Usage: stagedbench one|many SECONDS USERS [LANES]; one JSON object on stdout.
#include "benchstores.h"
#include "engine/latencyhistogram.h"
#include "engine/stagedworker.h"
#include "engine/writethrough.h"

#include <QCoreApplication>

#include <hiredis/hiredis.h>
#include <poll.h>

#include <memory>
#include <random>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int rowsEdited = 4000;

/// A client that stages one write after the other and waits for each answer.
class Client final
{
public:
    Client(const QByteArray &socket, int users)
        : m_redis(redisConnectUnix(socket.constData()), &redisFree)
        , m_users(users)
    {
        m_redis->flags &= ~REDIS_BLOCK;
    }

    [[nodiscard]] int descriptor() const { return m_redis->fd; }

    void stage(std::mt19937_64 &random)
    {
        m_start = Clock::now();
        const QByteArray key = QByteArray::number(std::uniform_int_distribution(1, m_users)(random));
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
            const bool done = saysDone(static_cast<redisReply *>(reply));
            freeReplyObject(reply);
            if (++m_replies < 2)
                continue;
            done ? latency.record(Clock::now() - m_start) : void(++failures); // merged with another's, or too late
            return true;
        }
        return false;
    }

private:
    /// The first entry of a stream: [[name, [[id, [status, done]]]]].
    [[nodiscard]] static bool saysDone(const redisReply *reply)
    {
        for (const size_t index : {0, 1, 0, 1, 1}) {
            if (reply->type != REDIS_REPLY_ARRAY || reply->elements <= index)
                return false;
            reply = reply->element[index];
        }
        return reply->type == REDIS_REPLY_STRING && QByteArrayView(reply->str, qsizetype(reply->len)) == "done";
    }

    std::unique_ptr<redisContext, decltype(&redisFree)> m_redis;
    int m_users;
    Instant m_start{};
    int m_replies = 0;
};

struct Figures
{
    LatencyHistogram latency;
    qint64 failures = 0;
    double seconds = 0;
};

Figures stageFor(const BenchStores &stores, int users, size_t clients, milliseconds time)
{
    std::mt19937_64 random(std::random_device{}()); // an id that was used before has its answer already
    std::vector<std::unique_ptr<Client>> all;
    std::vector<pollfd> polls;
    const QByteArray socket = stores.settings.redis.socketPath.toLocal8Bit();
    for (size_t i = 0; i < clients; ++i) {
        all.push_back(std::make_unique<Client>(socket, users));
        polls.push_back({all.back()->descriptor(), POLLIN, 0});
        all.back()->stage(random);
    }
    Figures figures;
    const Instant start = Clock::now();
    while (Clock::now() < start + time) {
        poll(polls.data(), polls.size(), 100);
        for (size_t i = 0; i < clients; ++i) {
            if (polls[i].revents != 0 && all[i]->read(figures.latency, figures.failures))
                all[i]->stage(random);
        }
    }
    figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return figures;
}

Figures editFor(const BenchStores &stores, int users, milliseconds time)
{
    WriteThrough engine(stores.mapping, stores.settings, nullptr);
    std::vector<BenchRow> rows = chooseRows(stores, users, rowsEdited);
    std::mt19937_64 random(7);
    Figures figures;
    const Instant start = Clock::now();
    while (!rows.empty() && Clock::now() < start + time) {
        BenchRow &row = rows[std::uniform_int_distribution<size_t>(0, rows.size() - 1)(random)];
        Edit edit;
        edit.op = OpId::create();
        edit.key = row.key;
        edit.base = row.version;
        edit.changes = {
            {stores.mapping.fieldNamed(u"score"_s).value_or(0), QByteArray::number(figures.latency.count())}};
        const Instant sent = Clock::now();
        const Outcome outcome = engine.write(std::move(edit));
        if (outcome.verdict == Verdict::Committed)
            figures.latency.record(Clock::now() - sent);
        else
            ++figures.failures;
        if (outcome.row)
            row.version = outcome.row->version;
        if (engine.needsUpkeep() && figures.latency.count() % 500 == 0)
            std::ignore = engine.upkeep();
    }
    figures.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    return figures;
}

double microseconds50(const Figures &figures)
{
    return std::chrono::duration<double, std::micro>(figures.latency.percentile(50)).count();
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const bool many = arguments.value(1) == "many"_L1;
    const auto time = milliseconds(static_cast<qint64>(arguments.value(2, u"2"_s).toDouble() * 1000));
    const int users = arguments.value(3, u"10000"_s).toInt();
    const auto stores = BenchStores::fromEnvironment();
    if (!stores.error.isEmpty())
        return cannotMeasure(stores.error);
    const Figures direct = many ? Figures() : editFor(stores, users, time / 2);
    const StagedWorker gateway({stores.mapping}, stores.settings, arguments.value(4, u"3"_s).toULongLong(),
                               [](StagedReport, std::vector<StagedEvent>) {});
    const Figures staged = stageFor(stores, users, many ? 64 : 1, many ? time : time / 2);
    printFigures({{u"direct_us"_s, microseconds50(direct)},
                  {u"staged_us"_s, microseconds50(staged)},
                  {u"per_second"_s, static_cast<double>(staged.latency.count()) / staged.seconds},
                  {u"failures"_s, direct.failures + staged.failures}});
    return 0;
}
