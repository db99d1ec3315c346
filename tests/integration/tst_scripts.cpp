// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/value.h"
#include "stores/redis/luascript.h"
#include "stores/redis/rowcache.h"
#include "testservers.h"

#include <QTest>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

constexpr auto hashKey = "users:1";
constexpr auto leaseKey = "{users:1}:lease";

/// What wt_put is told of one key: two fields, first and last.
struct Put
{
    char mode = 'U';
    QByteArray version = {};
    QByteArray token = {};
    Value first = "Ana"_ba;
    Value last = "Berg"_ba;
};

QList<QByteArray> arguments(const Put &put)
{
    QByteArray mask;
    QList<QByteArray> values;
    if (put.mode != 'D') {
        for (const Value &value : {put.first, put.last}) {
            mask += value ? '1' : '0';
            if (value)
                values << *value;
        }
    }
    return QList<QByteArray>{QByteArray(1, put.mode), put.version, put.token, mask} + values;
}

} // namespace

/// The two scripts on a real Redis, each rule by itself: what keeps an older value from ever replacing a newer one.
class ScriptsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    void aWriterNeverCreatesAHash();
    void aWriterReplacesOnlyAnOlderVersion_data();
    void aWriterReplacesOnlyAnOlderVersion();
    void aBadVersionIsRefusedAndChangesNothing_data();
    void aBadVersionIsRefusedAndChangesNothing();
    void aDeleteTakesTheHashUnlessItIsNewer();
    void nullRemovesTheFieldAndOtherFieldsStay();
    void aHashOfNullsOnlyStillHoldsItsVersion();
    void theTtlStaysUnlessThePolicyHasOne();
    void everyWriterEndsTheLease();
    void onlyTheTokenOfTheLeaseMayFill();
    void aFillNeverReplacesANewerHash();
    void readersOfOneMissShareTheToken();
    void aReadOfAHitChangesNothing();
    void aLeaseEndsByItself();
    void anotherTypeAtTheKeyIsTakenAway();
    void oneCallPutsSeveralHashes();
    void aWideRowIsStoredWhole();
    void manyPutsAreAnsweredInOrder();
    void manyReadsGiveALeasePerMiss();
    void aForgottenScriptIsSentOnce();
    void aRefusedCallIsTheErrorOfItsKeysOnly();

private:
    QByteArray put(const Put &what, qint64 ttlMs = 0);
    [[nodiscard]] QByteArray field(const char *name) { return m_servers->redis({"HGET", hashKey, name}).value(0); }
    [[nodiscard]] bool exists(const char *key) { return m_servers->redis({"EXISTS", key}).value(0) == "1"; }
    void plant(const QByteArray &version);
    /// A miss: the token.
    QByteArray read(const QByteArray &freshToken);
    [[nodiscard]] QByteArrayList call(const LuaScript &script, const QByteArrayList &keys,
                                      const QByteArrayList &arguments);

    std::unique_ptr<TestServers> m_servers;
};

namespace {

Instant soon()
{
    return Clock::now() + milliseconds(10000);
}

/// The cache of a mapping with the fields first and last, over a connection of its own.
struct Cache
{
    explicit Cache(const QString &url)
        : redis({RedisUrl::parse(url).value_or(RedisUrl()), u"test"_s}, nullptr)
        , cache(redis, mapping(), milliseconds(5000))
    {
    }

    [[nodiscard]] static Mapping mapping()
    {
        Mapping mapping;
        mapping.config.prefix = "users:"_ba;
        mapping.fields.resize(2);
        mapping.fields[0].hashField = "first"_ba;
        mapping.fields[1].hashField = "last"_ba;
        return mapping;
    }

    RedisContext redis;
    RowCache cache;
};

RowKey keyOf(int number)
{
    return {QByteArray::number(number)};
}

/// Rows 1 to count at version 5.
std::vector<Row> numberedRows(int count)
{
    std::vector<Row> rows;
    for (int i = 1; i <= count; ++i)
        rows.push_back({keyOf(i), {5}, {QByteArray::number(i), std::nullopt}});
    return rows;
}

} // namespace

void ScriptsTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void ScriptsTest::cleanupTestCase()
{
    m_servers.reset();
}

void ScriptsTest::init()
{
    QVERIFY(m_servers->flushRedis());
}

QByteArrayList ScriptsTest::call(const LuaScript &script, const QByteArrayList &keys, const QByteArrayList &arguments)
{
    return m_servers->redis(QByteArrayList{"EVAL", script.text(), QByteArray::number(keys.size())} + keys + arguments);
}

QByteArray ScriptsTest::put(const Put &what, qint64 ttlMs)
{
    return call(LuaScript::put(), {hashKey, leaseKey},
                QByteArrayList{QByteArray::number(ttlMs), "2", "first", "last"} + arguments(what))
        .value(0);
}

QByteArray ScriptsTest::read(const QByteArray &freshToken)
{
    const QByteArrayList reply = call(LuaScript::read(), {hashKey, leaseKey}, {freshToken, "5000"});
    return reply.value(0) == "0" ? reply.value(1) : QByteArray();
}

void ScriptsTest::plant(const QByteArray &version)
{
    m_servers->redis({"HSET", hashKey, "version", version, "first", "old", "last", "old", "nickname", "kept"});
}

void ScriptsTest::aWriterNeverCreatesAHash()
{
    QCOMPARE(put({.version = "5"}), "absent");
    QCOMPARE(put({.version = "5", .token = "made up"}), "absent");
    QCOMPARE(put({.mode = 'D', .version = "5"}), "absent");
    QVERIFY(!exists(hashKey));
}

void ScriptsTest::aWriterReplacesOnlyAnOlderVersion_data()
{
    QTest::addColumn<QByteArray>("stored");
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char *name, const char *stored, const char *given, const char *answer) {
        QTest::newRow(name) << QByteArray(stored) << QByteArray(given) << QByteArray(answer);
    };
    row("newer", "5", "6", "updated");
    row("the same", "6", "6", "newer");
    row("older", "7", "6", "newer");
    row("one digit more", "9", "10", "updated");
    row("one digit less", "10", "9", "newer");
    row("above 2^53", "9007199254740992", "9007199254740993", "updated");
    row("above 2^53, the other way", "9007199254740993", "9007199254740992", "newer");
    row("the largest", "9223372036854775806", "9223372036854775807", "updated");
    row("below the largest", "9223372036854775807", "9223372036854775806", "newer");
    row("zero", "0", "1", "updated");
    row("no number", "abc", "1", "updated");
    row("leading zero", "09", "1", "updated");
    row("negative", "-5", "1", "updated");
    row("fraction", "7.5", "1", "updated");
    row("exponent", "1e9", "1", "updated");
    row("too long for a number", "99999999999999999999", "1", "updated");
    row("empty", "", "1", "updated");
    row("white space", " 7", "1", "updated");
}

void ScriptsTest::aWriterReplacesOnlyAnOlderVersion()
{
    QFETCH(QByteArray, stored);
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, answer);
    plant(stored);
    QCOMPARE(put({.version = given}), answer);
    const bool updated = answer == "updated";
    QCOMPARE(field("version"), updated ? given : stored);
    QCOMPARE(field("first"), updated ? "Ana"_ba : "old"_ba);
    QCOMPARE(field("last"), updated ? "Berg"_ba : "old"_ba);
}

void ScriptsTest::aBadVersionIsRefusedAndChangesNothing_data()
{
    QTest::addColumn<QByteArray>("version");
    for (const char *version : {"", "0", "-1", "01", "abc", "1.0", "1e3", " 1", "99999999999999999999"})
        QTest::newRow(version) << QByteArray(version);
}

