// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/dropper.h"
#include "engine/verifier.h"
#include "session/sampleusers.h"
#include "usersfixture.h"

#include <QTest>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

/// Differences planted between real servers, one kind after the other, and what finds, spares and repairs them.
class VerifierTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    void equalStoresAgree();
    void eachKindIsFound_data();
    void eachKindIsFound();
    void severalKindsAtOneKeyAreOneKey();
    void aSecretColumnIsCompared();
    void whatIsNoFaultIsNotReported_data();
    void whatIsNoFaultIsNotReported();
    void namesThatAreNotOursAreLeftAlone();
    void aDifferenceThatMendsItselfIsNotReported();
    void aHashThatGoesOnChangingIsUnsettled();
    void quickSeesVersionsAndPresenceOnly();
    void repairPutsEveryKindRight();
    void givenKeysOnlyAreCompared();
    void anInterruptLeavesWhatWasFound();
    void aStoreThatIsAwayIsAnError();
    void droppingTakesHashesAndLeasesOnly();
    void fillingInStepsCoversTheTable();
    void manyRowsAndManyDifferences(); // last: the rows stay

private:
    [[nodiscard]] VerifyReport verify(VerifyOptions options = {}) const;
    bool fill();
    QByteArrayList redis(const QByteArrayList &command) const { return m_servers->redis(command); }
    /// "users:5 stale:1 ..." of the only key that differs.
    [[nodiscard]] QByteArray only(const VerifyReport &report) const;

    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
};

namespace {

constexpr int ownKeys = 2; // wt:ok and wt:hb

QByteArrayList words(const char *line)
{
    return QByteArray(line).split(' ');
}

QByteArray textOf(const DifferenceCounts &counts)
{
    QByteArrayList text;
    const auto add = [&](const char *name, qint64 count) {
        if (count > 0)
            text << name + QByteArray(":") + QByteArray::number(count);
    };
    add("stale", counts.staleFields);
    add("missing", counts.missingFields);
    add("onlycache", counts.fieldsOnlyInCache);
    add("version", counts.versions);
    add("type", counts.wrongTypes);
    add("orphan", counts.orphans);
    return text.join(' ');
}

} // namespace

void VerifierTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
    m_users = UsersFixture::make(*m_servers, 12);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"UPDATE users SET last_name = NULL WHERE id = 3"_s));
}

void VerifierTest::cleanupTestCase()
{
    m_servers.reset();
}

void VerifierTest::init()
{
    QVERIFY(m_servers->flushRedis());
    QVERIFY(recoverCache(m_users.mapping, m_users.settings));
    QVERIFY(fill());
}

bool VerifierTest::fill()
{
    Filler filler(m_users.mapping, m_users.settings, nullptr);
    return filler.fillAfter(std::nullopt, [](const FillCounts &) {}).has_value();
}

VerifyReport VerifierTest::verify(VerifyOptions options) const
{
    options.settleTime = milliseconds(20);
    Verifier verifier(m_users.mapping, m_users.settings, std::move(options), nullptr);
    return verifier.verifyAll();
}

QByteArray VerifierTest::only(const VerifyReport &report) const
{
    if (report.error)
        return report.error->message.toUtf8();
    if (report.named.size() != 1 || report.differing != 1)
        return QByteArray::number(report.differing) + " differ";
    return m_users.mapping.hashKey(report.named.front().key) + ' ' + textOf(report.counts);
}

void VerifierTest::equalStoresAgree()
{
    for (const bool quick : {false, true}) {
        VerifyOptions options;
        options.quick = quick;
        const VerifyReport report = verify(std::move(options));
        QVERIFY(!report.error);
        QVERIFY(report.storesAgree());
        QCOMPARE(report.rows, 12);
        QCOMPARE(report.notCached, 0);
        QCOMPARE(report.differing, 0);
        QCOMPARE(report.unsettled, 0);
    }
}

