// SPDX-License-Identifier: GPL-3.0-or-later
#include "checker.h"

#include <QTest>

using namespace throughline::faults;
using namespace Qt::StringLiterals;

namespace {

/// A history written by hand. Times are small numbers; every step is one later than the one before.
class History final
{
public:
    History &write(const char *op, EventKind answer, const char *value = nullptr)
    {
        invoke(op, value ? value : op);
        return answered(op, answer);
    }
    History &invoke(const char *op, const char *value)
    {
        return add({.kind = EventKind::Invoke, .op = op, .value = value});
    }
    History &answered(const char *op, EventKind kind) { return add({.kind = kind, .op = op}); }
    History &remove(const char *op, EventKind answer)
    {
        invoke(op, "");
        return answered(op, answer);
    }
    History &hit(qint64 version, const char *value, const char *reader = "own")
    {
        return read(version, value, Source::Cache, reader);
    }
    History &miss(qint64 version, const char *value, const char *reader = "own")
    {
        return read(version, value, version == 0 ? Source::None : Source::Database, reader);
    }
    /// A read that was asked before everything so far.
    History &slowHit(qint64 version, const char *value)
    {
        hit(version, value);
        m_record.events.back().begin = 0;
        return *this;
    }
    History &mark(EventKind kind) { return add({.kind = kind}); }

    /// `mark` is the field `#`.
    History &stage(const char *mark, const char *value, EventKind taken = EventKind::Staged)
    {
        add({.kind = EventKind::Stage, .op = mark, .value = value});
        return add({.kind = taken, .op = mark});
    }
    History &found(const char *mark, EventKind kind) { return add({.kind = kind, .op = mark}); }
    /// The answers that are there at rest.
    History &left(const char *uuid, const QByteArrayList &answers)
    {
        m_record.after.answers.insert(QByteArray("{users:5}") + uuid, answers);
        return *this;
    }
    History &verdict(const char *mark, bool done, const char *transaction, qint64 at = 0)
    {
        m_record.verdicts.push_back({"5", QByteArray(mark).mid(1), mark[0], done, transaction, at ? at : m_now});
        return *this;
    }

    History &committed(qint64 version, const char *value, const char *op = "", const char *transaction = nullptr)
    {
        return audit(version, value, op, false, transaction);
    }
    History &deleted(qint64 version, const char *op, const char *transaction = nullptr)
    {
        return audit(version, "", op, true, transaction);
    }
    History &waited(qint64 time)
    {
        m_now += time;
        return *this;
    }
    History &before(qint64 version, const char *value)
    {
        m_record.before.insert("5", {version, value});
        return *this;
    }
    [[nodiscard]] const Record &record() const { return m_record; }

private:
    History &add(Event event)
    {
        event.at = ++m_now;
        if (event.process.isEmpty())
            event.process = "app";
        event.key = "5";
        m_record.events.push_back(event);
        return *this;
    }
    History &read(qint64 version, const char *value, Source source, const char *reader)
    {
        ++m_now;
        return add({.begin = m_now,
                    .process = reader,
                    .kind = EventKind::Read,
                    .version = version,
                    .value = value,
                    .source = source});
    }
    History &audit(qint64 version, const char *value, const char *op, bool isDelete, const char *transaction)
    {
        const qint64 order = std::ssize(m_record.audit) + 1;
        const QByteArray own = QByteArray::number(order);
        m_record.audit.push_back({order, "5", version, op, isDelete, value, transaction ? transaction : own});
        return *this;
    }

    Record m_record;
    qint64 m_now = 0;
};

QByteArray rulesOf(const Violations &violations)
{
    QByteArrayList rules;
    for (const Violation &violation : violations)
        rules << violation.rule;
    return rules.join(' ');
}

} // namespace

/// Every rule by a history that breaks it, and by the nearest ones that do not.
class CheckerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void histories_data();
    void histories();
    void staged_data();
    void staged();
    void storesAtRest_data();
    void storesAtRest();
    void linesAreReadBack();
    void aTornLineIsNoEvent();
};

