// SPDX-License-Identifier: GPL-3.0-or-later
#include "editrecorder.h"
#include "faultsettings.h"
#include "role.h"
#include "upkeepthread.h"

#include "engine/bulkwriter.h"
#include "engine/readthrough.h"
#include "engine/stagedworker.h"
#include "engine/writethrough.h"

#include <algorithm>
#include <numeric>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

constexpr int bulkBatch = 500;

/// A ReadThrough with connections of its own.
struct ReaderLinks
{
    ReaderLinks(const Mapping &mapping, const EngineSettings &settings)
        : postgres(mapping, settings, LinkRole::Reader, nullptr)
        , redis(mapping, settings, nullptr)
        , reader(postgres, redis, settings)
    {
    }
    PostgresLink postgres;
    RedisLink redis;
    ReadThrough reader;
};

/// The program as people use it: edits of single rows, batches, additions and deletions, each on what it read before.
class AppRole final : public Role
{
public:
    AppRole(const Mapping &mapping, const EngineSettings &settings, const WorkerOptions &options,
            const Recorder &recorder)
        : m_edits(recorder, mapping)
        , m_mapping(mapping)
        , m_writer(mapping, settings, nullptr)
        , m_bulk(m_writer, mapping, settings)
        , m_links(mapping, settings)
        , m_upkeep(mapping, settings)
        , m_dice(options.seed)
    {
    }

    void step() override
    {
        const int what = m_dice.between(1, 100);
        if (what <= 60)
            writeHot();
        else if (what <= 75)
            churn();
        else if (what <= 80)
            writeBatch(keys::batchFirst, keys::batchLast, 20);
        else
            std::ignore = read(m_dice.key(keys::hotFirst, keys::hotLast));
        rest();
    }

    [[nodiscard]] milliseconds pace() const override { return milliseconds(5); }

    void rest() override
    {
        for (const Outcome &outcome : m_writer.upkeep()) {
            if (!m_carried.contains(outcome.statement)) // later answers of those name other edits
                m_edits.answered(outcome);
        }
    }

    bool perform(const QByteArray &what) override
    {
        if (what == "bulk")
            bulk();
        return what == "bulk";
    }

private:
    void write(const Edit &edit)
    {
        m_edits.invoked(edit);
        m_edits.answered(m_writer.write(edit));
    }

    void writeHot()
    {
        const RowKey key{m_dice.key(keys::hotFirst, keys::hotLast)};
        const auto found = read(key.text);
        if (found)
            write(found->row ? m_edits.update(key, found->row->version) : m_edits.insert(key));
    }

    // T8: several writers delete and add the same keys.
    void churn()
    {
        const RowKey key{m_dice.key(keys::churnFirst, keys::churnLast)};
        const auto found = read(key.text);
        if (!found)
            return;
        if (!found->row)
            write(m_edits.insert(key));
        else if (m_dice.chance(60))
            write(m_edits.remove(key, found->row->version));
        else
            write(m_edits.update(key, found->row->version));
    }

    [[nodiscard]] std::optional<ReadAnswer> read(const QByteArray &key)
    {
        const qint64 begin = monotonicNow();
        const auto answer = m_links.reader.read(RowKey{key});
        if (!answer)
            return std::nullopt;
        m_edits.wasRead(RowKey{key}, begin, *answer);
        return *answer;
    }

    void writeBatch(int first, int last, int size)
    {
        std::vector<int> all(static_cast<size_t>(last - first + 1));
        std::iota(all.begin(), all.end(), first);
        std::vector<int> chosen;
        std::ranges::sample(all, std::back_inserter(chosen), size, m_dice.engine());
        send(chosen);
    }

    // T14: everything, with one base in a hundred that is not the row's.
    void bulk()
    {
        for (int first = keys::bulkFirst; first <= keys::bulkLast; first += bulkBatch) {
            std::vector<int> chosen(bulkBatch);
            std::iota(chosen.begin(), chosen.end(), first);
            send(chosen, 1);
            rest();
        }
    }

    void send(const std::vector<int> &numbers, int percentStale = 0)
    {
        std::vector<RowKey> chosen;
        for (const int number : numbers)
            chosen.push_back({QByteArray::number(number)});
        if (!m_writer.postgres().ensure())
            return;
        const auto rows = m_writer.postgres().rows().rows(chosen, Clock::now() + std::chrono::seconds(3));
        if (!rows)
            return;
        std::vector<Edit> edits;
        for (const Row &row : *rows) {
            const bool stale = percentStale > 0 && m_dice.chance(percentStale);
            edits.push_back(m_edits.update(row.key, {stale ? row.version.number - 1 : row.version.number}));
            m_edits.invoked(edits.back());
        }
        if (m_dice.chance(50))
            patch(edits);
        else
            for (const Outcome &outcome : m_writer.writeBatch(edits))
                m_edits.answered(outcome);
    }