void VerifierTest::eachKindIsFound_data()
{
    QTest::addColumn<QByteArrayList>("planted");
    QTest::addColumn<QByteArray>("found");
    const auto row = [](const char *name, const char *planted, const char *found) {
        QTest::newRow(name) << words(planted) << QByteArray(found);
    };
    row("stale field", "HSET users:5 score 77", "users:5 stale:1");
    row("missing field", "HDEL users:5 dob", "users:5 missing:1");
    row("field of a NULL", "HSET users:3 last Silva", "users:3 onlycache:1");
    row("older version", "HSET users:5 version 1", "users:5 version:1");
    row("newer version", "HSET users:5 version 999999999", "users:5 version:1");
    row("no version", "HDEL users:5 version", "users:5 version:1");
    row("another type", "SET users:77 x", "users:77 type:1");
    row("orphan", "HSET users:77 username ghost version 1", "users:77 orphan:1");
    row("orphan without a field of ours", "HSET users:77 nickname ghost", "users:77 orphan:1");
    row("a row's key in another spelling", "HSET users:005 version 1", "users:005 orphan:1");
}

void VerifierTest::eachKindIsFound()
{
    QFETCH(QByteArrayList, planted);
    QFETCH(QByteArray, found);
    redis(planted);
    const VerifyReport report = verify();
    QCOMPARE(only(report), found);
    QVERIFY(!report.storesAgree());
    QCOMPARE(report.rows, 12);
}

void VerifierTest::severalKindsAtOneKeyAreOneKey()
{
    redis(words("HSET users:5 score 77 first Eve version 999999999"));
    redis(words("HDEL users:5 dob"));
    const VerifyReport report = verify();
    QCOMPARE(only(report), "users:5 stale:2 missing:1 version:1");
    redis(words("DEL users:5"));
    redis(words("RPUSH users:5 x"));
    QCOMPARE(only(verify()), "users:5 type:1");
    redis(words("DEL users:5"));
    redis(words("HSET users:5 nickname x")); // a hash, but nothing of the row is in it
    QCOMPARE(only(verify()), "users:5 missing:9 version:1");
}

void VerifierTest::aSecretColumnIsCompared()
{
    redis(words("HSET users:5 pwhash other"));
    const VerifyReport report = verify();
    QCOMPARE(only(report), "users:5 stale:1");
    const auto secret = static_cast<size_t>(fieldOf(m_users.mapping, "password_hash"));
    QCOMPARE(report.named.front().comparison.fields[secret], FieldDifference::Stale);
}

void VerifierTest::whatIsNoFaultIsNotReported_data()
{
    QTest::addColumn<QByteArrayList>("planted");
    QTest::addColumn<int>("notCached");
    QTest::newRow("an unmapped field") << words("HSET users:5 nickname x") << 0;
    QTest::newRow("another spelling") << words("HSET users:5 created_at 2024-06-21") << 0;
    QTest::newRow("a time to live") << words("PEXPIRE users:5 500000") << 0;
    QTest::newRow("a lease") << words("SET {users:77}:lease x PX 50000") << 0;
    QTest::newRow("not cached") << words("DEL users:5 users:6") << 2;
}

void VerifierTest::whatIsNoFaultIsNotReported()
{
    QFETCH(QByteArrayList, planted);
    QFETCH(int, notCached);
    redis(planted);
    const VerifyReport report = verify();
    QVERIFY(!report.error);
    QCOMPARE(report.differing, 0);
    QCOMPARE(report.unsettled, 0);
    QCOMPARE(report.notCached, notCached);
}

void VerifierTest::namesThatAreNotOursAreLeftAlone()
{
    const QByteArrayList names{"users:vip:5", "users:{5}", "users:", "users:count", "users", "xusers:5", "orders:5"};
    for (const QByteArray &name : names)
        redis({"HSET", name, "version", "1"});
    VerifyOptions options;
    options.repair = true;
    options.otherPrefixes = {"users:vip:", "orders:", "u"};
    const VerifyReport report = verify(std::move(options));
    QVERIFY(!report.error);
    QCOMPARE(report.differing, 0);
    Dropper dropper(m_users.mapping, m_users.settings, {"users:vip:"}, nullptr);
    QVERIFY(dropper.dropAll([](qint64) {}).has_value());
    for (const QByteArray &name : names)
        QCOMPARE(redis({"EXISTS", name}).value(0), "1");
    QCOMPARE(redis({"DBSIZE"}).value(0), QByteArray::number(names.size() + ownKeys));
}