void ScriptsTest::aBadVersionIsRefusedAndChangesNothing()
{
    QFETCH(QByteArray, version);
    plant("junk");
    for (const char mode : {'U', 'D', 'F'})
        QCOMPARE(put({.mode = mode, .version = version}), "badversion");
    QCOMPARE(field("version"), "junk");
    QCOMPARE(field("first"), "old");
}

void ScriptsTest::aDeleteTakesTheHashUnlessItIsNewer()
{
    plant("7");
    QCOMPARE(put({.mode = 'D', .version = "6"}), "newer");
    QVERIFY(exists(hashKey));
    QCOMPARE(put({.mode = 'D', .version = "7"}), "deleted");
    QVERIFY(!exists(hashKey));
    QCOMPARE(put({.version = "6"}), "absent"); // a late writer does not bring it back
    QVERIFY(!exists(hashKey));
}

void ScriptsTest::nullRemovesTheFieldAndOtherFieldsStay()
{
    plant("1");
    QCOMPARE(put({.version = "2", .last = std::nullopt}), "updated");
    QCOMPARE(field("first"), "Ana");
    QCOMPARE(m_servers->redis({"HEXISTS", hashKey, "last"}).value(0), "0");
    QCOMPARE(field("nickname"), "kept");
    QCOMPARE(put({.version = "3", .first = QByteArray("")}), "updated");
    QCOMPARE(m_servers->redis({"HEXISTS", hashKey, "first"}).value(0), "1");
    QCOMPARE(m_servers->redis({"HSTRLEN", hashKey, "first"}).value(0), "0");
}

void ScriptsTest::aHashOfNullsOnlyStillHoldsItsVersion()
{
    m_servers->redis({"HSET", hashKey, "first", "old", "last", "old"});
    m_servers->redis({"PEXPIRE", hashKey, "500000"});
    QCOMPARE(put({.version = "2", .first = std::nullopt, .last = std::nullopt}), "updated");
    QCOMPARE(m_servers->redis({"HGETALL", hashKey}), QByteArrayList({"version", "2"}));
    QVERIFY(m_servers->redis({"PTTL", hashKey}).value(0).toInt() > 400000); // the key was never gone in between
}

void ScriptsTest::theTtlStaysUnlessThePolicyHasOne()
{
    plant("1");
    QCOMPARE(put({.version = "2"}), "updated");
    QCOMPARE(m_servers->redis({"PTTL", hashKey}).value(0), "-1");
    m_servers->redis({"PEXPIRE", hashKey, "500000"});
    QCOMPARE(put({.version = "3"}), "updated");
    const int kept = m_servers->redis({"PTTL", hashKey}).value(0).toInt();
    QVERIFY(kept > 400000 && kept <= 500000);
    QCOMPARE(put({.version = "4"}, 90000000), "updated");
    QVERIFY(m_servers->redis({"PTTL", hashKey}).value(0).toInt() > 80000000);
    QCOMPARE(put({.version = "3"}, 1), "newer"); // who writes nothing sets no TTL
    QVERIFY(m_servers->redis({"PTTL", hashKey}).value(0).toInt() > 80000000);
}

void ScriptsTest::everyWriterEndsTheLease()
{
    for (const char mode : {'U', 'D'}) {
        const QByteArray token = read("token");
        QCOMPARE(token, "token");
        QCOMPARE(put({.mode = mode, .version = "2"}), "absent");
        QVERIFY(!exists(leaseKey));
        // The reader read the row before the writer came: what it has may be old.
        QCOMPARE(put({.mode = 'F', .version = "1", .token = token}), "absent");
        QVERIFY(!exists(hashKey));
    }
    read("token");
    plant("9");
    QCOMPARE(put({.version = "2"}), "newer");
    QVERIFY(!exists(leaseKey));
}

