// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rowreader.h"
#include "engine/writethrough.h"
#include "usersfixture.h"

#include <QTest>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

/// One edit through both real stores, and what becomes of it when one of them refuses or is away.
class WriteThroughTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    void updateReachesBothStores();
    void updateKeepsTtlAndUnmappedFields();
    void nullRemovesTheField();
    void emptyTextIsNotNull();
    void anAbsentHashIsWarmed();
    void warmNeverLeavesItAbsent();
    void insertTakesTheNextKeyAndIsCached();
    void aTypedKeyRaisesTheSequence();
    void deleteLeavesBothStores();
    void staleBaseIsAConflictThatShowsTheirs();
    void editOfADeletedRowIsAConflictWithoutRow();
    void refusedValuesNameColumnAndReason_data();
    void refusedValuesNameColumnAndReason();
    void aRefusedEditChangesNeitherStore();
    void redisAwayIsCommittedCachePending();
    void postgresAwayIsUnavailableAndNothingIsWritten();
    void redisComesBack();
    void postgresComesBack();
    void scriptFlushIsHealed();
    void anotherTypeAtTheKeyIsMended();
    void foreignWriterGetsAVersionAndAnOutboxRow();
    void lockedRowIsRejectedWithTheReason();
    void aFaultFreeEditOfACachedRowCostsOneCallEach();
    void statementsAndCallsAreCountedByTheServers();

private:
    [[nodiscard]] Edit update(const char *key, const char *column, const Value &value);
    [[nodiscard]] Row rowOf(const char *key);
    [[nodiscard]] QByteArray hashField(const char *key, const char *field);
    [[nodiscard]] std::optional<QByteArray> sql(const char *text);

    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
    std::unique_ptr<WriteThrough> m_engine;
    std::unique_ptr<RowReader> m_reader;
};

void WriteThroughTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void WriteThroughTest::cleanupTestCase()
{
    m_engine.reset();
    m_reader.reset();
    m_servers.reset();
}

void WriteThroughTest::init()
{
    m_engine.reset();
    m_reader.reset();
    m_users = UsersFixture::make(*m_servers);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    m_engine = std::make_unique<WriteThrough>(m_users.mapping, m_users.settings, nullptr);
    m_reader = std::make_unique<RowReader>(m_users.mapping, m_users.settings, nullptr);
}

Row WriteThroughTest::rowOf(const char *key)
{
    const RowPair pair = m_reader->pair({key});
    return pair.row.value_or(Row());
}

Edit WriteThroughTest::update(const char *key, const char *column, const Value &value)
{
    Edit edit;
    edit.op = OpId::create();
    edit.key = {key};
    edit.base = rowOf(key).version;
    edit.changes = {{fieldOf(m_users.mapping, column), value}};
    return edit;
}

QByteArray WriteThroughTest::hashField(const char *key, const char *field)
{
    return m_servers->redis({"HGET", QByteArray("users:") + key, field}).value(0);
}

std::optional<QByteArray> WriteThroughTest::sql(const char *text)
{
    return m_servers->scalar(m_users.settings.conninfo, QString::fromLatin1(text));
}

void WriteThroughTest::updateReachesBothStores()
{
    const Outcome outcome = m_engine->write(update("1", "score", "4711"));
    QVERIFY2(!outcome.error, qPrintable(outcome.error ? outcome.error->message : QString()));
    QCOMPARE(outcome.verdict, Verdict::Committed);
    QVERIFY(outcome.row);
    QCOMPARE(sql("SELECT score::text FROM users WHERE id = 1"), "4711");
    QCOMPARE(hashField("1", "score"), "4711");
    QCOMPARE(hashField("1", "version"), QByteArray::number(outcome.row->version.number));
    QCOMPARE(m_reader->pair({"1"}).comparison.row, RowDifference::Same);
    QVERIFY(outcome.timings.postgres.count() > 0);
    QVERIFY(outcome.timings.redis.count() > 0);
}