void VerifierTest::aDifferenceThatMendsItselfIsNotReported()
{
    redis(words("HSET users:5 score 77"));
    redis(words("HSET users:6 score 77"));
    redis(words("HSET users:77 version 1"));
    VerifyOptions options;
    // The first look is over when the first progress is told.
    options.progress = [&](const VerifyReport &) { redis(words("HSET users:5 score 0")); };
    QCOMPARE(verify(std::move(options)).differing, 2);
    options.progress = [&](const VerifyReport &report) {
        if (report.rows == 12)
            redis(words("DEL users:77 users:6"));
    };
    const VerifyReport mended = verify(std::move(options));
    QCOMPARE(mended.differing, 0);
    QVERIFY(mended.storesAgree());
}

void VerifierTest::aHashThatGoesOnChangingIsUnsettled()
{
    int version = 1000000;
    VerifyOptions options;
    options.progress = [&](const VerifyReport &) {
        redis({"HSET", "users:5", "version", QByteArray::number(++version)});
    };
    redis(words("HSET users:5 version 1000000"));
    const VerifyReport report = verify(std::move(options));
    QVERIFY(!report.error);
    QCOMPARE(report.differing, 0);
    QCOMPARE(report.unsettled, 1);
}

void VerifierTest::quickSeesVersionsAndPresenceOnly()
{
    VerifyOptions options;
    options.quick = true;
    redis(words("HSET users:5 score 77"));
    QCOMPARE(verify(options).differing, 0);
    redis(words("HSET users:6 version 1"));
    redis(words("SET users:78 x"));
    redis(words("HSET users:77 version 1"));
    redis(words("DEL users:8"));
    const VerifyReport report = verify(options);
    QCOMPARE(textOf(report.counts), "version:1 type:1 orphan:1");
    QCOMPARE(report.differing, 3);
    QCOMPARE(report.notCached, 1);
}

void VerifierTest::repairPutsEveryKindRight()
{
    redis(words("HSET users:5 score 77"));
    redis(words("HDEL users:6 dob"));
    redis(words("HSET users:3 last Silva"));
    redis(words("HSET users:7 version 999999999"));
    redis(words("DEL users:8"));
    redis(words("SET users:8 x"));
    redis(words("HSET users:77 username ghost version 1"));
    redis(words("SET {users:5}:lease old PX 50000"));
    VerifyOptions options;
    options.repair = true;
    const VerifyReport report = verify(std::move(options));
    QVERIFY(!report.error);
    QCOMPARE(report.differing, 6);
    QCOMPARE(report.repaired, 6);
    QVERIFY(report.storesAgree());
    QCOMPARE(redis({"EXISTS", "users:77"}).value(0), "0");
    QCOMPARE(redis({"HGET", "users:5", "score"}).value(0), "0");
    QCOMPARE(redis({"TYPE", "users:8"}).value(0), "hash");
    QCOMPARE(redis({"EXISTS", "{users:5}:lease"}).value(0), "0");
    const VerifyReport after = verify();
    QCOMPARE(after.differing, 0);
    QCOMPARE(after.notCached, 0);
}

void VerifierTest::givenKeysOnlyAreCompared()
{
    redis(words("HSET users:5 score 77"));
    redis(words("HSET users:6 score 77"));
    redis(words("HSET users:77 version 1"));
    redis(words("DEL users:9"));
    VerifyOptions options;
    options.settleTime = milliseconds(20);
    Verifier verifier(m_users.mapping, m_users.settings, options, nullptr);
    QCOMPARE(only(verifier.verify({{"5"}, {"7"}, {"9"}, {"500"}})), "users:5 stale:1");
    QCOMPARE(verifier.verify({{"7"}, {"9"}}).notCached, 1);
    QCOMPARE(only(verifier.verify({{"77"}})), "users:77 orphan:1");
    QCOMPARE(verifier.verify({}).differing, 0);
}

