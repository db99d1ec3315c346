// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/keyspace.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

/// Which names in Redis are those of our hashes and leases.
class KeyspaceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyNamesOfKeysAreOurs_data();
    void onlyNamesOfKeysAreOurs();
    void anyTextIsAKeyOfText();
    void leasesNameTheirRow_data();
    void leasesNameTheirRow();
    void stagedWritesNameTheirRow_data();
    void stagedWritesNameTheirRow();
    void patternsTakeThePrefixLiterally();
};

namespace {

Mapping mappingWith(ColumnKind kind, const QByteArray &prefix = "users:"_ba)
{
    Mapping mapping;
    mapping.config.prefix = prefix;
    mapping.config.stagingPrefix = "__";
    mapping.key.name = u"id"_s;
    mapping.key.kind = kind;
    mapping.key.bytes = 4;
    mapping.key.generated = true;
    return mapping;
}

} // namespace

void KeyspaceTest::onlyNamesOfKeysAreOurs_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("key");
    const auto row = [](const char *name, const char *key) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(key);
    };
    row("users:5", "5");
    row("users:-5", "-5");
    row("users:007", "007");
    row("users:", "");
    row("users:abc", "");
    row("users:99999999999", ""); // above what the column holds
    row("users:{5}", "");
    row("users:vip:5", "");
    row("user:5", "");
    row("5", "");
    row("{users:5}:lease", "");
    row("__{users:5}", "");
}

void KeyspaceTest::onlyNamesOfKeysAreOurs()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, key);
    const Keyspace keyspace(mappingWith(ColumnKind::Integer), {"users:", "us", "orders:"});
    QCOMPARE(keyspace.keyOfHash(name).value_or(RowKey()).text, key);
}

void KeyspaceTest::anyTextIsAKeyOfText()
{
    const Keyspace keyspace(mappingWith(ColumnKind::Text), {"users:vip:"});
    QCOMPARE(keyspace.keyOfHash("users:ana berg").value_or(RowKey()).text, "ana berg");
    QCOMPARE(keyspace.keyOfHash("users:vi:1").value_or(RowKey()).text, "vi:1");
    QVERIFY(!keyspace.keyOfHash("users:vip:1"));
    QVERIFY(!keyspace.keyOfHash("users:\xff")); // no text of PostgreSQL's
}

void KeyspaceTest::leasesNameTheirRow_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("key");
    const auto row = [](const char *name, const char *key) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(key);
    };
    row("{users:5}:lease", "5");
    row("{users:5}:wip", "");
    row("{users:vip:5}:lease", "");
    row("users:5", "");
    row("{users:}:lease", "");
    row("}:lease", "");
    row("{", "");
}

void KeyspaceTest::leasesNameTheirRow()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, key);
    const Keyspace keyspace(mappingWith(ColumnKind::Integer), {"users:vip:"});
    QCOMPARE(keyspace.keyOfLease(name).value_or(RowKey()).text, key);
}

void KeyspaceTest::stagedWritesNameTheirRow_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("staged");
    QTest::addColumn<QByteArray>("work");
    QTest::addColumn<bool>("looksStaged");
    const auto row = [](const char *name, const char *staged, const char *work, bool looks) {
        QTest::newRow(name) << QByteArray(name) << QByteArray(staged) << QByteArray(work) << looks;
    };
    row("__{users:5}", "5", "", false);
    row("__{users:eu:9}", "eu:9", "", false); // no key of the table: whoever staged it is told so
    row("__{users:vip:5}", "", "", true);     // of another mapping
    row("{users:5}:wip", "", "5", false);
    row("__users:5", "", "", true);
    row("__{users:5", "", "", true);
    row("__{users:}", "", "", true);
    row("__{users:{5}}", "", "", true);
    row("__{users:5}__", "", "", true);
    row("__{cars:5}", "", "", false);
    row("{users:5}:lease", "", "", false);
    row("users:5", "", "", false);
}

void KeyspaceTest::stagedWritesNameTheirRow()
{
    QFETCH(QByteArray, name);
    const Keyspace keyspace(mappingWith(ColumnKind::Integer), {"users:vip:"});
    QTEST(keyspace.keyOfStaged(name).value_or(RowKey()).text, "staged");
    QTEST(keyspace.keyOfWork(name).value_or(RowKey()).text, "work");
    QTEST(keyspace.looksStaged(name), "looksStaged");
}

void KeyspaceTest::patternsTakeThePrefixLiterally()
{
    const Keyspace plain(mappingWith(ColumnKind::Integer), {});
    QCOMPARE(plain.hashPattern(), "users:*");
    QCOMPARE(plain.leasePattern(), "{users:*}:lease");
    QCOMPARE(plain.stagedPattern(), "__{users:*}");
    QCOMPARE(plain.bracedPattern(), "*{users:*}*");
    QCOMPARE(plain.looksStagedPattern(), "__*users:*");
    const Keyspace special(mappingWith(ColumnKind::Integer, "a*[b]?\\:"), {});
    QCOMPARE(special.hashPattern(), R"(a\*\[b\]\?\\:*)");
}

QTEST_APPLESS_MAIN(KeyspaceTest)
#include "tst_keyspace.moc"