void ScriptsTest::onlyTheTokenOfTheLeaseMayFill()
{
    QCOMPARE(put({.mode = 'F', .version = "1"}), "absent");
    QCOMPARE(put({.mode = 'F', .version = "1", .token = "token"}), "absent"); // there is no lease
    const QByteArray token = read("token");
    QCOMPARE(put({.mode = 'F', .version = "1"}), "absent");
    QCOMPARE(put({.mode = 'F', .version = "1", .token = "other"}), "absent");
    QVERIFY(!exists(hashKey));
    QVERIFY(exists(leaseKey)); // a failed fill is no writer
    QCOMPARE(put({.mode = 'F', .version = "1", .token = token}), "filled");
    QCOMPARE(field("first"), "Ana");
    QCOMPARE(field("version"), "1");
    QVERIFY(!exists(leaseKey));
    // An insert took the lease before its row could exist.
    m_servers->redis({"DEL", hashKey});
    QCOMPARE(put({.version = "5", .token = read("another")}, 90000), "filled");
    QVERIFY(m_servers->redis({"PTTL", hashKey}).value(0).toInt() > 80000);
    m_servers->redis({"DEL", hashKey});
    QCOMPARE(put({.mode = 'D', .version = "5", .token = read("third")}), "absent"); // a delete fills nothing
    QVERIFY(!exists(hashKey));
}

void ScriptsTest::aFillNeverReplacesANewerHash()
{
    const QByteArray token = read("token");
    plant("7");
    QCOMPARE(put({.mode = 'F', .version = "6", .token = token}), "newer");
    QCOMPARE(field("version"), "7");
    QCOMPARE(field("first"), "old");
}

void ScriptsTest::readersOfOneMissShareTheToken()
{
    QCOMPARE(read("mine"), "mine");
    QCOMPARE(read("yours"), "mine");
    QCOMPARE(put({.mode = 'F', .version = "3", .token = "mine"}), "filled");
    QCOMPARE(put({.mode = 'F', .version = "3", .token = "mine"}), "newer");
}

void ScriptsTest::aReadOfAHitChangesNothing()
{
    plant("7");
    const QByteArrayList reply = call(LuaScript::read(), {hashKey, leaseKey}, {"token", "5000"});
    QCOMPARE(reply.value(0), "1");
    QCOMPARE(reply.size(), 9);
    QVERIFY(reply.contains("nickname"));
    QVERIFY(!exists(leaseKey));
}

void ScriptsTest::aLeaseEndsByItself()
{
    read("token");
    const int left = m_servers->redis({"PTTL", leaseKey}).value(0).toInt();
    QVERIFY(left > 0 && left <= 5000);
    m_servers->redis({"PEXPIRE", leaseKey, "1"});
    QTRY_VERIFY(!exists(leaseKey));
    QCOMPARE(put({.mode = 'F', .version = "1", .token = "token"}), "absent");
}

void ScriptsTest::anotherTypeAtTheKeyIsTakenAway()
{
    m_servers->redis({"RPUSH", hashKey, "a"});
    QCOMPARE(put({.version = "1"}), "absent");
    QVERIFY(!exists(hashKey));
    m_servers->redis({"SET", hashKey, "a"});
    const QByteArray token = read("token");
    QCOMPARE(token, "token");
    QVERIFY(!exists(hashKey));
    m_servers->redis({"SADD", hashKey, "a"});
    QCOMPARE(put({.mode = 'F', .version = "1", .token = token}), "filled");
    QCOMPARE(field("first"), "Ana");
}

void ScriptsTest::oneCallPutsSeveralHashes()
{
    m_servers->redis({"HSET", "users:1", "version", "1"});
    m_servers->redis({"HSET", "users:2", "version", "9"});
    m_servers->redis({"HSET", "users:3", "version", "1"});
    const QByteArrayList replies =
        call(LuaScript::put(),
             {"users:1", "{users:1}:lease", "users:2", "{users:2}:lease", "users:3", "{users:3}:lease", "users:4",
              "{users:4}:lease", "users:5", "{users:5}:lease"},
             QByteArrayList{"0", "2", "first", "last"} + arguments({.version = "5", .last = std::nullopt}) +
                 arguments({.version = "6"}) + arguments({.mode = 'D', .version = "7"}) + arguments({.version = "0"}) +
                 arguments({.version = "8"}));
    QCOMPARE(replies, QByteArrayList({"updated", "newer", "deleted", "badversion", "absent"}));
    QCOMPARE(m_servers->redis({"HGET", "users:1", "first"}).value(0), "Ana");
    QCOMPARE(m_servers->redis({"HGET", "users:2", "version"}).value(0), "9");
}

