// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/configloader.h"
#include "config/mappingsection.h"
#include "config/safety.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

/// The configuration: the file's grammar, who overrides whom, and what is refused.
class TestConfig final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void nothingConfiguredMeansTheSandbox();
    void keepsTheRawTextAfterTheFirstEqualsSign();
    void laterSourcesOverrideEarlierOnes();
    void findsTheDefaultFile();
    void aFileThatIsNamedMustExist();
    void oneStoreAloneIsAMistake();
    void readsMappings();
    void tunesTheUsersMapping();
    void namesTheLineOfAMistake_data();
    void namesTheLineOfAMistake();
    void refusesAPasswordThatEverybodyCanRead_data();
    void refusesAPasswordThatEverybodyCanRead();
    void neverRepeatsAnAddress();
    void readsDurations_data();
    void readsDurations();
    void takesForeignAddressesForProduction_data();
    void takesForeignAddressesForProduction();

private:
    QString write(const QByteArray &text);
    [[nodiscard]] Result<AppConfig> loadText(const QByteArray &text);
    [[nodiscard]] Result<AppConfig> load(const CommandLineSettings &commandLine) const;

    std::unique_ptr<QTemporaryDir> m_directory;
    QProcessEnvironment m_environment;
};

void TestConfig::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_environment = QProcessEnvironment();
    m_environment.insert(u"HOME"_s, m_directory->path());
}

QString TestConfig::write(const QByteArray &text)
{
    const QString path = m_directory->filePath(u"test.ini"_s);
    QFile file(path);
    if (file.open(QIODevice::WriteOnly))
        file.write(text);
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    return path;
}

Result<AppConfig> TestConfig::loadText(const QByteArray &text)
{
    return load({write(text), {}, {}, {}});
}

Result<AppConfig> TestConfig::load(const CommandLineSettings &commandLine) const
{
    return ConfigLoader(commandLine, m_environment).load();
}

void TestConfig::nothingConfiguredMeansTheSandbox()
{
    const auto config = load({});
    QVERIFY(config.has_value());
    QVERIFY(config->usesSandbox());
    QVERIFY(config->mappings == std::vector{MappingConfig::users()});
    QCOMPARE(config->conninfo.origin, u"default"_s);
    QVERIFY(!config->environment);
    QVERIFY(config->keyspaceEvents == KeyspaceEvents::Add);
}

void TestConfig::keepsTheRawTextAfterTheFirstEqualsSign()
{
    const auto config = loadText("# a comment\n; another\r\n[postgres]\r\n"
                                 "conninfo = host='/tmp/a' options='-c a=b,c;d\\\\e' dbname='x # y'\r\n"
                                 "[redis]\nurl=redis://db1/1\nkeyspace_events = leave\n");
    QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
    QCOMPARE(config->conninfo.value, u"host='/tmp/a' options='-c a=b,c;d\\\\e' dbname='x # y'"_s);
    QCOMPARE(config->conninfo.origin, config->file.value + ", line 4"_L1);
    QCOMPARE(config->redis.database, 1);
    QVERIFY(config->keyspaceEvents == KeyspaceEvents::Leave);
    QVERIFY(!config->usesSandbox());
}

void TestConfig::laterSourcesOverrideEarlierOnes()
{
    const QString file = write("[postgres]\nconninfo = host=fromfile\n[redis]\nurl = redis://fromfile\n");
    m_environment.insert(u"THROUGHLINE_CONFIG"_s, file);
    m_environment.insert(u"THROUGHLINE_PG"_s, u"host=fromenv"_s);
    m_environment.insert(u"THROUGHLINE_REDIS"_s, u"redis://fromenv"_s);
    m_environment.insert(u"THROUGHLINE_DATA"_s, u"/env"_s);
    const auto config = load({{}, {}, u"redis://fromoption"_s, {}});
    QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
    QCOMPARE(config->file.origin, u"THROUGHLINE_CONFIG"_s);
    QCOMPARE(config->conninfo.value, u"host=fromenv"_s);
    QCOMPARE(config->conninfo.origin, u"THROUGHLINE_PG"_s);
    QCOMPARE(config->redis.host, u"fromoption"_s);
    QCOMPARE(config->redisUrl.origin, u"--redis"_s);
    QCOMPARE(config->dataDir.value, u"/env"_s);
}