void CheckerTest::histories_data()
{
    QTest::addColumn<History>("history");
    QTest::addColumn<QByteArray>("rules");
    const auto row = [](const char *name, const History &history, const char *rules) {
        QTest::newRow(name) << history << QByteArray(rules);
    };
    using enum EventKind;

    row("nothing", History(), "");
    row("a write and a read", History().write("a", Ok).hit(2, "a").committed(2, "a"), "");
    row("a read of what was there", History().before(1, "x").hit(1, "x"), "");

    row("C1 never committed", History().hit(2, "a"), "C1");
    row("C1 another value", History().hit(2, "b").committed(2, "a"), "C1");
    row("C1 a deleted version", History().hit(2, "").deleted(2, "d"), "C1");
    row("C1 before its commit", History().hit(2, "a").write("a", Ok).committed(2, "a"), "C1");
    row("C1 while it commits", History().invoke("a", "a").hit(2, "a").answered("a", Ok).committed(2, "a"), "");

    row("C2 a hit goes back", History().hit(3, "b").hit(2, "a").committed(2, "a").committed(3, "b"), "C2");
    row("C2 back after a miss", History().hit(3, "b").miss(3, "b").hit(2, "a").committed(2, "a").committed(3, "b"), "");
    row("C2 another reader", History().hit(3, "b").hit(2, "a", "own2").committed(2, "a").committed(3, "b"), "");
    row("C2 legacy over a restart",
        History()
            .hit(3, "b", "legacy")
            .mark(Restart)
            .mark(Recovered)
            .hit(2, "a", "legacy")
            .committed(2, "a")
            .committed(3, "b"),
        "");
    row("C2 legacy before a restart",
        History().hit(3, "b", "legacy").hit(2, "a", "legacy").mark(Restart).committed(2, "a").committed(3, "b"), "C2");
    row("C2 own over a restart",
        History().hit(3, "b").mark(Restart).mark(Recovered).hit(2, "a").committed(2, "a").committed(3, "b"), "C2");
    row("C2 the table goes back", History().committed(3, "b").committed(2, "a"), "C2");
    row("C2 the table stays", History().committed(3, "b").committed(3, "a"), "C2");
    row("C2 below what was there", History().before(4, "x").committed(3, "b"), "C2");
    row("C2 over a delete", History().committed(2, "a").deleted(3, "d").committed(4, "b"), "");

    row("C3 older after the ack", History().before(1, "x").write("a", Ok).hit(1, "x").committed(2, "a"), "C3");
    row("C3 older row after the ack", History().before(1, "x").write("a", Ok).miss(1, "x").committed(2, "a"), "C3");
    row("C3 another change keeps the value",
        History().write("a", Ok).hit(2, "a").committed(2, "a").committed(3, "a", "s", "t"), "");
    row("C3 asked before the ack", History().before(1, "x").write("a", Ok).slowHit(1, "x").committed(2, "a"), "");
    row("C3 pending promises nothing", History().before(1, "x").write("a", Pending).hit(1, "x").committed(2, "a"), "");
    row("C3 pending, then saved",
        History().before(1, "x").write("a", Pending).answered("a", Ok).hit(1, "x").committed(2, "a"), "C3");
    row("C3 settled, then saved",
        History().before(1, "x").write("a", Unknown).answered("a", Ok).hit(2, "a").committed(2, "a"), "");
    row("C3 no row after the ack", History().write("a", Ok).miss(0, "").committed(2, "a"), "C3");
    row("C3 no row after a delete", History().write("a", Ok).miss(0, "").committed(2, "a").deleted(3, "d"), "");
    row("C3 resurrected", History().before(1, "x").remove("d", Ok).hit(1, "x").deleted(2, "d"), "C3");
    row("C3 deleted and gone", History().before(1, "x").remove("d", Ok).miss(0, "").deleted(2, "d"), "");
    row("C3 legacy during the recovery",
        History().before(1, "x").write("a", Ok).mark(Restart).hit(1, "x", "legacy").mark(Recovered).committed(2, "a"),
        "");
    row("C3 legacy after the recovery",
        History().before(1, "x").write("a", Ok).mark(Restart).mark(Recovered).hit(1, "x", "legacy").committed(2, "a"),
        "C3");
    row("C3 own during the recovery",
        History().before(1, "x").write("a", Ok).mark(Restart).hit(1, "x").mark(Recovered).committed(2, "a"), "C3");
    row("C3 below the row at the start", History().before(4, "x").miss(3, "b").committed(3, "b"), "C2 C3");

    row("C5 applied twice", History().write("a", Unknown).committed(2, "a").committed(3, "a"), "C5");
    row("C5 raised by another operation",
        History().write("a", Unknown).committed(2, "a", "a").committed(3, "a", "fence"), "");
    row("C5 answered in a later record", History().answered("a", Ok), "");
    row("C5 twice in a transaction", History().write("a", Ok).committed(2, "a", "", "t").committed(3, "a", "", "t"),
        "");
    row("C5 saved and not there", History().write("a", Ok), "C5");
    row("C5 pending and not there", History().write("a", Pending), "C5");
    row("C5 a conflict that was applied", History().write("a", Conflict).committed(2, "a"), "C5");
    row("C5 failed and applied", History().write("a", Failed).committed(2, "a"), "C5");
    row("C5 not sent and applied", History().write("a", Unavailable).committed(2, "a"), "C5");
    row("C5 unknown and applied", History().write("a", Unknown).committed(2, "a"), "");
    row("C5 unknown and not applied", History().write("a", Unknown), "");
    row("C5 killed without an answer", History().invoke("a", "a").committed(2, "a"), "");
    row("C5 settled wrongly", History().write("a", Unknown).answered("a", Conflict).committed(2, "a"), "C5");
    row("C5 both answers", History().write("a", Ok).answered("a", Conflict).committed(2, "a"), "C5");
    row("C5 a delete that failed", History().remove("d", Failed).deleted(2, "d"), "C5");
    row("C5 a delete twice", History().remove("d", Ok).deleted(2, "d").deleted(3, "d"), "C5");
    row("C5 two foreign deletes", History().deleted(2, "").committed(3, "a").deleted(4, ""), "");
}