void ScriptsTest::aWideRowIsStoredWhole()
{
    m_servers->redis({"HSET", hashKey, "version", "1"});
    QByteArrayList words{"0", "3000"};
    QByteArrayList values;
    for (int i = 0; i < 3000; ++i) {
        words << "f" + QByteArray::number(i);
        values << QByteArray::number(i);
    }
    const QByteArrayList reply = call(LuaScript::put(), {hashKey, leaseKey},
                                      words + QByteArrayList{"U", "2", "", QByteArray(3000, '1')} + values);
    QCOMPARE(reply.value(0), "updated");
    QCOMPARE(m_servers->redis({"HLEN", hashKey}).value(0), "3001");
    QCOMPARE(m_servers->redis({"HGET", hashKey, "f2999"}).value(0), "2999");
}

void ScriptsTest::manyPutsAreAnsweredInOrder()
{
    Cache cache(m_servers->redisUrl());
    QVERIFY(cache.redis.open().has_value());
    const std::vector<Row> rows = numberedRows(300);
    std::vector<RowKey> misses;
    std::vector<CachePut> puts;
    std::vector<PutReply> expected;
    for (const Row &row : rows) {
        const QByteArray name = "users:" + row.key.text;
        switch (puts.size() % 5) {
        case 0: // a fill under its lease
            misses.push_back(row.key);
            puts.push_back({'F', row.key, row.version, {}, &row});
            expected.push_back(PutReply::Filled);
            break;
        case 1:
            m_servers->redis({"HSET", name, "version", "4", "first", "old", "last", "old"});
            puts.push_back({'U', row.key, row.version, {}, &row});
            expected.push_back(PutReply::Updated);
            break;
        case 2:
            m_servers->redis({"HSET", name, "version", "6"});
            puts.push_back({'U', row.key, row.version, {}, &row});
            expected.push_back(PutReply::Newer);
            break;
        case 3:
            m_servers->redis({"HSET", name, "version", "5"});
            puts.push_back({'D', row.key, row.version, {}});
            expected.push_back(PutReply::Deleted);
            break;
        default:
            puts.push_back({'U', row.key, row.version, {}, &row});
            expected.push_back(PutReply::Absent);
        }
    }
    const auto reads = cache.cache.readMany(misses, soon());
    QVERIFY(reads.has_value());
    for (size_t i = 0; i < reads->size(); ++i)
        puts[i * 5].token = (*reads)[i].leaseToken;
    const auto answers = cache.cache.putMany(puts, soon());
    QVERIFY(answers.has_value());
    QCOMPARE(answers->size(), puts.size());
    for (size_t i = 0; i < puts.size(); ++i) {
        QVERIFY((*answers)[i].has_value());
        QCOMPARE(*(*answers)[i], expected[i]);
    }
    QCOMPARE(m_servers->redis({"HGETALL", "users:256"}), QByteArrayList({"version", "5", "first", "256"}));
    QCOMPARE(m_servers->redis({"HMGET", "users:2", "version", "first", "last"}),
             QByteArrayList({"5", "2", QByteArray()}));
    QVERIFY(cache.cache.putMany({}, soon()).value().empty());
}

