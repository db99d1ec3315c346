// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/mapping.h"
#include "stores/postgres/pgconninfo.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

/// The names that a mapping makes, and what of a connection's parameters may be shown.
class MappingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hashAndLeaseShareASlot();
    void columnsAreFoundBeforeHashFields();
    void secretsAreKnownByTheirNames_data();
    void secretsAreKnownByTheirNames();
    void theUsersOfTheOriginalAreMapped();

    void noFormOfAConninfoLeaksItsPassword_data();
    void noFormOfAConninfoLeaksItsPassword();
    void whatIsShownIsStillAConninfo();
    void connectionsAreDescribedForPeople_data();
    void connectionsAreDescribedForPeople();
    void quotedParametersAreReadBackAsTheyWere_data();
    void quotedParametersAreReadBackAsTheyWere();
};

void MappingTest::hashAndLeaseShareASlot()
{
    Mapping mapping;
    mapping.config.prefix = "users:";
    QCOMPARE(mapping.hashKey({"7"}), "users:7");
    // Redis Cluster hashes what stands between the first braces, which is the whole key of the hash.
    QCOMPARE(mapping.leaseKey({"7"}), "{users:7}:lease");
    mapping.schema = u"public"_s;
    mapping.table = u"users"_s;
    QCOMPARE(mapping.qualifiedName(), u"public.users"_s);
}

void MappingTest::columnsAreFoundBeforeHashFields()
{
    Mapping mapping;
    for (const auto &[hashField, column] :
         {std::pair("name", "label"), std::pair("label", "name"), std::pair("x", "y")}) {
        Field field;
        field.hashField = hashField;
        field.column.name = QString::fromLatin1(column);
        mapping.fields.push_back(field);
    }
    QCOMPARE(mapping.fieldNamed(u"label"_s), 0);
    QCOMPARE(mapping.fieldNamed(u"name"_s), 1);
    QCOMPARE(mapping.fieldNamed(u"y"_s), 2);
    QCOMPARE(mapping.fieldNamed(u"x"_s), 2);
    QVERIFY(!mapping.fieldNamed(u"X"_s));
    QVERIFY(!mapping.fieldNamed(QString()));
}

void MappingTest::secretsAreKnownByTheirNames_data()
{
    QTest::addColumn<bool>("secret");
    for (const char *name :
         {"password", "password_hash", "PASSWORD", "user_passwd", "pwhash", "api_token", "client_secret"})
        QTest::newRow(name) << true;
    for (const char *name : {"username", "email", "score", "passport", "hash"})
        QTest::newRow(name) << false;
}

void MappingTest::secretsAreKnownByTheirNames()
{
    QFETCH(bool, secret);
    QCOMPARE(isSecretColumn(QString::fromLatin1(QTest::currentDataTag())), secret);
}

void MappingTest::theUsersOfTheOriginalAreMapped()
{
    const MappingConfig users = MappingConfig::users();
    QCOMPARE(users.fields.size(), size_t(9));
    QCOMPARE(users.prefix, "users:");
    QCOMPARE(users.stagingPrefix, "__");
    QCOMPARE(users.fields[2].hashField, "pwhash");
    QCOMPARE(users.fields[2].column, u"password_hash"_s);
}

void MappingTest::noFormOfAConninfoLeaksItsPassword_data()
{
    QTest::addColumn<QString>("conninfo");
    QTest::newRow("words") << u"host=db password=geheim77 dbname=shop"_s;
    QTest::newRow("quoted") << u"host=db password='geheim77 x' dbname=shop"_s;
    QTest::newRow("escaped") << u"host=db password='a\\'geheim77' dbname=shop"_s;
    QTest::newRow("white space around") << u"host = db  password = geheim77 dbname = shop"_s;
    QTest::newRow("key file") << u"host=db sslpassword=geheim77 dbname=shop"_s;
    QTest::newRow("URI") << u"postgresql://ana:geheim77@db/shop"_s;
    QTest::newRow("URI with an encoded one") << u"postgres://ana:geheim77%40@db:5433/shop"_s;
    QTest::newRow("URI parameter") << u"postgresql://db/shop?password=geheim77"_s;
    QTest::newRow("unreadable words") << u"host=db password=a geheim77 dbname=shop"_s;
    QTest::newRow("unreadable URI") << u"postgresql://ana:geheim77@db:port:/shop"_s;
    QTest::newRow("unclosed quote") << u"host=db password='geheim77"_s;
    QTest::newRow("unknown keyword") << u"host=db passwort=geheim77"_s;
}

void MappingTest::noFormOfAConninfoLeaksItsPassword()
{
    QFETCH(QString, conninfo);
    QVERIFY(!withoutPassword(conninfo).contains(u"geheim77"_s));
    QVERIFY(!describeConninfo(conninfo).contains(u"geheim77"_s));
    if (const auto parsed = parseConninfo(conninfo); !parsed)
        QVERIFY2(!parsed.error().message.contains(u"geheim77"_s), qPrintable(parsed.error().message));
    else
        QVERIFY(withoutPassword(conninfo).contains(u"host=db"_s));
}

void MappingTest::whatIsShownIsStillAConninfo()
{
    const QString shown = withoutPassword(u"host=db dbname='my shop' user='o\\'hara' password=x application_name=''"_s);
    const auto parsed = parseConninfo(shown);
    QVERIFY2(parsed.has_value(), qPrintable(shown));
    QVERIFY(parsed->contains(std::pair(u"dbname"_s, u"my shop"_s)));
    QVERIFY(parsed->contains(std::pair(u"user"_s, u"o'hara"_s)));
    QVERIFY(!hasParameter(*parsed, u"password"_s));
}

void MappingTest::connectionsAreDescribedForPeople_data()
{
    QTest::addColumn<QString>("conninfo");
    QTest::addColumn<QString>("described");
    QTest::newRow("host and database") << u"host=db1.example.net dbname=shop user=ana"_s
                                       << u"shop at db1.example.net"_s;
    QTest::newRow("URI") << u"postgresql://ana:x@db1.example.net/shop"_s << u"shop at db1.example.net"_s;
    QTest::newRow("address") << u"hostaddr=10.0.0.1 dbname=shop"_s << u"shop at 10.0.0.1"_s;
    QTest::newRow("socket") << u"host=/run/postgresql dbname=shop"_s << u"shop at this machine"_s;
    QTest::newRow("nothing") << QString() << u"this machine"_s;
    QTest::newRow("service") << u"service=shop"_s << u"service shop"_s;
    QTest::newRow("unreadable") << u"shop"_s << QString();
}

void MappingTest::connectionsAreDescribedForPeople()
{
    QFETCH(QString, conninfo);
    QFETCH(QString, described);
    QCOMPARE(describeConninfo(conninfo), described);
}

void MappingTest::quotedParametersAreReadBackAsTheyWere_data()
{
    QTest::addColumn<QString>("value");
    for (const char *value : {"plain", "", "with space", "it's", "back\\slash", "\\'", "a=b", "\xc3\xa9"})
        QTest::newRow(value) << QString::fromUtf8(value);
}

void MappingTest::quotedParametersAreReadBackAsTheyWere()
{
    QFETCH(QString, value);
    const auto parsed = parseConninfo(quotedParameter(u"dbname"_s, value) + u" user=ana"_s);
    QVERIFY(parsed.has_value());
    QVERIFY(parsed->contains(std::pair(u"user"_s, u"ana"_s)));
    QVERIFY(parsed->contains(std::pair(u"dbname"_s, value)));
}

QTEST_GUILESS_MAIN(MappingTest)
#include "tst_mapping.moc"
