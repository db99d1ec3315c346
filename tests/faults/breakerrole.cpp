// SPDX-License-Identifier: GPL-3.0-or-later
#include "clients.h"
#include "faultsettings.h"
#include "role.h"

#include <algorithm>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

/// Takes things out of the cache, and fills it up.
class BreakerRole final : public Role
{
public:
    explicit BreakerRole(const WorkerOptions &options)
        : m_redis(options.plainRedis)
        , m_dice(options.seed)
    {
    }

    void step() override
    {
        m_mended = false;
        std::ignore = m_redis.run({"DEL", "users:" + anyKey()});
    }

    void rest() override
    {
        if (!m_mended)
            m_mended = mend();
    }

    [[nodiscard]] milliseconds pace() const override { return milliseconds(200); }

    bool perform(const QByteArray &what) override
    {
        if (what == "storm")
            return storm();
        if (what == "wrongtype")
            return plantLists();
        if (what == "scriptflush")
            return m_redis.run({"SCRIPT", "FLUSH"}).has_value();
        if (what == "oom")
            return limit("noeviction", "1");
        if (what == "evict")
            return evict();
        if (what == "mend")
            return mend();
        return false;
    }

private:
    [[nodiscard]] QByteArray anyKey()
    {
        return m_dice.chance(60) ? m_dice.key(keys::hotFirst, keys::hotLast)
                                 : m_dice.key(keys::churnFirst, keys::batchLast);
    }

    bool storm()
    {
        for (int i = 0; i < 400; ++i) {
            const QByteArray key = "users:" + anyKey();
            const QByteArrayList command =
                i % 2 == 0 ? QByteArrayList{"DEL", key} : QByteArrayList{"DEL", key, '{' + key + "}:lease"};
            if (!m_redis.run(command))
                return false;
        }
        return true;
    }

    bool plantLists()
    {
        for (int i = 0; i < 10; ++i) {
            const QByteArray key = "users:" + anyKey();
            // In one step, or a reader's fill would lie between and the list would be refused.
            if (!m_redis.run({"EVAL", "redis.call('DEL',KEYS[1]) redis.call('RPUSH',KEYS[1],'x') return 1", "1", key}))
                return false;
        }
        return true;
    }

    // Whoever meets a list mends it; those that nobody met are not a fault of the program.
    bool mend()
    {
        const auto lists = m_redis.run({"SCAN", "0", "MATCH", "users:*", "COUNT", "1000000", "TYPE", "list"});
        if (!lists || lists->isEmpty() || !limit("noeviction", "0"))
            return false;
        constexpr auto script =
            "if redis.call('TYPE',KEYS[1]).ok == 'list' then redis.call('DEL',KEYS[1]) end return 1";
        return std::all_of(lists->cbegin() + 1, lists->cend(), [&](const QByteArray &key) {
            return m_redis.run({"EVAL", script, "1", key}).has_value();
        });
    }

    bool limit(const QByteArray &policy, const QByteArray &bytes)
    {
        return m_redis.run({"CONFIG", "SET", "maxmemory-policy", policy}) &&
               m_redis.run({"CONFIG", "SET", "maxmemory", bytes});
    }

    // Below what is in use, so that something has to go at once.
    bool evict()
    {
        const auto info = m_redis.run({"INFO", "memory"});
        if (!info)
            return false;
        const QByteArray text = info->value(0);
        const QByteArray used = text.mid(text.indexOf("used_memory:") + 12).split('\r').first();
        return limit("volatile-lru", QByteArray::number(used.toLongLong() - 50'000));
    }

    RedisClient m_redis;
    Dice m_dice;
    bool m_mended = false; ///< since the last step
};

} // namespace

std::unique_ptr<Role> makeBreakerRole(const WorkerOptions &options)
{
    return std::make_unique<BreakerRole>(options);
}

} // namespace throughline::faults