void CheckerTest::histories()
{
    QFETCH(History, history);
    QTEST(rulesOf(check(history.record())), "rules");
}

void CheckerTest::staged_data()
{
    QTest::addColumn<History>("history");
    QTest::addColumn<QByteArray>("rules");
    const auto row = [](const char *name, const History &history, const char *rules) {
        QTest::newRow(name) << history << QByteArray(rules);
    };
    using enum EventKind;
    const auto done = [] {
        return History().stage("=u", "a").found("=u", StagedDone).verdict("=u", true, "t").committed(2, "a", "s", "t");
    };
    const auto failed = [] { return History().stage("=u", "a").found("=u", StagedFailed).verdict("=u", false, "t"); };
    constexpr qint64 later = 10'000'000'000;

    row("C6 done", done(), "");
    row("C6 failed", failed(), "");
    row("C6 both answers", done().found("=u", StagedFailed).verdict("=u", false, "x"), "C6 C6");
    row("C6 both answers at rest", done().left("u", {"done", "failed"}), "C6 C6");
    row("C6 the same answer twice", done().left("u", {"done", "done"}), "");
    row("C6 done without a verdict", History().stage("=u", "a").found("=u", StagedDone), "C6");
    row("C6 done without a change", History().stage("=u", "a").found("=u", StagedDone).verdict("=u", true, "t"), "C6");
    row("C6 two changes", done().committed(3, "a", "s", "t"), "C6");
    row("C6 applied twice", done().committed(3, "b", "b", "x").committed(4, "a", "z", "y").verdict("=u", true, "y"),
        "C6");
    row("C6 applied again without a verdict", done().committed(3, "b", "b", "x").committed(4, "a", "z", "y"), "C6");
    row("C6 failed and applied", failed().committed(2, "a", "s", "t"), "C6");
    row("C6 failed and applied by another statement", failed().committed(2, "a", "s", "x"), "C6");
    row("C6 failed against the verdict",
        History().stage("=u", "a").found("=u", StagedFailed).verdict("=u", true, "t").committed(2, "a", "s", "t"),
        "C6");
    row("C6 deleted", History().stage("~u", "").found("~u", StagedDone).verdict("~u", true, "t").deleted(2, "s", "t"),
        "");
    row("C6 nothing to delete", History().stage("~u", "").found("~u", StagedDone).verdict("~u", true, "t"), "");
    row("C6 of the cache alone", History().stage("-u", "").found("-u", StagedDone), "");
    row("C6 of the cache alone with a verdict",
        History().stage("-u", "").found("-u", StagedDone).verdict("-u", true, "t").committed(2, "a", "s", "t"), "C6");

    row("C6 never answered", History().stage("=u", "a"), "C6");
    row("C6 answered where nobody looked", History().stage("=u", "a").verdict("=u", false, "t").left("u", {"failed"}),
        "");
    row("C6 nobody knows whether it was staged", History().stage("=u", "a", Unknown), "");
    row("C6 not staged", History().stage("=u", "a", NotStaged), "");
    row("C6 overwritten", done().stage("=v", "b").stage("=w", "c").left("w", {"failed"}).verdict("=w", false, "x"), "");
    row("C6 a later one is not an excuse", done().stage("=v", "b"), "C6");
    row("C6 fields alone overwrite nothing", History().stage("=u", "a").stage("", "b"), "C6");
    row("C6 overwritten and decided",
        History()
            .stage("=u", "a")
            .stage("=v", "b")
            .left("v", {"failed"})
            .verdict("=v", false, "x")
            .verdict("=u", false, "t"),
        "C6");
    row("C6 lost by Redis", History().stage("=u", "a").mark(Restart), "");
    row("C6 staged after the restart", History().mark(Restart).stage("=u", "a"), "C6");
    row("C6 decided before the restart",
        History().stage("=u", "a").verdict("=u", false, "t").waited(later).mark(Restart), "C6");
    row("C6 decided while Redis was restarted",
        History().stage("=u", "a").waited(later).mark(Restart).verdict("=u", false, "t"), "");

    row("C6 the same twice", done().stage("=u", "a").found("=u", StagedDone), "");
    row("C6 the same, decided twice", done().stage("=u", "a").verdict("=u", false, "x"), "C6");
    row("C6 the same id for something else",
        done().stage("=u", "b").verdict("=u", false, "x").found("=u", StagedFailed), "");
    row("C6 without an id", History().stage("=", "a").verdict("=", true, "t").committed(2, "a", "s", "t"), "");
    row("C6 foreign SQL carries the value",
        History().stage("=u", "a").left("u", {"failed"}).verdict("=u", false, "t").committed(2, "a", "", "x"), "");

    row("C3 older after a staged write was done",
        History()
            .before(1, "x")
            .stage("=u", "a")
            .found("=u", StagedDone)
            .hit(1, "x")
            .verdict("=u", true, "t")
            .committed(2, "a", "s", "t"),
        "C3");
}