void TestConfig::findsTheDefaultFile()
{
    const QString directory = m_directory->path() + "/.config/throughline"_L1;
    QVERIFY(QDir().mkpath(directory));
    QVERIFY(QFile::rename(write("[safety]\nenvironment = read-only\n"), directory + "/throughline.ini"_L1));
    const auto config = load({});
    QVERIFY(config.has_value());
    QVERIFY(config->environment == Environment::ReadOnly);
    QVERIFY(config->usesSandbox());
}

void TestConfig::aFileThatIsNamedMustExist()
{
    const auto config = load({m_directory->filePath(u"absent.ini"_s), {}, {}, {}});
    QVERIFY(!config.has_value());
    QCOMPARE(config.error().kind, ErrorKind::Misconfigured);
    QVERIFY(config.error().message.contains(u"absent.ini"_s));
    QVERIFY(config.error().message.contains(u"--config"_s));
}

void TestConfig::oneStoreAloneIsAMistake()
{
    const auto postgresOnly = load({{}, u"host=db1"_s, {}, {}});
    QVERIFY(!postgresOnly.has_value());
    QVERIFY2(postgresOnly.error().message.contains(u"THROUGHLINE_REDIS"_s), qPrintable(postgresOnly.error().message));
    const auto redisOnly = load({{}, {}, u"redis://db1"_s, {}});
    QVERIFY(!redisOnly.has_value());
    QVERIFY2(redisOnly.error().message.contains(u"THROUGHLINE_PG"_s), qPrintable(redisOnly.error().message));
}

void TestConfig::readsMappings()
{
    const auto config = loadText("[mapping]\ntable = shop.items\nkey = sku\nprefix = item/\nstaging_prefix = ~\n"
                                 "warm = never\nttl = 24h\nallow_cache_only = true\nkeep_unmapped = yes\n"
                                 "[fields]\nn = name\np=price\n"
                                 "[mapping:orders]\nttl = 90\n[fields:orders]\ntotal = total\n");
    QVERIFY2(config.has_value(), qPrintable(config ? QString() : config.error().message));
    QCOMPARE(config->mappings.size(), 2U);
    const MappingConfig &items = config->mappings[0];
    QCOMPARE(items.label, u"items"_s);
    QCOMPARE(items.table, u"shop.items"_s);
    QCOMPARE(items.keyColumn, u"sku"_s);
    QCOMPARE(items.prefix, "item/"_ba);
    QCOMPARE(items.stagingPrefix, "~"_ba);
    QVERIFY(items.warm == WarmPolicy::Never);
    QCOMPARE(items.ttlMs, 86'400'000);
    QVERIFY(items.allowCacheOnly && items.keepUnmapped);
    QVERIFY(items.fields == (std::vector<FieldConfig>{{"n"_ba, u"name"_s}, {"p"_ba, u"price"_s}}));
    const MappingConfig &orders = config->mappings[1];
    QCOMPARE(orders.label, u"orders"_s);
    QCOMPARE(orders.table, u"orders"_s);
    QCOMPARE(orders.prefix, "orders:"_ba);
    QCOMPARE(orders.ttlMs, 90'000);
}

void TestConfig::tunesTheUsersMapping()
{
    const auto config = loadText("[mapping]\nttl = 30m\n");
    QVERIFY(config.has_value());
    MappingConfig expected = MappingConfig::users();
    expected.ttlMs = 1'800'000;
    QVERIFY(config->mappings.front() == expected);
}

void TestConfig::namesTheLineOfAMistake_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown key") << "[redis]\n\nurll = x\n"_ba << u"line 3: there is no key urll"_s;
    QTest::newRow("unknown section") << "[redi]\n"_ba << u"line 1: there is no section [redi]"_s;
    QTest::newRow("unnamed mapping") << "[mapping:]\n"_ba << u"line 1: there is no section [mapping:]"_s;
    QTest::newRow("unknown mapping key") << "[mapping]\ntabel = x\n"_ba << u"line 2: a mapping has no key tabel"_s;
    QTest::newRow("no section") << "url = x\n"_ba << u"line 1: the key url stands before"_s;
    QTest::newRow("no key") << "[redis]\nurl\n"_ba << u"line 2: this is neither"_s;
    QTest::newRow("open section") << "[redis\n"_ba << u"line 1: this is not a section"_s;
    QTest::newRow("key twice") << "[redis]\nurl=a\nurl=b\n"_ba << u"line 3: the key url stands here a second time"_s;
    QTest::newRow("section twice") << "[redis]\n[redis]\n"_ba << u"line 2: the section [redis] stands"_s;
    QTest::newRow("environment") << "[safety]\nenvironment = prod\n"_ba << u"line 2: environment is"_s;
    QTest::newRow("keyspace events") << "[redis]\nkeyspace_events = on\n"_ba << u"line 2: keyspace_events is"_s;
    QTest::newRow("ttl") << "[mapping]\nttl = soon\n"_ba << u"line 2: ttl is"_s;
    QTest::newRow("warm") << "[mapping]\nwarm = yes\n"_ba << u"line 2: warm is"_s;
    QTest::newRow("flag") << "[mapping]\nkeep_unmapped = maybe\n"_ba << u"line 2: keep_unmapped is"_s;
    QTest::newRow("empty prefix") << "[mapping]\nprefix =\n"_ba << u"line 2: prefix has no value"_s;
    QTest::newRow("empty column") << "[fields]\na =\n"_ba << u"line 2: the hash field a has no column"_s;
    QTest::newRow("column twice") << "[fields]\na = x\nb = x\n"_ba << u"line 3: the column x stands"_s;
    QTest::newRow("no fields") << "[mapping]\ntable = items\n"_ba << u"line 1: the table items has no fields"_s;
    QTest::newRow("prefix twice") << "[fields:a]\nx=x\n[mapping:b]\nprefix=a:\n[fields:b]\nx=x\n"_ba
                                  << u"has the name or the prefix of the mapping a"_s;
}