void VerifierTest::manyRowsAndManyDifferences()
{
    PgConnection connection({m_users.settings.conninfo, u"test"_s}, nullptr);
    QVERIFY(connection.open().has_value());
    QVERIFY(copySampleUsers(connection, m_users.mapping, 13, 20'000, Clock::now() + milliseconds(60000)).has_value());
    QVERIFY(fill());
    const VerifyReport equal = verify();
    QCOMPARE(equal.rows, 20'012);
    QCOMPARE(equal.differing + equal.notCached + equal.unsettled, 0);
    // Foreign SQL that nobody pushes: every hash is stale.
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"UPDATE users SET score = score + 1"_s));
    VerifyOptions options;
    options.repair = true;
    const VerifyReport stale = verify(std::move(options));
    QVERIFY(!stale.error);
    QCOMPARE(stale.differing, 20'012);
    QCOMPARE(stale.repaired, 20'012);
    QCOMPARE(stale.counts.staleFields, 20'012);
    QCOMPARE(stale.named.size(), VerifyReport::mostNamed);
    QCOMPARE(stale.named.front().key.text, "1");
    QCOMPARE(verify().differing, 0);
}

void VerifierTest::anInterruptLeavesWhatWasFound()
{
    redis(words("HSET users:5 score 77"));
    Interrupt interrupt;
    VerifyOptions options;
    options.settleTime = milliseconds(600'000); // the wait for the second look is what is ended
    options.progress = [&](const VerifyReport &) { interrupt.raise(); };
    Verifier verifier(m_users.mapping, m_users.settings, std::move(options), &interrupt);
    const VerifyReport report = verifier.verifyAll();
    QVERIFY(report.error.has_value());
    QCOMPARE(report.error->kind, ErrorKind::Interrupted);
    QCOMPARE(report.rows, 12);
    QCOMPARE(report.unsettled, 1);
}

void VerifierTest::aStoreThatIsAwayIsAnError()
{
    EngineSettings settings = m_users.settings;
    settings.redis.socketPath = u"/nonexistent/redis.sock"_s;
    settings.redis.transport = RedisUrl::Transport::Unix;
    Verifier verifier(m_users.mapping, settings, {}, nullptr);
    const VerifyReport report = verifier.verifyAll();
    QVERIFY(report.error.has_value());
    QCOMPARE(report.error->kind, ErrorKind::Unreachable);
}

void VerifierTest::droppingTakesHashesAndLeasesOnly()
{
    redis(words("SET {users:5}:lease x PX 500000"));
    redis(words("SET {users:77}:lease x PX 500000"));
    redis(words("SET users:78 x"));
    Dropper dropper(m_users.mapping, m_users.settings, {}, nullptr);
    qint64 dropped = 0;
    const auto count = [&](qint64 now) { dropped = now; };
    QVERIFY(dropper.drop({{"1"}, {"5"}, {"500"}}, count).has_value());
    QCOMPARE(dropped, 2);
    QCOMPARE(redis({"EXISTS", "users:1", "users:5", "{users:5}:lease"}).value(0), "0");
    QCOMPARE(redis({"EXISTS", "users:2", "{users:77}:lease"}).value(0), "2");
    QVERIFY(dropper.dropAll(count).has_value());
    QCOMPARE(dropped, 11);
    QCOMPARE(redis({"DBSIZE"}).value(0), QByteArray::number(ownKeys));
}

void VerifierTest::fillingInStepsCoversTheTable()
{
    Dropper dropper(m_users.mapping, m_users.settings, {}, nullptr);
    QVERIFY(dropper.drop({{"1"}, {"5"}}, [](qint64) {}).has_value());
    Filler filler(m_users.mapping, m_users.settings, nullptr);
    FillCounts counts;
    const auto take = [&](const FillCounts &now) { counts = now; };
    QVERIFY(filler.fillAfter(RowKey{"1"}, take).has_value());
    QCOMPARE(counts.rows, 11);
    QCOMPARE(counts.filled, 1);
    const std::vector<RowKey> keys{{"1"}, {"2"}, {"500"}};
    QVERIFY(filler.fillEach(keys, take).has_value());
    QCOMPARE(counts.rows, 3);
    QCOMPARE(counts.filled, 1);
    QCOMPARE(verify().notCached, 0);
}

QTEST_GUILESS_MAIN(VerifierTest)
#include "tst_verifier.moc"
