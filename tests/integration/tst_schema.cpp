// SPDX-License-Identifier: GPL-3.0-or-later
#include "schemafixture.h"

#include <QTest>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

QString usersSql()
{
    return uR"(CREATE TABLE users (id serial PRIMARY KEY, username varchar(255) UNIQUE NOT NULL, score integer))"_s;
}

MappingConfig usersMapping()
{
    return SchemaFixture::mapping(u"users"_s, u"id"_s, {u"username"_s, u"score"_s});
}

MappingConfig ordersMapping()
{
    return SchemaFixture::mapping(u"orders"_s, u"id"_s, {u"total"_s});
}

} // namespace

/// Preparing a table for the protocol and taking that away again, what the catalog of a real server says afterwards,
/// and what is said when a table or a role does not fit.
class SchemaTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    void anEmptyTableIsPrepared();
    void everyRowOfAFilledTableGetsAVersionOfItsOwn();
    void preparingTwiceChangesNothing();
    void unprepareLeavesTheCatalogAsItWas();
    void twoTablesShareOneOutbox();
    void aTriggerThatWasSwitchedOffIsMendedByPreparing();
    void aLaterPreparationIsNotTouched();
    void everyMistakeOfAMappingIsNamedAtOnce();
    void whatCannotBeWrittenThroughIsNamed_data();
    void whatCannotBeWrittenThroughIsNamed();
    void aRoleThatIsNotTheOwnerIsToldWhatItLacks();
    void whoMayOnlyWriteStillWritesByPlainSql();
    void truncateIsRefused();
    void everyUpdateDrawsAVersion_data();
    void everyUpdateDrawsAVersion();
    void foreignStatementsLeaveOutboxRows();
    void aStatementOverManyRowsIsSplit();

private:
    [[nodiscard]] QByteArray outbox() // op, keys and whether nobody owns the row, oldest first
    {
        return m_db->value(u"SELECT string_agg(concat(op, ids, owner IS NULL), ' ' ORDER BY seq) FROM wt_outbox"_s);
    }

    std::unique_ptr<TestServers> m_servers;
    std::unique_ptr<SchemaFixture> m_db;
    QByteArray m_function;
};

void SchemaTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void SchemaTest::cleanupTestCase()
{
    m_servers.reset();
}

// A database for every test function; the rows of a table-driven one share it.
void SchemaTest::init()
{
    if (m_db && m_function == QTest::currentTestFunction())
        return;
    m_function = QTest::currentTestFunction();
    m_db = std::make_unique<SchemaFixture>(*m_servers);
    QVERIFY(m_db->run(usersSql()));
}

void SchemaTest::anEmptyTableIsPrepared()
{
    const TableInspection before = m_db->inspect(usersMapping());
    QVERIFY2(before.usable(), qPrintable(before.problems.join(u' ')));
    QCOMPARE(before.preparation, Preparation::None);
    QVERIFY(before.missingRights.isEmpty());
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QCOMPARE(m_db->inspect(usersMapping()).preparation, Preparation::Complete);
    QVERIFY(m_db->run(u"INSERT INTO users(username) VALUES ('ana')"_s));
    QCOMPARE(m_db->value(u"SELECT version > 0 FROM users"_s), "t");
    QCOMPARE(outbox(), "U{1}t");
}

void SchemaTest::everyRowOfAFilledTableGetsAVersionOfItsOwn()
{
    QVERIFY(m_db->run(u"INSERT INTO users(username) SELECT 'user' || n FROM generate_series(1, 1000) n"_s));
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QCOMPARE(m_db->value(u"SELECT count(DISTINCT version) FROM users WHERE version > 0"_s), "1000");
    QVERIFY(m_db->run(u"UPDATE users SET score = 1 WHERE id = 7"_s));
    QCOMPARE(m_db->value(u"SELECT id FROM users ORDER BY version DESC LIMIT 1"_s), "7");
}

void SchemaTest::preparingTwiceChangesNothing()
{
    QVERIFY(m_db->run(u"INSERT INTO users(username) VALUES ('ana'), ('bob')"_s));
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    const QByteArray catalog = m_db->catalog();
    const QByteArray rows = m_db->value(u"SELECT string_agg(u::text, ' ' ORDER BY id) FROM users u"_s);
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QCOMPARE(m_db->catalog(), catalog);
    QCOMPARE(m_db->value(u"SELECT string_agg(u::text, ' ' ORDER BY id) FROM users u"_s), rows);
    QCOMPARE(m_db->value(u"SELECT count(*) FROM wt_schema"_s), "1");
}

