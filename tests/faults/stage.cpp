// SPDX-License-Identifier: GPL-3.0-or-later
#include "stage.h"

#include "faultsettings.h"

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds drainTime{60'000};
constexpr milliseconds answerTime{20'000};

} // namespace

Stage::Stage()
    : m_recorder(m_directory.path(), "stage")
    , m_servers(m_recorder)
{
}

Stage::~Stage()
{
    setFaultHook({});
}

bool Stage::start(bool withoutTrigger)
{
    if (!m_servers.start(withoutTrigger)) {
        m_error = m_servers.error();
        return false;
    }
    const auto mapping = usersMapping(m_servers.conninfo());
    const QByteArray directory = m_directory.path().toUtf8();
    m_postgresProxy = std::make_unique<Proxy>(directory + "/.s.PGSQL.5432", m_servers.postgresSocket());
    m_redisProxy = std::make_unique<Proxy>(directory + "/redis.sock", m_servers.redisSocket());
    if (!mapping || !m_postgresProxy->start() || !m_redisProxy->start()) {
        m_error = u"the table or the proxies cannot be used"_s;
        return false;
    }
    m_mapping = *mapping;
    connectAll();
    const auto stores = m_stores->stores();
    if (stores)
        m_before = baselineOf(*stores);
    std::ignore = m_stores->newAudit();
    setFaultHook([this](FaultPoint point) { passed(point); });
    const bool recovered = waitUntil(
        drainTime, [&] { return m_servers.isRecovered(); }, [&] { keepUp(); });
    if (!recovered)
        m_error = u"the upkeep did not recover an empty Redis"_s;
    return recovered && stores;
}

void Stage::connectAll()
{
    EngineSettings settings = scaledSettings(m_servers.conninfo(), m_servers.redisUrl(), u"stage"_s);
    // One thread does everything, perhaps under a sanitizer: no deadline is a part of these schedules.
    settings.ackDeadline = milliseconds(5000);
    settings.readDeadline = milliseconds(5000);
    settings.leaseTime = milliseconds(30'000);
    settings.statementDeadline = milliseconds(20'000);
    if (m_adjust)
        m_adjust(settings);
    m_farSettings = settings;
    m_farSettings.conninfo += " host="_L1 + m_directory.path(); // the later one counts
    m_farSettings.redis = RedisUrl::parse("unix://"_L1 + m_directory.path() + "/redis.sock"_L1).value_or(RedisUrl());
    m_edits = std::make_unique<EditRecorder>(m_recorder, m_mapping);
    m_first = std::make_unique<WriteThrough>(m_mapping, m_farSettings, nullptr);
    m_second = std::make_unique<WriteThrough>(m_mapping, settings, nullptr);
    m_readerPostgres = std::make_unique<PostgresLink>(m_mapping, settings, LinkRole::Reader, nullptr);
    m_readerRedis = std::make_unique<RedisLink>(m_mapping, settings, nullptr);
    m_reader = std::make_unique<ReadThrough>(*m_readerPostgres, *m_readerRedis, settings);
    m_upkeep = std::make_unique<Upkeep>(std::vector{m_mapping}, settings, nullptr);
    m_staged = std::make_unique<StagedWrites>(std::vector{m_mapping}, settings, nullptr);
    m_stores = std::make_unique<StoreReader>(m_servers.sql(), m_servers.redis());
}

void Stage::passed(FaultPoint point)
{
    if (m_point != point)
        return;
    m_point.reset();
    m_action();
}

void Stage::atNext(FaultPoint point, std::function<void()> action)
{
    m_action = std::move(action);
    m_point = point;
}

Outcome Stage::writeBy(WriteThrough &writer, const Edit &edit)
{
    m_edits->invoked(edit);
    const Outcome outcome = writer.write(edit);
    m_edits->answered(outcome);
    return outcome;
}

void Stage::read(const RowKey &key)
{
    const qint64 begin = monotonicNow();
    if (const auto answer = m_reader->read(key))
        m_edits->wasRead(key, begin, *answer);
}

void Stage::stage(const QByteArray &key, const QByteArray &uuid, const QByteArray &value)
{
    Event event;
    event.kind = EventKind::Stage;
    event.key = key;
    event.op = '=' + uuid;
    event.value = value;
    m_recorder.record(event);
    const auto taken = m_servers.redis().run({"HSET", "__{users:" + key + '}', "first", value, "#", event.op});
    event.kind = taken ? EventKind::Staged : EventKind::NotStaged;
    m_recorder.record(event);
}

bool Stage::serveStaged()
{
    return waitUntil(
        drainTime, [&] { return m_stores->staged() == 0; }, [&] { m_staged->step(); });
}

bool Stage::serveStagedUntilAnswered(const QByteArray &key, const QByteArray &uuid)
{
    const auto answered = [&] {
        const auto found = m_servers.redis().run({"EXISTS", "{users:" + key + '}' + uuid});
        return found && found->value(0) == "1";
    };
    return waitUntil(answerTime, answered, [&] { m_staged->step(); });
}

RowVersion Stage::versionOf(const RowKey &key)
{
    const auto rows = m_servers.sql().run("SELECT version FROM users WHERE id=$1::int", {key.text});
    return {rows && !rows->empty() ? rows->front().front().toLongLong() : 0};
}

bool Stage::hasHeartbeat()
{
    const auto beat = m_servers.redis().run({"GET", "wt:hb:users"});
    return beat && !beat->value(0).isEmpty();
}

void Stage::keepUp()
{
    for (WriteThrough *writer : {m_first.get(), m_second.get()}) {
        for (const Outcome &outcome : writer->upkeep())
            m_edits->answered(outcome);
    }
    std::ignore = m_upkeep->step();
    m_servers.lookForRecovery();
}

Tally Stage::finish()
{
    const auto quiet = [&] {
        return m_stores->undrained().value_or(1) == 0 && m_servers.isRecovered() && !m_first->needsUpkeep() &&
               !m_second->needsUpkeep();
    };
    std::ignore = waitUntil(drainTime, quiet, [&] { keepUp(); });
    Tally tally;
    Record record;
    record.before = m_before;
    record.events = loadHistory(m_directory.path());
    auto audit = m_stores->newAudit();
    auto verdicts = m_stores->newVerdicts();
    auto stores = m_stores->stores();
    if (!audit || !verdicts || !stores) {
        tally.violations << u"Harness: the stores cannot be read"_s;
        return tally;
    }
    record.audit = std::move(*audit);
    record.verdicts = std::move(*verdicts);
    record.after = std::move(*stores);
    tally.add(record);
    return tally;
}

} // namespace throughline::faults