void TestConfig::namesTheLineOfAMistake()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QString, named);
    const auto config = loadText(text);
    QVERIFY(!config.has_value());
    QCOMPARE(config.error().kind, ErrorKind::Misconfigured);
    QVERIFY2(config.error().message.contains(named), qPrintable(config.error().message));
}

void TestConfig::refusesAPasswordThatEverybodyCanRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("refused");
    QTest::newRow("conninfo") << "[postgres]\nconninfo=host=a password=s3cret\n[redis]\nurl=redis://a\n"_ba << true;
    QTest::newRow("URI") << "[postgres]\nconninfo=postgresql://u:s3cret@a/b\n[redis]\nurl=redis://a\n"_ba << true;
    QTest::newRow("redis") << "[postgres]\nconninfo=host=a\n[redis]\nurl=redis://:s3cret@a\n"_ba << true;
    QTest::newRow("none") << "[postgres]\nconninfo=host=a user=password\n[redis]\nurl=redis://a\n"_ba << false;
}

void TestConfig::refusesAPasswordThatEverybodyCanRead()
{
    QFETCH(const QByteArray, text);
    QFETCH(const bool, refused);
    const QString path = write(text);
    QVERIFY(load({path, {}, {}, {}}).has_value());
    QVERIFY(QFile::setPermissions(path, QFile::permissions(path) | QFile::ReadOther));
    const auto config = load({path, {}, {}, {}});
    QCOMPARE(!config.has_value(), refused);
    if (refused) {
        QVERIFY(config.error().message.contains(u"chmod 600"_s));
        QVERIFY(!config.error().message.contains(u"s3cret"_s));
    }
}

