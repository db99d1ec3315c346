// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/filler.h"
#include "engine/rowreader.h"
#include "session/sampleusers.h"
#include "usersfixture.h"

#include <QTest>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

/// Pages, page index and pairs against real servers.
class RowReaderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void pagesCoverTheTableOnceInKeyOrder();
    void theFirstPageComesBeforeTheIndex();
    void searchFindsInTextColumnsOnly();
    void searchTakesWildcardsLiterally();
    void keysComeInTheOrderOfTheirType();
    void fillingCachesEveryRowOnce();
    void pairsAreComparedByType();
    void orphanAndMissingFieldAreSeen();

private:
    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
    std::unique_ptr<RowReader> m_reader;
};

void RowReaderTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
    m_users = UsersFixture::make(*m_servers, 3);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    PgConnection connection({m_users.settings.conninfo, u"test"_s}, nullptr);
    QVERIFY(connection.open().has_value());
    QVERIFY(copySampleUsers(connection, m_users.mapping, 4, 1017, Clock::now() + milliseconds(30000)).has_value());
    m_users.settings.pageSize = 100;
    m_reader = std::make_unique<RowReader>(m_users.mapping, m_users.settings, nullptr);
}

void RowReaderTest::cleanupTestCase()
{
    m_reader.reset();
    m_servers.reset();
}

void RowReaderTest::pagesCoverTheTableOnceInKeyOrder()
{
    const auto begun = m_reader->beginIndex({});
    QVERIFY(begun.has_value());
    const auto index = m_reader->completeIndex(*begun);
    QVERIFY(index.has_value());
    QCOMPARE(index->rowCount, 1020);
    QCOMPARE(std::ssize(index->firstKeys), 11);
    int expected = 1;
    for (size_t page = 0; page < index->firstKeys.size(); ++page) {
        PageRequest request{static_cast<int>(page), index->firstKeys[page], std::nullopt};
        if (page + 1 < index->firstKeys.size())
            request.before = index->firstKeys[page + 1];
        const auto rows = m_reader->page({}, request);
        QVERIFY(rows.has_value());
        for (const Row &row : *rows)
            QCOMPARE(row.key.text, QByteArray::number(expected++));
    }
    QCOMPARE(expected, 1021);
}

void RowReaderTest::theFirstPageComesBeforeTheIndex()
{
    const auto begun = m_reader->beginIndex({});
    QVERIFY(begun.has_value());
    QVERIFY(!begun->complete);
    QCOMPARE(std::ssize(begun->firstPage), 100);
    QCOMPARE(begun->firstPage.back().key.text, "100");
}

void RowReaderTest::searchFindsInTextColumnsOnly()
{
    const auto found = m_reader->beginIndex({u"USER2@EXAMPLE"_s}).and_then([&](const TableIndex &index) {
        return m_reader->completeIndex(index);
    });
    QVERIFY(found.has_value());
    QCOMPARE(found->rowCount, 1);
    QCOMPARE(found->totalRows, 1020);
    // password_hash is a text column, and nobody may search in it: "dddd" stands in each of the sample users'.
    const auto secret = m_reader->beginIndex({u"dddddddd"_s});
    QVERIFY(secret.has_value());
    QCOMPARE(secret->rowCount, 0);
}

void RowReaderTest::searchTakesWildcardsLiterally()
{
    for (const QString &text : {u"%"_s, u"user_"_s, u"\\"_s, u"'; DROP TABLE users; --"_s}) {
        const auto found = m_reader->beginIndex({text});
        QVERIFY(found.has_value());
        QCOMPARE(found->rowCount, 0);
    }
}

void RowReaderTest::keysComeInTheOrderOfTheirType()
{
    auto &rows = m_reader->postgres().rows();
    const auto keys = rows.keyVersionsAfter(RowKey{"3"}, 10, Clock::now() + milliseconds(5000));
    QVERIFY(keys.has_value());
    QCOMPARE(keys->front().first.text, "4");
    QCOMPARE(keys->back().first.text, "13");
}

void RowReaderTest::fillingCachesEveryRowOnce()
{
    std::vector<RowKey> keys;
    for (int i = 500; i < 600; ++i)
        keys.push_back({QByteArray::number(i)});
    Filler filler(m_users.mapping, m_users.settings, nullptr);
    QCOMPARE(filler.fill(keys).value_or(-1), 100);
    QCOMPARE(filler.fill(keys).value_or(-1), 0);
    const auto pairs = m_reader->pairs(keys);
    QVERIFY(pairs.has_value());
    for (const RowPair &pair : *pairs)
        QCOMPARE(pair.comparison.row, RowDifference::Same);
    QVERIFY(!m_servers->redis({"KEYS", "*lease*"}).contains("{users:500}:lease"));
}

void RowReaderTest::pairsAreComparedByType()
{
    Filler filler(m_users.mapping, m_users.settings, nullptr);
    QCOMPARE(filler.fill({{"1"}}).value_or(-1), 1);
    m_servers->redis({"HSET", "users:1", "created_at", "2024-06-21"}); // as the original document writes it
    const RowPair pair = m_reader->pair({"1"});
    QCOMPARE(pair.comparison.row, RowDifference::Same);
    QCOMPARE(pair.comparison.fields[static_cast<size_t>(fieldOf(m_users.mapping, "created_at"))],
             FieldDifference::OtherSpelling);
    m_servers->redis({"HSET", "users:1", "score", "5"});
    QCOMPARE(m_reader->pair({"1"}).comparison.row, RowDifference::Differs);
    QCOMPARE(m_reader->pair({"1"}).comparison.differingFields(), 1);
}

void RowReaderTest::orphanAndMissingFieldAreSeen()
{
    m_servers->redis({"HSET", "users:99999", "username", "ghost", "version", "1"});
    QCOMPARE(m_reader->pair({"99999"}).comparison.row, RowDifference::Orphan);
    Filler filler(m_users.mapping, m_users.settings, nullptr);
    QCOMPARE(filler.fill({{"2"}}).value_or(-1), 1);
    m_servers->redis({"HDEL", "users:2", "dob"});
    QCOMPARE(m_reader->pair({"2"}).comparison.fields[static_cast<size_t>(fieldOf(m_users.mapping, "date_of_birth"))],
             FieldDifference::MissingInCache);
}

QTEST_GUILESS_MAIN(RowReaderTest)
#include "tst_rowreader.moc"