void WriteThroughTest::updateKeepsTtlAndUnmappedFields()
{
    std::ignore = m_engine->write(update("1", "score", "1"));
    m_servers->redis({"PEXPIRE", "users:1", "500000"});
    m_servers->redis({"HSET", "users:1", "nickname", "ful"});
    QCOMPARE(m_engine->write(update("1", "score", "2")).verdict, Verdict::Committed);
    QVERIFY(m_servers->redis({"PTTL", "users:1"}).value(0).toLongLong() > 400000);
    QCOMPARE(hashField("1", "nickname"), "ful");
    QCOMPARE(hashField("1", "score"), "2");
}

void WriteThroughTest::nullRemovesTheField()
{
    std::ignore = m_engine->write(update("1", "score", "1"));
    const Outcome outcome = m_engine->write(update("1", "first_name", std::nullopt));
    QCOMPARE(outcome.verdict, Verdict::Committed);
    QCOMPARE(sql("SELECT first_name FROM users WHERE id = 1"), std::optional<QByteArray>());
    QCOMPARE(m_servers->redis({"HEXISTS", "users:1", "first"}).value(0), "0");
    QCOMPARE(m_reader->pair({"1"}).comparison.row, RowDifference::Same);
}

void WriteThroughTest::emptyTextIsNotNull()
{
    QCOMPARE(m_engine->write(update("1", "first_name", QByteArray(""))).verdict, Verdict::Committed);
    QCOMPARE(sql("SELECT first_name FROM users WHERE id = 1"), std::optional<QByteArray>(""));
    QCOMPARE(m_servers->redis({"HEXISTS", "users:1", "first"}).value(0), "1");
}

void WriteThroughTest::anAbsentHashIsWarmed()
{
    QCOMPARE(m_servers->redis({"EXISTS", "users:2"}).value(0), "0");
    QCOMPARE(m_engine->write(update("2", "score", "7")).verdict, Verdict::Committed);
    QCOMPARE(hashField("2", "username"), "user2");
    QCOMPARE(hashField("2", "score"), "7");
    QCOMPARE(m_servers->redis({"EXISTS", "{users:2}:lease"}).value(0), "0");
}

void WriteThroughTest::warmNeverLeavesItAbsent()
{
    Mapping cold = m_users.mapping;
    cold.config.warm = WarmPolicy::Never;
    WriteThrough engine(cold, m_users.settings, nullptr);
    QCOMPARE(engine.write(update("2", "score", "7")).verdict, Verdict::Committed);
    QCOMPARE(m_servers->redis({"EXISTS", "users:2"}).value(0), "0");
}

void WriteThroughTest::insertTakesTheNextKeyAndIsCached()
{
    Edit edit;
    edit.op = OpId::create();
    edit.kind = EditKind::Insert;
    edit.changes = {{fieldOf(m_users.mapping, "username"), "ana"},
                    {fieldOf(m_users.mapping, "email"), "ana@example.org"},
                    {fieldOf(m_users.mapping, "password_hash"), "y"}};
    const Outcome outcome = m_engine->write(edit);
    QCOMPARE(outcome.verdict, Verdict::Committed);
    QCOMPARE(outcome.key.text, "4");
    QCOMPARE(sql("SELECT username FROM users WHERE id = 4"), "ana");
    QCOMPARE(hashField("4", "username"), "ana");
    QCOMPARE(m_reader->pair({"4"}).comparison.row, RowDifference::Same);
}

void WriteThroughTest::aTypedKeyRaisesTheSequence()
{
    const auto add = [&](const char *key) {
        Edit edit;
        edit.op = OpId::create();
        edit.kind = EditKind::Insert;
        edit.key = {key};
        const QByteArray name = "user" + QByteArray(key) + "x";
        edit.changes = {{fieldOf(m_users.mapping, "username"), name},
                        {fieldOf(m_users.mapping, "email"), name},
                        {fieldOf(m_users.mapping, "password_hash"), "y"}};
        const Outcome outcome = m_engine->write(edit);
        return outcome.verdict == Verdict::Committed ? outcome.key.text : QByteArray();
    };
    QCOMPARE(add("60"), "60");
    QCOMPARE(add(""), "61");
    QCOMPARE(add("20"), "20");
    QCOMPARE(sql("SELECT (nextval('users_id_seq') > 61)::text"), "true");
}