void CheckerTest::staged()
{
    QFETCH(History, history);
    QTEST(rulesOf(check(history.record())), "rules");
}

void CheckerTest::storesAtRest_data()
{
    QTest::addColumn<Stores>("stores");
    QTest::addColumn<QByteArray>("rules");
    const StoredRow stored{7, {{"first", "a"}, {"score", "1"}}};
    const auto with = [&](const StoredRow &hash) {
        Stores stores;
        stores.table.insert("5", stored);
        stores.cache.insert("5", hash);
        return stores;
    };
    Stores notCached;
    notCached.table.insert("5", stored);
    Stores orphan;
    orphan.cache.insert("5", stored);
    Stores strange;
    strange.strangeKeys << u"{users:5}:wip"_s;

    QTest::newRow("equal") << with(stored) << ""_ba;
    QTest::newRow("not cached") << notCached << ""_ba;
    QTest::newRow("older") << with({6, stored.fields}) << "C4"_ba;
    QTest::newRow("newer") << with({8, stored.fields}) << "C4"_ba;
    QTest::newRow("another value") << with({7, {{"first", "b"}, {"score", "1"}}}) << "C4"_ba;
    QTest::newRow("a field less") << with({7, {{"first", "a"}}}) << "C4"_ba;
    QTest::newRow("a field more") << with({7, {{"first", "a"}, {"score", "1"}, {"last", "z"}}}) << "C4"_ba;
    QTest::newRow("orphan") << orphan << "C4"_ba;
    QTest::newRow("a key left over") << strange << "C4"_ba;
}

void CheckerTest::storesAtRest()
{
    QFETCH(Stores, stores);
    Record record;
    record.after = stores;
    QTEST(rulesOf(check(record)), "rules");
}

void CheckerTest::linesAreReadBack()
{
    const Event event{12, 11, "own1.2", EventKind::Read, "5", "op", 3, 4, "value", Source::Cache};
    QCOMPARE(fromLine(toLine(event)).value_or(Event()), event);
}

void CheckerTest::aTornLineIsNoEvent()
{
    const QByteArray line = toLine({.at = 1, .process = "app", .kind = EventKind::Ok, .key = "5"});
    QVERIFY(!fromLine(line.chopped(1)));
    QVERIFY(!fromLine(line.chopped(7) + '\n'));
}

Q_DECLARE_METATYPE(History)
Q_DECLARE_METATYPE(Stores)

QTEST_GUILESS_MAIN(CheckerTest)

#include "tst_checker.moc"