void ScriptsTest::manyReadsGiveALeasePerMiss()
{
    Cache cache(m_servers->redisUrl());
    QVERIFY(cache.redis.open().has_value());
    plant("7");
    const std::vector<RowKey> keys{keyOf(1), keyOf(2), keyOf(3)};
    const auto reads = cache.cache.readMany(keys, soon());
    QVERIFY(reads.has_value());
    QCOMPARE(reads->size(), size_t(3));
    QVERIFY((*reads)[0].hit && !(*reads)[1].hit && !(*reads)[2].hit);
    QVERIFY(!exists(leaseKey));
    QCOMPARE(m_servers->redis({"GET", "{users:2}:lease"}).value(0), (*reads)[1].leaseToken);
    QCOMPARE(m_servers->redis({"GET", "{users:3}:lease"}).value(0), (*reads)[2].leaseToken);
    QVERIFY(!(*reads)[2].leaseToken.isEmpty());
}

void ScriptsTest::aForgottenScriptIsSentOnce()
{
    Cache cache(m_servers->redisUrl());
    QVERIFY(cache.redis.open().has_value());
    const std::vector<Row> rows = numberedRows(300);
    std::vector<CachePut> puts;
    for (const Row &row : rows) {
        m_servers->redis({"HSET", "users:" + row.key.text, "version", "1"});
        puts.push_back({'U', row.key, row.version, {}, &row});
    }
    for (int round = 0; round < 2; ++round) {
        m_servers->redis({"SCRIPT", "FLUSH"});
        m_servers->redis({"CONFIG", "RESETSTAT"});
        const auto answers = cache.cache.putMany(puts, soon());
        QVERIFY(answers.has_value());
        for (const auto &answer : *answers)
            QCOMPARE(answer.value(), round == 0 ? PutReply::Updated : PutReply::Newer);
        const QByteArray calls = m_servers->redis({"INFO", "commandstats"}).value(0);
        QVERIFY2(calls.contains("cmdstat_eval:calls=1,"), calls.constData());
        QVERIFY2(calls.contains("cmdstat_evalsha:calls=5,"), calls.constData()); // 3 unknown ones, then 2
    }
}

void ScriptsTest::aRefusedCallIsTheErrorOfItsKeysOnly()
{
    Cache cache(m_servers->redisUrl());
    QVERIFY(cache.redis.open().has_value());
    std::vector<Row> rows = numberedRows(300);
    rows[290].values[1] = QByteArray(32 << 20, 'x'); // so large that its call alone is over the limit
    std::vector<CachePut> puts;
    for (const Row &row : rows) {
        m_servers->redis({"HSET", "users:" + row.key.text, "version", "1"});
        puts.push_back({'U', row.key, row.version, {}, &row});
    }
    // The script is known then: a repetition would meet the buffers that the large call leaves behind.
    QVERIFY(cache.cache.putMany(std::span(puts).first(1), soon()).has_value());
    const QByteArray memory = m_servers->redis({"INFO", "memory"}).value(0);
    const qsizetype at = memory.indexOf("used_memory:") + 12;
    const qint64 used = memory.mid(at, memory.indexOf('\r', at) - at).toLongLong();
    QCOMPARE(m_servers->redis({"CONFIG", "SET", "maxmemory", QByteArray::number(used + (16 << 20))}).value(0), "OK");
    const auto answers = cache.cache.putMany(puts, soon());
    m_servers->redis({"CONFIG", "SET", "maxmemory", "0"});
    QVERIFY(answers.has_value());
    QCOMPARE(answers->size(), size_t(300));
    for (size_t i = 0; i < answers->size(); ++i) {
        const bool refused = i >= 256;
        QCOMPARE((*answers)[i].has_value(), !refused);
        if (refused)
            QCOMPARE((*answers)[i].error().kind, ErrorKind::OutOfMemory);
    }
    QCOMPARE(m_servers->redis({"HGET", "users:256", "version"}).value(0), "5");
    QCOMPARE(m_servers->redis({"HGET", "users:257", "version"}).value(0), "1");
}

QTEST_GUILESS_MAIN(ScriptsTest)
#include "tst_scripts.moc"