void WriteThroughTest::deleteLeavesBothStores()
{
    std::ignore = m_engine->write(update("3", "score", "1"));
    Edit edit;
    edit.op = OpId::create();
    edit.kind = EditKind::Delete;
    edit.key = {"3"};
    edit.base = rowOf("3").version;
    QCOMPARE(m_engine->write(edit).verdict, Verdict::Committed);
    QCOMPARE(m_servers->redis({"EXISTS", "users:3"}).value(0), "0");
    QCOMPARE(sql("SELECT count(*)::text FROM users"), "2");
    QCOMPARE(m_reader->pair({"3"}).comparison.row, RowDifference::Neither);
}

void WriteThroughTest::staleBaseIsAConflictThatShowsTheirs()
{
    Edit mine = update("1", "score", "1");
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"UPDATE users SET score = 99 WHERE id = 1"_s));
    const Outcome outcome = m_engine->write(mine);
    QCOMPARE(outcome.verdict, Verdict::Conflict);
    QVERIFY(outcome.row);
    QCOMPARE(outcome.row->values[static_cast<size_t>(fieldOf(m_users.mapping, "score"))], Value("99"));
    QCOMPARE(sql("SELECT score::text FROM users WHERE id = 1"), "99");
    QVERIFY(outcome.row->version > mine.base);
}

void WriteThroughTest::editOfADeletedRowIsAConflictWithoutRow()
{
    Edit mine = update("1", "score", "1");
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"DELETE FROM users WHERE id = 1"_s));
    const Outcome outcome = m_engine->write(mine);
    QCOMPARE(outcome.verdict, Verdict::Conflict);
    QVERIFY(!outcome.row);
    QVERIFY(!outcome.error);
}

void WriteThroughTest::refusedValuesNameColumnAndReason_data()
{
    QTest::addColumn<QByteArray>("column");
    QTest::addColumn<bool>("null");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("too long") << "username"_ba << false << QByteArray(256, 'a') << ErrorKind::InvalidValue;
    QTest::newRow("no number") << "score"_ba << false << "abc"_ba << ErrorKind::InvalidValue;
    QTest::newRow("too large") << "score"_ba << false << "99999999999"_ba << ErrorKind::InvalidValue;
    QTest::newRow("no date") << "date_of_birth"_ba << false << "1981-02-30"_ba << ErrorKind::InvalidValue;
    QTest::newRow("taken") << "username"_ba << false << "user2"_ba << ErrorKind::Duplicate;
    QTest::newRow("null") << "email"_ba << true << ""_ba << ErrorKind::NullNotAllowed;
}

void WriteThroughTest::refusedValuesNameColumnAndReason()
{
    QFETCH(QByteArray, column);
    QFETCH(bool, null);
    QFETCH(QByteArray, value);
    QFETCH(ErrorKind, kind);
    const Outcome outcome = m_engine->write(update("1", column.constData(), null ? Value() : Value(value)));
    QCOMPARE(outcome.verdict, Verdict::Rejected);
    QVERIFY(outcome.error);
    QCOMPARE(outcome.error->kind, kind);
    QCOMPARE(outcome.error->column, QString::fromLatin1(column));
    QVERIFY(!outcome.error->message.isEmpty());
    QVERIFY2(value.isEmpty() || !outcome.error->message.contains(QString::fromUtf8(value)),
             "a row's value stands in the message");
}

void WriteThroughTest::aRefusedEditChangesNeitherStore()
{
    std::ignore = m_engine->write(update("1", "score", "5"));
    const RowPair before = m_reader->pair({"1"});
    QCOMPARE(m_engine->write(update("1", "username", "user2")).verdict, Verdict::Rejected);
    const RowPair after = m_reader->pair({"1"});
    QCOMPARE(after.row, before.row);
    QCOMPARE(after.cached, before.cached);
}