void TestConfig::neverRepeatsAnAddress()
{
    const auto postgres = load({{}, u"host=a passwort=s3cret"_s, u"redis://a"_s, {}});
    QVERIFY(!postgres.has_value());
    QVERIFY(postgres.error().message.startsWith(u"--pg"_s));
    QVERIFY(!postgres.error().message.contains(u"s3cret"_s));
    const auto redis = load({{}, u"host=a"_s, u"redis://:s3cret"_s, {}});
    QVERIFY(!redis.has_value());
    QVERIFY(redis.error().message.startsWith(u"--redis"_s));
    QVERIFY(!redis.error().message.contains(u"s3cret"_s));
}

void TestConfig::readsDurations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("milliseconds");
    QTest::newRow("0") << u"0"_s << qint64(0);
    QTest::newRow("90") << u"90"_s << qint64(90'000);
    QTest::newRow("10s") << u"10s"_s << qint64(10'000);
    QTest::newRow("30 m") << u"30 m"_s << qint64(1'800'000);
    QTest::newRow("24h") << u"24h"_s << qint64(86'400'000);
    QTest::newRow("7d") << u"7d"_s << qint64(604'800'000);
    QTest::newRow("empty") << QString() << qint64(-1);
    QTest::newRow("h") << u"h"_s << qint64(-1);
    QTest::newRow("-1") << u"-1"_s << qint64(-1);
    QTest::newRow("1w") << u"1w"_s << qint64(-1);
    QTest::newRow("too long") << u"999999999999d"_s << qint64(-1);
}

void TestConfig::readsDurations()
{
    QFETCH(const QString, text);
    QFETCH(const qint64, milliseconds);
    QCOMPARE(MappingSection::parseDuration(text).value_or(-1), milliseconds);
}

void TestConfig::takesForeignAddressesForProduction_data()
{
    QTest::addColumn<QString>("conninfo");
    QTest::addColumn<QString>("redis");
    QTest::addColumn<QString>("pghost");
    QTest::addColumn<bool>("production");
    const auto row = [](const char *name, const char *conninfo, const char *redis, bool production,
                        const char *pghost = "") {
        QTest::newRow(name) << QString::fromLatin1(conninfo) << QString::fromLatin1(redis)
                            << QString::fromLatin1(pghost) << production;
    };
    row("sockets", "host=/run/pg", "unix:///run/r.sock", false);
    row("no host", "dbname=x", "redis://localhost", false);
    row("loopback", "host=127.0.0.2", "redis://[::1]", false);
    row("URI", "postgresql://u@LOCALHOST/x", "redis://127.0.0.1:7000", false);
    row("all hosts here", "host=localhost,::1", "redis://localhost", false);
    row("one host elsewhere", "host=localhost,db1", "redis://localhost", true);
    row("PostgreSQL elsewhere", "host=db1", "redis://localhost", true);
    row("address elsewhere", "host=localhost hostaddr=10.0.0.1", "redis://localhost", true);
    row("name elsewhere, address here", "host=db1 hostaddr=127.0.0.1", "redis://localhost", false);
    row("second host without address", "host=localhost,db1 hostaddr=127.0.0.1,", "redis://localhost", true);
    row("Redis elsewhere", "host=localhost", "redis://cache", true);
    row("misleading name", "host=127.0.0.1.example.net", "redis://localhost", true);
    row("service", "service=shop", "redis://localhost", true);
    row("PGHOST", "dbname=x", "redis://localhost", true, "db1");
    row("unreadable", "hots=localhost", "redis://localhost", true);
}

void TestConfig::takesForeignAddressesForProduction()
{
    QFETCH(const QString, conninfo);
    QFETCH(const QString, redis);
    QFETCH(const QString, pghost);
    QFETCH(const bool, production);
    const auto url = RedisUrl::parse(redis);
    QVERIFY(url.has_value());
    if (!pghost.isEmpty())
        m_environment.insert(u"PGHOST"_s, pghost);
    const Environment expected = production ? Environment::Production : Environment::Development;
    QVERIFY(environmentFor(conninfo, *url, std::nullopt, m_environment) == expected);
    QVERIFY(environmentFor(conninfo, *url, Environment::ReadOnly, m_environment) == Environment::ReadOnly);
}

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_config.moc"
