// SPDX-License-Identifier: GPL-3.0-or-later
#include "clients.h"
#include "faultsettings.h"
#include "role.h"

namespace throughline::faults {

namespace {

/// A reader that knows nothing of leases and versions: HGETALL, on a miss the table, and it never fills.
class LegacyRole final : public Role
{
public:
    LegacyRole(const WorkerOptions &options, const Recorder &recorder)
        : m_recorder(recorder)
        , m_sql(options.plainConninfo.toUtf8())
        , m_redis(options.plainRedis)
        , m_dice(options.seed)
    {
    }

    void step() override
    {
        Event read;
        read.kind = EventKind::Read;
        read.key = anyReadKey(m_dice);
        read.begin = monotonicNow();
        const auto hash = m_redis.run({"HGETALL", "users:" + read.key});
        const bool hit = hash && hash->size() > 1;
        if (hit)
            fromCache(*hash, read);
        else if (!fromTable(read))
            return; // nobody answered
        m_recorder.record(read);
    }

    [[nodiscard]] milliseconds pace() const override { return milliseconds(40); }

private:
    static void fromCache(const QByteArrayList &hash, Event &read)
    {
        read.source = Source::Cache;
        for (qsizetype i = 0; i + 1 < hash.size(); i += 2) {
            if (hash[i] == "version")
                read.version = hash[i + 1].toLongLong();
            else if (hash[i] == "first")
                read.value = hash[i + 1];
        }
    }

    [[nodiscard]] bool fromTable(Event &read)
    {
        const auto rows = m_sql.run("SELECT version, first_name FROM users WHERE id=$1::int", {read.key});
        if (rows && !rows->empty()) {
            read.source = Source::Database;
            read.version = rows->front()[0].toLongLong();
            read.value = rows->front()[1];
        }
        return rows.has_value();
    }

    const Recorder &m_recorder;
    SqlClient m_sql;
    RedisClient m_redis;
    Dice m_dice;
};

} // namespace

std::unique_ptr<Role> makeLegacyRole(const WorkerOptions &options, const Recorder &recorder)
{
    return std::make_unique<LegacyRole>(options, recorder);
}

} // namespace throughline::faults