void WriteThroughTest::redisAwayIsCommittedCachePending()
{
    const Edit edit = update("1", "score", "8");
    m_servers->pauseRedis();
    m_users.settings.ackDeadline = milliseconds(200);
    m_users.settings.connectTimeout = milliseconds(200);
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    const Outcome outcome = engine.write(edit);
    m_servers->resumeRedis();
    QCOMPARE(outcome.verdict, Verdict::CommittedCachePending);
    QVERIFY(outcome.row);
    QVERIFY(outcome.error && outcome.error->store == Store::Redis);
    QCOMPARE(sql("SELECT score::text FROM users WHERE id = 1"), "8");
    // The key waits in the outbox for whoever drains it.
    QCOMPARE(sql("SELECT ids[1] FROM wt_outbox WHERE drained_at IS NULL ORDER BY seq DESC LIMIT 1"), "1");
}

void WriteThroughTest::postgresAwayIsUnavailableAndNothingIsWritten()
{
    std::ignore = m_engine->write(update("1", "score", "5"));
    const Edit edit = update("1", "score", "6");
    QVERIFY(m_servers->stopPostgres());
    const Outcome outcome = m_engine->write(edit);
    QVERIFY(m_servers->startPostgres());
    QCOMPARE(outcome.verdict, Verdict::Unavailable);
    QCOMPARE(outcome.error->store, Store::Postgres);
    QCOMPARE(hashField("1", "score"), "5");
    QCOMPARE(sql("SELECT score::text FROM users WHERE id = 1"), "5");
}

void WriteThroughTest::redisComesBack()
{
    std::ignore = m_engine->write(update("1", "score", "5"));
    QVERIFY(m_servers->stopRedis());
    QVERIFY(m_servers->startRedis());
    QCOMPARE(m_engine->write(update("1", "score", "6")).verdict, Verdict::Committed);
    QCOMPARE(hashField("1", "score"), "6");
}

void WriteThroughTest::postgresComesBack()
{
    std::ignore = m_engine->write(update("1", "score", "5"));
    QVERIFY(m_servers->stopPostgres());
    QVERIFY(m_servers->startPostgres());
    QCOMPARE(m_engine->write(update("1", "score", "6")).verdict, Verdict::Committed);
    QCOMPARE(hashField("1", "score"), "6");
}

void WriteThroughTest::scriptFlushIsHealed()
{
    std::ignore = m_engine->write(update("1", "score", "5"));
    m_servers->redis({"SCRIPT", "FLUSH"});
    QCOMPARE(m_engine->write(update("1", "score", "6")).verdict, Verdict::Committed);
    QCOMPARE(hashField("1", "score"), "6");
}

void WriteThroughTest::anotherTypeAtTheKeyIsMended()
{
    m_servers->redis({"RPUSH", "users:1", "a"});
    QCOMPARE(m_reader->pair({"1"}).comparison.row, RowDifference::WrongType);
    QCOMPARE(m_engine->write(update("1", "score", "6")).verdict, Verdict::Committed);
    QCOMPARE(m_reader->pair({"1"}).comparison.row, RowDifference::Same);
}

void WriteThroughTest::foreignWriterGetsAVersionAndAnOutboxRow()
{
    const RowVersion before = rowOf("1").version;
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"UPDATE users SET score = 1, version = 0 WHERE id = 1"_s));
    QVERIFY(rowOf("1").version > before);
    QCOMPARE(sql("SELECT owner IS NULL AND ids = '{1}' FROM wt_outbox ORDER BY seq DESC LIMIT 1"), "t");
}

void WriteThroughTest::lockedRowIsRejectedWithTheReason()
{
    const Edit edit = update("1", "score", "6");
    PgConnection other({m_users.settings.conninfo, u"other"_s}, nullptr);
    QVERIFY(other.open().has_value());
    QVERIFY(other.runScript("BEGIN; UPDATE users SET score = 3 WHERE id = 1", Clock::now() + milliseconds(5000)));
    QVERIFY(m_engine->postgres().ensure().has_value());
    QVERIFY(
        m_engine->postgres().connection().runScript("SET lock_timeout = '50ms'", Clock::now() + milliseconds(5000)));
    const Outcome outcome = m_engine->write(edit);
    QCOMPARE(outcome.verdict, Verdict::Rejected);
    QCOMPARE(outcome.error->code, u"55P03"_s);
}