void SchemaTest::unprepareLeavesTheCatalogAsItWas()
{
    QVERIFY(m_db->run(u"INSERT INTO users(username) VALUES ('ana')"_s));
    const QByteArray before = m_db->catalog();
    QVERIFY(before.contains("class users_pkey"));
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QVERIFY(m_db->catalog() != before);
    QVERIFY(m_db->run(u"UPDATE users SET score = 1"_s));
    QCOMPARE(m_db->unprepare(usersMapping()), QString());
    QCOMPARE(m_db->catalog(), before);
    QCOMPARE(m_db->inspect(usersMapping()).preparation, Preparation::None);
    QCOMPARE(m_db->value(u"SELECT users::text FROM users"_s), "(1,ana,1)");
}

void SchemaTest::twoTablesShareOneOutbox()
{
    QVERIFY(
        m_db->run(u"CREATE TABLE orders(id bigint PRIMARY KEY, total numeric); INSERT INTO orders VALUES (9, 1)"_s));
    const QByteArray before = m_db->catalog();
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QCOMPARE(m_db->prepare(ordersMapping()), QString());
    QVERIFY(m_db->run(u"INSERT INTO users(username) VALUES ('ana'); UPDATE orders SET total = 2"_s));
    QCOMPARE(m_db->value(u"SELECT string_agg(tbl || ids::text, ' ' ORDER BY seq) FROM wt_outbox"_s),
             "users{1} orders{9}");
    QCOMPARE(m_db->unprepare(usersMapping()), QString());
    QCOMPARE(m_db->inspect(usersMapping()).preparation, Preparation::None);
    QCOMPARE(m_db->inspect(ordersMapping()).preparation, Preparation::Complete);
    QVERIFY(m_db->run(u"UPDATE orders SET total = 3"_s));
    QCOMPARE(m_db->value(u"SELECT string_agg(tbl || ids::text, ' ' ORDER BY seq) FROM wt_outbox"_s),
             "orders{9} orders{9}");
    QCOMPARE(m_db->unprepare(ordersMapping()), QString());
    QCOMPARE(m_db->catalog(), before);
}

void SchemaTest::aTriggerThatWasSwitchedOffIsMendedByPreparing()
{
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    const QByteArray complete = m_db->catalog();
    for (const QString &harm :
         {u"ALTER TABLE users DISABLE TRIGGER wt_upd"_s, u"ALTER TABLE users ENABLE TRIGGER wt_del"_s,
          u"DROP TRIGGER wt_ins ON users"_s, u"UPDATE wt_schema SET version = version - 1"_s}) {
        QVERIFY(m_db->run(harm));
        QCOMPARE(m_db->inspect(usersMapping()).preparation, Preparation::Partial);
        QCOMPARE(m_db->prepare(usersMapping()), QString());
        QCOMPARE(m_db->inspect(usersMapping()).preparation, Preparation::Complete);
        QCOMPARE(m_db->catalog(), complete);
    }
}

void SchemaTest::aLaterPreparationIsNotTouched()
{
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QVERIFY(m_db->run(u"UPDATE wt_schema SET version = 1000"_s));
    QCOMPARE(m_db->inspect(usersMapping()).preparation, Preparation::Newer);
}

void SchemaTest::everyMistakeOfAMappingIsNamedAtOnce()
{
    QVERIFY(m_db->run(u"CREATE TABLE things(id int, name text, photo bytea, tags text[], version int)"_s));
    MappingConfig config = SchemaFixture::mapping(
        u"things"_s, u"id"_s, {u"name"_s, u"photo"_s, u"tags"_s, u"colour"_s, u"size"_s, u"version"_s, u"id"_s});
    const TableInspection found = m_db->inspect(config);
    QVERIFY(found.exists);
    QVERIFY(!found.usable());
    const QString all = found.problems.join(u'\n');
    for (const QString &part : {u"no primary key"_s, u"photo"_s, u"bytea"_s, u"tags"_s, u"colour"_s, u"size"_s,
                                u"already has a column \"version\""_s, u"reserved"_s, u"key column id"_s})
        QVERIFY2(all.contains(part), qPrintable(part + u'\n' + all));
    QCOMPARE(found.problems.size(), 8);
    for (const QString &problem : found.problems)
        QVERIFY2(problem.endsWith(u'.'), qPrintable(problem));
}

