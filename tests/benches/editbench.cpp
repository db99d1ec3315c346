// SPDX-License-Identifier: GPL-3.0-or-later
// One edit of a cached row, in turns: the engine, libpq and hiredis alone, and these once more as a control, which says
// how far apart two equal things are measured. --grid: the engine is the window's service, from the UI thread and back.
// Usage: editbench [--grid] SECONDS USERS; one JSON object on stdout.
#include "benchstores.h"
#include "engine/storeservice.h"
#include "engine/writethrough.h"
#include "rawedit.h"
#include "stores/postgres/pgstatements.h"
#include "stores/redis/putcodec.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QEventLoop>
#include <QFile>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <random>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int rowsEdited = 4000;
constexpr int warmUp = 150; ///< of each side: plans are made, and kept from the sixth time on

QByteArray resource(const QString &name)
{
    QFile file(u":/lua/"_s + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Edit editOf(const Mapping &mapping, const BenchRow &row, int score)
{
    Edit edit;
    edit.op = OpId::create();
    edit.key = row.key;
    edit.base = row.version;
    edit.changes = {{mapping.fieldNamed(u"score"_s).value_or(0), QByteArray::number(score)}};
    return edit;
}

RawPlan planOf(const BenchStores &stores)
{
    RawPlan plan;
    plan.conninfo = stores.settings.conninfo.toStdString();
    plan.redisSocket = stores.settings.redis.socketPath.toStdString();
    plan.redisDatabase = stores.settings.redis.database;
    plan.statement = PgStatements(stores.mapping).update(editOf(stores.mapping, {}, 0)).sql.toStdString();
    const QByteArray script = "#!lua\n" + resource(u"common.lua"_s) + resource(u"wt_put.lua"_s);
    plan.script = QCryptographicHash::hash(script, QCryptographicHash::Sha1).toHex().toStdString();
    std::vector<QByteArray> head;
    putcodec::appendHead(stores.mapping, {}, head);
    for (const QByteArray &word : head)
        plan.head.push_back(word.toStdString());
    return plan;
}

/// Makes one edit of the row and sets its new version; false when it was not written to both stores.
using Writer = std::function<bool(BenchRow &row, int score)>;

/// The engine as it is, without a thread.
class EngineSide final
{
public:
    explicit EngineSide(const BenchStores &stores)
        : m_mapping(stores.mapping)
        , m_engine(stores.mapping, stores.settings, nullptr)
    {
    }
    [[nodiscard]] bool write(BenchRow &row, int score)
    {
        const Outcome outcome = m_engine.write(editOf(m_mapping, row, score));
        if (outcome.row)
            row.version = outcome.row->version;
        return outcome.verdict == Verdict::Committed;
    }
    void keepUp() { std::ignore = m_engine.upkeep(); }

private:
    Mapping m_mapping;
    WriteThrough m_engine;
};

/// The engine behind its thread: from submit() on the UI thread until the outcome is a signal there.
class GridSide final
{
public:
    explicit GridSide(const BenchStores &stores)
        : m_service(stores.mapping, stores.settings)
    {
        QObject::connect(&m_service, &StoreService::outcomesReady, &m_loop, [this](const std::vector<Outcome> &some) {
            m_outcome = some.front();
            m_loop.quit();
        });
    }
    [[nodiscard]] bool write(BenchRow &row, int score)
    {
        m_service.submit(editOf(m_service.mapping(), row, score));
        m_loop.exec();
        if (m_outcome.row)
            row.version = m_outcome.row->version;
        return m_outcome.verdict == Verdict::Committed;
    }

private:
    StoreService m_service;
    QEventLoop m_loop;
    Outcome m_outcome;
};

Writer rawWriter(const std::shared_ptr<RawEdit> &raw, const Mapping &mapping)
{
    return [raw, mapping](BenchRow &row, int score) {
        const auto version =
            raw->edit(row.key.text.toStdString(), row.version.number,
                      OpId::create().uuid.toString(QUuid::WithoutBraces).toStdString(), std::to_string(score),
                      mapping.hashKey(row.key).toStdString(), mapping.leaseKey(row.key).toStdString());
        if (version)
            row.version = {*version};
        return version.has_value();
    };
}

struct Side
{
    Writer write;
    std::vector<nanoseconds> times{};
};

/// Each side once per turn, in an order drawn for it: what stands first or last is not always the same.
qint64 takeTurns(std::array<Side, 3> &sides, std::vector<BenchRow> &rows, milliseconds time,
                 const std::function<void()> &betweenTurns)
{
    std::mt19937 random(29);
    std::array order{0u, 1u, 2u};
    qint64 failures = 0;
    Instant end = Instant::max();
    for (int turn = 0; Clock::now() < end; ++turn) {
        if (turn == warmUp)
            end = Clock::now() + time;
        std::ranges::shuffle(order, random);
        for (const size_t side : order) {
            BenchRow &row = rows[std::uniform_int_distribution<size_t>(0, rows.size() - 1)(random)];
            const int score = std::uniform_int_distribution(1000, 999'999)(random);
            const Instant start = Clock::now();
            const bool written = sides[side].write(row, score);
            if (turn >= warmUp && written)
                sides[side].times.push_back(Clock::now() - start);
            failures += !written;
        }
        if (turn % 200 == 0)
            betweenTurns();
    }
    return failures;
}

/// Rows whose hash does not hold the version that the last write left: nothing was pushed, or not measured what was
/// meant.
qint64 differing(const std::vector<BenchRow> &rows, RawEdit &raw, const Mapping &mapping)
{
    return std::ranges::count_if(rows, [&](const BenchRow &row) {
        return raw.cachedVersion(mapping.hashKey(row.key).toStdString()) != std::to_string(row.version.number);
    });
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QStringList arguments = QCoreApplication::arguments().mid(1);
    const bool grid = arguments.removeAll(u"--grid"_s) > 0;
    const auto time = milliseconds(static_cast<qint64>(arguments.value(0, u"2"_s).toDouble() * 1000));
    const auto stores = BenchStores::fromEnvironment();
    if (!stores.error.isEmpty())
        return cannotMeasure(stores.error);
    std::vector<BenchRow> rows = chooseRows(stores, arguments.value(1, u"10000"_s).toInt(), rowsEdited);
    if (rows.empty())
        return cannotMeasure(u"The rows to edit cannot be read."_s);
    const auto raw = std::make_shared<RawEdit>(planOf(stores), "raw");
    const auto control = std::make_shared<RawEdit>(planOf(stores), "control");
    for (const auto &side : {raw, control}) {
        if (!side->error().empty())
            return cannotMeasure(QString::fromStdString(side->error()));
    }

    std::unique_ptr<EngineSide> engine;
    std::unique_ptr<GridSide> service;
    grid ? void(service = std::make_unique<GridSide>(stores)) : void(engine = std::make_unique<EngineSide>(stores));
    std::array<Side, 3> sides{
        Side{[&](BenchRow &row, int score) { return grid ? service->write(row, score) : engine->write(row, score); }},
        Side{rawWriter(raw, stores.mapping)}, Side{rawWriter(control, stores.mapping)}};
    // The engine first, because it brings the script that the others only name.
    if (!sides[0].write(rows.front(), 1) || !raw->knowsScript())
        return cannotMeasure(u"The engine cannot write, or pushes by another script than the limit."_s);
    const qint64 failures = takeTurns(sides, rows, time, [&] {
        if (engine)
            engine->keepUp();
    });
    printFigures({{u"ours_us"_s, medianUs(sides[0].times)},
                  {u"raw_us"_s, medianUs(sides[1].times)},
                  {u"control_us"_s, medianUs(sides[2].times)},
                  {u"edits"_s, static_cast<qint64>(sides[0].times.size())},
                  {u"failures"_s, failures},
                  {u"differing"_s, differing(rows, *raw, stores.mapping)}});
    return 0;
}