void WriteThroughTest::aFaultFreeEditOfACachedRowCostsOneCallEach()
{
    std::ignore = m_engine->write(update("1", "score", "1"));
    std::ignore = m_engine->write(update("1", "score", "2")); // the scripts and statements are known now
    const Edit edit = update("1", "score", "3");
    m_servers->redis({"CONFIG", "RESETSTAT"});
    const auto transactions = [this] { return sql("SELECT count(*)::text FROM wt_outbox").value_or("").toInt(); };
    const int before = transactions();
    QCOMPARE(m_engine->write(edit).verdict, Verdict::Committed);
    QCOMPARE(transactions(), before + 1);
    const QByteArray stats = m_servers->redis({"INFO", "commandstats"}).value(0);
    QVERIFY2(stats.contains("cmdstat_evalsha:calls=1,"), stats.constData());
    QVERIFY(!stats.contains("cmdstat_eval:"));
}

/// The price of an edit as pg_stat_statements and Redis count it: an update 1 + 1, an insert 1 + 2.
void WriteThroughTest::statementsAndCallsAreCountedByTheServers()
{
    m_engine.reset();
    m_reader.reset();
    QVERIFY(m_servers->execute(m_servers->conninfo(),
                               u"ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'"_s));
    QVERIFY(m_servers->stopPostgres() && m_servers->startPostgres());
    const QString &conninfo = m_users.settings.conninfo;
    QVERIFY2(m_servers->execute(conninfo, u"CREATE EXTENSION pg_stat_statements"_s), qPrintable(m_servers->error()));
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    int added = 0;
    const auto add = [&] {
        const QByteArray name = "new" + QByteArray::number(++added);
        Edit edit;
        edit.op = OpId::create();
        edit.kind = EditKind::Insert;
        edit.changes = {{fieldOf(m_users.mapping, "username"), name},
                        {fieldOf(m_users.mapping, "email"), name},
                        {fieldOf(m_users.mapping, "password_hash"), "x"}};
        return engine.write(edit);
    };
    for (int i = 0; i < 4; ++i) // keys are drawn in blocks of 1, 2, 4
        QCOMPARE(add().verdict, Verdict::Committed);
    Outcome last = add();
    const auto change = [&] {
        Edit edit;
        edit.op = OpId::create();
        edit.key = last.key;
        edit.base = last.row->version;
        edit.changes = {{fieldOf(m_users.mapping, "score"), QByteArray::number(++added)}};
        last = engine.write(edit);
        return last;
    };
    QCOMPARE(change().verdict, Verdict::Committed);
    const auto counted = [&](const auto &write, int times) {
        m_servers->execute(conninfo, u"SELECT pg_stat_statements_reset()"_s);
        m_servers->redis({"CONFIG", "RESETSTAT"});
        for (int i = 0; i < times; ++i) {
            if (write().verdict != Verdict::Committed)
                return u"not committed"_s;
        }
        const QByteArray statements =
            sql("SELECT sum(calls)::text FROM pg_stat_statements WHERE toplevel AND query !~ 'pg_stat_statements'")
                .value_or("");
        const QByteArray stats = m_servers->redis({"INFO", "commandstats"}).value(0);
        const qsizetype at = stats.indexOf("cmdstat_evalsha:calls=");
        const QByteArray calls = stats.mid(at + 22, stats.indexOf(',', at) - at - 22);
        return QString::fromLatin1(statements + " statements, " + calls + " calls");
    };
    QCOMPARE(counted(change, 10), u"10 statements, 10 calls"_s);
    QCOMPARE(counted(add, 2), u"2 statements, 4 calls"_s);
    m_servers->execute(m_servers->conninfo(), u"ALTER SYSTEM RESET shared_preload_libraries"_s);
    QVERIFY(m_servers->stopPostgres() && m_servers->startPostgres());
}

QTEST_GUILESS_MAIN(WriteThroughTest)
#include "tst_writethrough.moc"