void SchemaTest::whatCannotBeWrittenThroughIsNamed_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("said");
    QTest::newRow("no such table") << QString() << u"nothing"_s << u"does not exist"_s;
    QTest::newRow("no such schema") << QString() << u"nowhere.users"_s << u"does not exist"_s;
    QTest::newRow("view") << u"CREATE VIEW v AS SELECT id, username FROM users"_s << u"v"_s
                          << u"not an ordinary table"_s;
    QTest::newRow("partitioned") << u"CREATE TABLE p(id int PRIMARY KEY, username text) PARTITION BY RANGE (id)"_s
                                 << u"p"_s << u"not an ordinary table"_s;
    QTest::newRow("parent") << u"CREATE TABLE t1(id int PRIMARY KEY, username text); CREATE TABLE c() INHERITS (t1)"_s
                            << u"t1"_s << u"not an ordinary table"_s;
    QTest::newRow("unlogged") << u"CREATE UNLOGGED TABLE t2(id int PRIMARY KEY, username text)"_s << u"t2"_s
                              << u"not an ordinary table"_s;
    QTest::newRow("no primary key") << u"CREATE TABLE t3(id int NOT NULL, username text)"_s << u"t3"_s
                                    << u"has no primary key"_s;
    QTest::newRow("no such key") << u"CREATE TABLE t4(number int PRIMARY KEY, username text)"_s << u"t4"_s
                                 << u"The key column id does not exist"_s;
    QTest::newRow("key of two columns") << u"CREATE TABLE t5(id int, username text, PRIMARY KEY (id, username))"_s
                                        << u"t5"_s << u"not unique by itself"_s;
    QTest::newRow("key may be NULL") << u"CREATE TABLE t6(id int UNIQUE, username text)"_s << u"t6"_s
                                     << u"may be NULL"_s;
    QTest::newRow("deferrable key") << u"CREATE TABLE t7(id int PRIMARY KEY DEFERRABLE, username text)"_s << u"t7"_s
                                    << u"primary key"_s;
    QTest::newRow("awkward schema")
        << u"CREATE SCHEMA \"100 %\"; CREATE TABLE \"100 %\".t(id int PRIMARY KEY, username text)"_s << u"\"100 %\".t"_s
        << u"schema name 100 %"_s;
}

void SchemaTest::whatCannotBeWrittenThroughIsNamed()
{
    QFETCH(QString, sql);
    QFETCH(QString, table);
    QFETCH(QString, said);
    QVERIFY(sql.isEmpty() || m_db->run(sql));
    const QByteArray before = m_db->catalog();
    const MappingConfig config = SchemaFixture::mapping(table, u"id"_s, {u"username"_s}, u"x"_s);
    const TableInspection found = m_db->inspect(config);
    QVERIFY(!found.usable());
    QVERIFY2(found.problems.join(u' ').contains(said), qPrintable(found.problems.join(u' ')));
    QCOMPARE(m_db->catalog(), before);
}

void SchemaTest::aRoleThatIsNotTheOwnerIsToldWhatItLacks()
{
    QVERIFY(m_db->run(u"CREATE ROLE reader; REVOKE CREATE ON SCHEMA public FROM PUBLIC"_s));
    const TableInspection nothing = m_db->inspect(usersMapping(), u"reader"_s);
    QVERIFY(!nothing.usable());
    for (const QString &right : {u"SELECT"_s, u"INSERT"_s, u"UPDATE"_s, u"DELETE"_s})
        QVERIFY2(nothing.problems.join(u' ').contains("GRANT "_L1 + right + " ON users"_L1), qPrintable(right));
    QVERIFY(m_db->run(u"GRANT SELECT, INSERT, UPDATE, DELETE ON users TO reader"_s));
    const TableInspection found = m_db->inspect(usersMapping(), u"reader"_s);
    QVERIFY2(found.usable(), qPrintable(found.problems.join(u' ')));
    QCOMPARE(found.missingRights.size(), 2);
    QVERIFY(found.missingRights[0].contains("does not own users"_L1));
    QVERIFY(found.missingRights[1].contains("GRANT CREATE ON SCHEMA public"_L1));
}

void SchemaTest::whoMayOnlyWriteStillWritesByPlainSql()
{
    QVERIFY(m_db->run(u"CREATE ROLE writer; INSERT INTO users(username) VALUES ('ana'), ('bob')"_s));
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QVERIFY(m_db->run(
        u"GRANT SELECT, INSERT, UPDATE, DELETE ON users TO writer; GRANT USAGE ON SEQUENCE users_id_seq TO writer"_s));
    QVERIFY(m_db->run(u"SET ROLE writer; SET search_path = ''; UPDATE public.users SET score = 1 WHERE id = 1"_s));
    QVERIFY(m_db->run(u"SET ROLE writer; SET search_path = ''; UPDATE public.users SET id = 10 WHERE id = 1"_s));
    QVERIFY(m_db->run(u"SET ROLE writer; SET search_path = ''; INSERT INTO public.users(username) VALUES ('eve')"_s));
    QVERIFY(m_db->run(u"SET ROLE writer; SET search_path = ''; DELETE FROM public.users WHERE id = 2"_s));
    QCOMPARE(outbox(), "U{1}t D{1}t U{10}t U{3}t D{2}t");
}