    /// As a load run does it: two batches, so that one is pushed while PostgreSQL works on the other.
    void patch(const std::vector<Edit> &edits)
    {
        const std::span all(edits);
        const size_t half = all.size() / 2;
        for (const auto part : {all.first(half), all.subspan(half)}) {
            if (!part.empty())
                answered(m_bulk.write(bulkOf(part)));
        }
        answered(m_bulk.finish());
    }

    [[nodiscard]] BulkUpdate bulkOf(std::span<const Edit> edits)
    {
        BulkUpdate update;
        update.op = OpId::create();
        update.fields = {edits.front().changes.front().field};
        for (const Edit &edit : edits) {
            update.keys.add(edit.key.text);
            update.bases.push_back(edit.base);
            update.values.addValue(edit.changes.front().value);
            m_bulkEdits[update.op].push_back(edit.op);
        }
        return update;
    }

    void answered(const std::vector<BulkOutcome> &outcomes)
    {
        for (const BulkOutcome &outcome : outcomes) {
            const std::vector<OpId> ops = m_bulkEdits.take(outcome.update.op);
            m_carried.insert(outcome.update.op);
            for (size_t row = 0; row < ops.size(); ++row) {
                Outcome one;
                one.op = ops[row];
                one.key = outcome.update.key(row);
                one.verdict = outcome.verdicts[row];
                if (outcome.versions[row].isValid())
                    one.row = Row{one.key, outcome.versions[row], {}};
                m_edits.answered(one);
            }
        }
    }

    EditRecorder m_edits;
    Mapping m_mapping;
    WriteThrough m_writer;
    BulkWriter m_bulk;
    QHash<OpId, std::vector<OpId>> m_bulkEdits; ///< of batches that have no answer yet
    QSet<OpId> m_carried;                       ///< batches
    ReaderLinks m_links;
    UpkeepThread m_upkeep;
    Dice m_dice;
};

/// Upkeep, and what clients stage.
class GatewayRole final : public Role
{
public:
    GatewayRole(const Mapping &mapping, const EngineSettings &settings)
        : m_upkeep(mapping, settings)
        , m_staged({mapping}, settings, 2, [](const StagedReport &, const std::vector<StagedEvent> &) {})
    {
    }
    void step() override {}
    [[nodiscard]] milliseconds pace() const override { return milliseconds(100); }

private:
    UpkeepThread m_upkeep;
    StagedWorker m_staged;
};

/// A reader that is the program's own: gate, lease and fill.
class OwnReaderRole final : public Role
{
public:
    OwnReaderRole(const Mapping &mapping, const EngineSettings &settings, const WorkerOptions &options,
                  const Recorder &recorder)
        : m_edits(recorder, mapping)
        , m_links(mapping, settings)
        , m_dice(options.seed)
    {
    }

    void step() override
    {
        const RowKey key{anyReadKey(m_dice)};
        const qint64 begin = monotonicNow();
        if (const auto answer = m_links.reader.read(key))
            m_edits.wasRead(key, begin, *answer);
    }
    [[nodiscard]] milliseconds pace() const override { return milliseconds(30); }

private:
    EditRecorder m_edits;
    ReaderLinks m_links;
    Dice m_dice;
};

EngineSettings settingsOf(const WorkerOptions &options)
{
    return scaledSettings(options.conninfo, options.redisUrl, QString::fromUtf8(options.process));
}

Mapping mappingOf(const WorkerOptions &options)
{
    const auto mapping = usersMapping(options.plainConninfo);
    if (!mapping)
        qFatal("the table cannot be inspected: %s", qPrintable(mapping.error().message));
    return *mapping;
}

} // namespace

std::unique_ptr<Role> makeAppRole(const WorkerOptions &options, const Recorder &recorder)
{
    return std::make_unique<AppRole>(mappingOf(options), settingsOf(options), options, recorder);
}

std::unique_ptr<Role> makeGatewayRole(const WorkerOptions &options)
{
    return std::make_unique<GatewayRole>(mappingOf(options), settingsOf(options));
}

std::unique_ptr<Role> makeOwnReaderRole(const WorkerOptions &options, const Recorder &recorder)
{
    return std::make_unique<OwnReaderRole>(mappingOf(options), settingsOf(options), options, recorder);
}

} // namespace throughline::faults
