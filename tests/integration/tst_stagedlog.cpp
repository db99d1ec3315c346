// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/stagedlog.h"
#include "usersfixture.h"

#include <QTest>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The verdicts that are kept, as they are listed.
class StagedLogTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void listsStagedWritesOnly();
    void theNewestComeFirst();
    void onlyFailedOnes();
    void onlyTheTablesAskedFor();

private:
    [[nodiscard]] std::vector<StagedRecord> recent(const QByteArrayList &labels, bool onlyFailed, int limit);

    std::unique_ptr<TestServers> m_servers;
    std::unique_ptr<PgConnection> m_connection;
    UsersFixture m_users;
};

void StagedLogTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
    m_users = UsersFixture::make(*m_servers);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    m_connection = std::make_unique<PgConnection>(PgOptions{m_users.settings.conninfo, u"test"_s, 5s}, nullptr);
    QVERIFY(m_connection->open());
    QVERIFY(m_servers->execute(
        m_users.settings.conninfo,
        u"INSERT INTO wt_staged(op_id,tbl,id,ack,what,status,err,at) VALUES"
        "('00000000-0000-0000-0000-000000000001','users','7','','=','failed','value: No.','2026-11-22 10:00:00.125Z'),"
        "('00000000-0000-0000-0000-000000000002','users','8','u-8','~','done',NULL,'2026-11-22 10:00:01Z'),"
        "('00000000-0000-0000-0000-000000000003','users','9',NULL,NULL,'failed',NULL,'2026-11-22 10:00:02Z'),"
        "('00000000-0000-0000-0000-000000000004','pets','1','',NULL,'failed','key: No.','2026-11-22 10:00:03Z')"_s));
}

std::vector<StagedRecord> StagedLogTest::recent(const QByteArrayList &labels, bool onlyFailed, int limit)
{
    StagedLog log(*m_connection, m_users.mapping.protocolSchema);
    const auto records = log.recent(labels, onlyFailed, limit, Clock::now() + 10s);
    if (!records)
        qWarning() << records.error().message;
    return records.value_or(std::vector<StagedRecord>());
}

void StagedLogTest::listsStagedWritesOnly()
{
    // The verdict without a place for an answer is that of an insert: nobody staged it.
    const auto records = recent({"users"}, false, 10);
    QCOMPARE(records.size(), size_t(2));
    QCOMPARE(records[1].at, QDateTime::fromString(u"2026-11-22T10:00:00.125Z"_s, Qt::ISODateWithMs));
    QCOMPARE(records[1].label, "users");
    QCOMPARE(records[1].key.text, "7");
    QVERIFY(records[1].op == StagedOp::Upsert);
    QCOMPARE(records[1].uuid, "");
    QVERIFY(!records[1].done);
    QCOMPARE(records[1].failure, u"value: No."_s);
    QCOMPARE(records[1].id.uuid, QUuid::fromString(u"00000000-0000-0000-0000-000000000001"_s));
    QVERIFY(records[0].op == StagedOp::Delete && records[0].done);
    QCOMPARE(records[0].uuid, "u-8");
}

void StagedLogTest::theNewestComeFirst()
{
    const auto all = recent({"users", "pets"}, false, 10);
    QCOMPARE(all.size(), size_t(3));
    QVERIFY(all[0].at > all[1].at && all[1].at > all[2].at);
    QVERIFY(all[0].op == StagedOp::Unknown);
    const auto one = recent({"users", "pets"}, false, 1);
    QCOMPARE(one.size(), size_t(1));
    QCOMPARE(one[0].label, "pets");
}

void StagedLogTest::onlyFailedOnes()
{
    const auto failed = recent({"users"}, true, 10);
    QCOMPARE(failed.size(), size_t(1));
    QCOMPARE(failed[0].key.text, "7");
}

void StagedLogTest::onlyTheTablesAskedFor()
{
    StagedLog log(*m_connection, m_users.mapping.protocolSchema);
    QCOMPARE(log.countFailed({"users"}, Clock::now() + 10s).value_or(-1), 1);
    QCOMPARE(log.countFailed({"users", "pets"}, Clock::now() + 10s).value_or(-1), 2);
    QCOMPARE(log.countFailed({}, Clock::now() + 10s).value_or(-1), 0);
    QVERIFY(recent({"pots"}, false, 10).empty());
}

QTEST_GUILESS_MAIN(StagedLogTest)
#include "tst_stagedlog.moc"