void SchemaTest::truncateIsRefused()
{
    QVERIFY(m_db->run(u"INSERT INTO users(username) VALUES ('ana')"_s));
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QVERIFY(!m_servers->execute(m_db->conninfo(), u"TRUNCATE users"_s));
    QVERIFY2(m_servers->error().contains("use DELETE"_L1), qPrintable(m_servers->error()));
    QCOMPARE(m_db->value(u"SELECT count(*) FROM users"_s), "1");
}

void SchemaTest::everyUpdateDrawsAVersion_data()
{
    QTest::addColumn<QString>("node");
    QTest::addColumn<QString>("set");
    QTest::newRow("foreign, silent") << QString() << u"score = 2"_s;
    QTest::newRow("foreign, the same") << QString() << u"version = version"_s;
    QTest::newRow("foreign, lower") << QString() << u"version = 1"_s;
    QTest::newRow("foreign, much higher") << QString() << u"version = 1000000"_s;
    QTest::newRow("foreign, NULL") << QString() << u"version = NULL"_s;
    QTest::newRow("own, drawn") << u"7"_s << u"version = nextval('wt_version_seq')"_s;
    QTest::newRow("own, forgotten") << u"7"_s << u"score = 2"_s;
    QTest::newRow("own, lower") << u"7"_s << u"version = 1"_s;
    QTest::newRow("own, NULL") << u"7"_s << u"version = NULL"_s;
}

void SchemaTest::everyUpdateDrawsAVersion()
{
    QFETCH(QString, node);
    QFETCH(QString, set);
    if (m_db->inspect(usersMapping()).preparation != Preparation::Complete) {
        QCOMPARE(m_db->prepare(usersMapping()), QString());
        QVERIFY(m_db->run(u"INSERT INTO users(username) VALUES ('ana')"_s));
    }
    const QByteArray last = m_db->value(u"SELECT last_value FROM wt_version_seq"_s);
    QVERIFY(m_db->run(u"SET wt.node = '%1'; UPDATE users SET %2 WHERE id = 1"_s.arg(node, set)));
    QCOMPARE(m_db->value(u"SELECT version > %1 AND version <= (SELECT last_value FROM wt_version_seq) FROM users"_s.arg(
                 QString::fromLatin1(last))),
             "t");
}

void SchemaTest::foreignStatementsLeaveOutboxRows()
{
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QVERIFY(m_db->run(u"INSERT INTO users(username) VALUES ('ana'), ('bob'), ('eve')"_s));
    QVERIFY(m_db->run(u"UPDATE users SET score = 1, version = 1 WHERE id IN (1, 3)"_s));
    QVERIFY(m_db->run(u"UPDATE users SET id = 20 WHERE id = 2"_s));
    QVERIFY(m_db->run(u"DELETE FROM users WHERE id = 3"_s));
    QVERIFY(m_db->run(u"INSERT INTO users(username) VALUES ('ana') ON CONFLICT (username) DO UPDATE SET score = 5"_s));
    QVERIFY(m_db->run(u"BEGIN; UPDATE users SET score = 9; ROLLBACK"_s));
    QVERIFY(m_db->run(
        u"BEGIN ISOLATION LEVEL REPEATABLE READ; INSERT INTO users(id, username) VALUES (3, 'zoe'); COMMIT"_s));
    QCOMPARE(outbox(), "U{1,2,3}t U{1,3}t D{2}t U{20}t D{3}t U{1}t U{3}t");
    QCOMPARE(m_db->value(
                 u"SELECT bool_and(version < (SELECT max(seq) FROM wt_outbox WHERE id::text = ANY(ids))) FROM users"_s),
             "t");
}

void SchemaTest::aStatementOverManyRowsIsSplit()
{
    QCOMPARE(m_db->prepare(usersMapping()), QString());
    QVERIFY(m_db->run(u"INSERT INTO users(username) SELECT 'user' || n FROM generate_series(1, 1200) n"_s));
    QVERIFY(m_db->run(u"UPDATE users SET score = 1"_s));
    QVERIFY(m_db->run(u"DELETE FROM users"_s));
    QCOMPARE(m_db->value(u"SELECT max(cardinality(ids)) FROM wt_outbox"_s), "500");
    QCOMPARE(m_db->value(
                 u"SELECT string_agg(op || n, ' ' ORDER BY first) FROM (SELECT op, sum(cardinality(ids)) n, min(seq) "
                 "first FROM wt_outbox GROUP BY op) s"_s),
             "U2400 D1200");
    QCOMPARE(m_db->value(u"SELECT count(DISTINCT id) FROM wt_outbox, unnest(ids) id"_s), "1200");
}

QTEST_GUILESS_MAIN(SchemaTest)
#include "tst_schema.moc"
