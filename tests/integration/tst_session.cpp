// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rowreader.h"
#include "engine/writethrough.h"
#include "schemafixture.h"
#include "session/session.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

constexpr int deadlineMs = 30000;
constexpr int promptlyMs = 1500;

QString usersSql()
{
    QFile file(u":/sql/users.sql"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// A session and how its opening ended.
class Subject final : public QObject
{
public:
    explicit Subject(const AppConfig &config, const SessionOptions &options = {})
        : session(std::make_unique<Session>(config, options))
    {
        connect(session.get(), &Session::ready, this, [this] { ready = true; });
        connect(session.get(), &Session::failed, this, [this](const StoreError &error) { failure = error; });
        connect(session.get(), &Session::preparationNeeded, this,
                [this](const PreparationQuestion &asked) { question = asked; });
    }
    /// Until it has ended in one way or another.
    [[nodiscard]] bool wait()
    {
        return QTest::qWaitFor([&] { return ready || failure || question; }, deadlineMs);
    }
    [[nodiscard]] QString trouble() const { return failure ? failure->message : QString(); }

    std::unique_ptr<Session> session;
    bool ready = false;
    std::optional<StoreError> failure;
    std::optional<PreparationQuestion> question;
};

} // namespace

/// From a configuration to a table that can be written through: the first start of the private servers, given servers,
/// and every way to fail.
class SessionTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void cleanup();

    void theFirstStartMakesThreeUsersInBothStores();
    void theSecondStartAddsNothing();
    void anInterruptedFirstStartIsCompleted_data();
    void anInterruptedFirstStartIsCompleted();
    void givenServersAreNotChangedUnasked();
    void anAgreementGivenBeforehandPrepares();
    void everyConfiguredTableIsOpenedWhereAskedFor();
    void theQuestionCoversEveryUnpreparedTable();
    void aFurtherTableThatIsMissingIsNamed();
    void aTableHasOneMapping();
    void aFailureIsSaidInASentence_data();
    void aFailureIsSaidInASentence();
    void aRedisThatWantsAPasswordIsSaid();
    void aFailedSessionOpensAgain();
    void destructionWhileOpeningIsPrompt();
    void destructionWhilePostgresHangsIsPrompt();

private:
    [[nodiscard]] AppConfig sandboxConfig() const;
    [[nodiscard]] AppConfig given(const QString &conninfo, const QString &redisUrl) const;
    /// Users and a table of items in a schema of its own.
    [[nodiscard]] AppConfig withItems(SchemaFixture &db, const QString &items = u"shop.items"_s) const;
    bool emptySandbox();
    [[nodiscard]] QByteArray sql(const QString &text)
    {
        return m_servers->scalar(m_servers->conninfo(), text).value_or(m_servers->error().toUtf8());
    }

    std::unique_ptr<TestServers> m_servers;
};

void SessionTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>(true);
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void SessionTest::cleanupTestCase()
{
    m_servers.reset();
}

void SessionTest::cleanup()
{
    m_servers->resumePostgres();
}

AppConfig SessionTest::sandboxConfig() const
{
    AppConfig config;
    config.dataDir = {m_servers->dataDir(), u"--data"_s};
    return config;
}

AppConfig SessionTest::given(const QString &conninfo, const QString &redisUrl) const
{
    AppConfig config;
    config.conninfo = {conninfo, u"--pg"_s};
    config.redisUrl = {redisUrl, u"--redis"_s};
    config.redis = RedisUrl::parse(redisUrl).value_or(RedisUrl());
    return config;
}

/// As a sandbox is before its first start.
bool SessionTest::emptySandbox()
{
    return m_servers->flushRedis() &&
           m_servers->execute(
               m_servers->conninfo(),
               u"SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public"_s) &&
           m_servers->execute(m_servers->conninfo(), u"DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS NULL', "
                                                     "current_database()); END $$"_s);
}

void SessionTest::theFirstStartMakesThreeUsersInBothStores()
{
    QVERIFY2(emptySandbox(), qPrintable(m_servers->error()));
    Subject subject(sandboxConfig());
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY2(subject.ready, qPrintable(subject.trouble()));
    QVERIFY(subject.session->usesSandbox());
    QVERIFY(!subject.session->ownsSandbox()); // they are this test's
    QCOMPARE(sql(u"SELECT string_agg(id || username, ' ' ORDER BY id) FROM users"_s), "1fulano 2beltrano 3sicrano");
    RowReader reader(subject.session->mapping(), subject.session->engineSettings(), nullptr);
    for (const char *key : {"1", "2", "3"})
        QCOMPARE(reader.pair({key}).comparison.row, RowDifference::Same);

    WriteThrough engine(subject.session->mapping(), subject.session->engineSettings(), nullptr);
    Edit edit;
    edit.op = OpId::create();
    edit.kind = EditKind::Insert;
    edit.changes = {{0, "ana"}, {1, "ana@example.org"}, {2, "x"}};
    const Outcome outcome = engine.write(edit);
    QCOMPARE(outcome.verdict, Verdict::Committed);
    QCOMPARE(outcome.key.text, "4");
}

void SessionTest::theSecondStartAddsNothing()
{
    QVERIFY2(emptySandbox(), qPrintable(m_servers->error()));
    for (int start = 0; start < 3; ++start) {
        Subject subject(sandboxConfig());
        subject.session->open();
        QVERIFY(subject.wait());
        QVERIFY2(subject.ready, qPrintable(subject.trouble()));
        if (start == 0) // what its user took away does not come back
            QVERIFY(m_servers->execute(m_servers->conninfo(), u"DELETE FROM users WHERE id = 2"_s));
        QCOMPARE(sql(u"SELECT string_agg(id || username, ' ' ORDER BY id) FROM users"_s), "1fulano 3sicrano");
    }
}

void SessionTest::anInterruptedFirstStartIsCompleted_data()
{
    QTest::addColumn<QString>("after");
    QTest::newRow("the table was there") << QString();
    QTest::newRow("it was prepared") << u"prepare"_s;
    QTest::newRow("one user was there") << u"INSERT INTO users(id, username, email, password_hash) VALUES "
                                           "(1, 'fulano', 'fulano@detal.com.br', 'x')"_s;
    QTest::newRow("the mark alone was missing") << u"mark"_s;
}

void SessionTest::anInterruptedFirstStartIsCompleted()
{
    QFETCH(QString, after);
    QVERIFY2(emptySandbox(), qPrintable(m_servers->error()));
    if (after == u"mark") {
        Subject whole(sandboxConfig());
        whole.session->open();
        QVERIFY(whole.wait() && whole.ready);
        QVERIFY(m_servers->execute(m_servers->conninfo(), u"COMMENT ON DATABASE throughline IS NULL"_s));
    } else {
        QVERIFY(m_servers->execute(m_servers->conninfo(), usersSql()));
    }
    if (after == u"prepare") {
        SessionOptions options;
        options.agreeToPrepare = true;
        Subject half(given(m_servers->conninfo(), m_servers->redisUrl()), options);
        half.session->open();
        QVERIFY(half.wait() && half.ready);
        QCOMPARE(sql(u"SELECT count(*) FROM users"_s), "0");
    } else if (after.startsWith("INSERT"_L1)) {
        QVERIFY(m_servers->execute(m_servers->conninfo(), after));
    }
    Subject subject(sandboxConfig());
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY2(subject.ready, qPrintable(subject.trouble()));
    QCOMPARE(sql(u"SELECT string_agg(id || username, ' ' ORDER BY id) FROM users"_s), "1fulano 2beltrano 3sicrano");
    QCOMPARE(sql(u"SELECT nextval('users_id_seq')"_s), "4");
    QVERIFY(sql(u"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"_s)
                .startsWith("throughline sandbox"));
}

void SessionTest::givenServersAreNotChangedUnasked()
{
    SchemaFixture db(*m_servers);
    QVERIFY(db.run(usersSql()));
    const QByteArray before = db.catalog();
    Subject subject(given(db.conninfo(), m_servers->redisUrl()));
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY2(subject.question, qPrintable(subject.trouble()));
    QVERIFY(!subject.ready);
    QCOMPARE(subject.question->table, u"public.users"_s);
    QVERIFY(subject.question->sql.contains("wt_attach"_L1));
    QVERIFY(subject.question->missingRights.isEmpty());
    QCOMPARE(db.catalog(), before);
    subject.session->agreeToPrepare();
    QTRY_VERIFY_WITH_TIMEOUT(subject.ready, deadlineMs);
    QCOMPARE(db.inspect(MappingConfig::users()).preparation, Preparation::Complete);
    QCOMPARE(db.value(u"SELECT count(*) FROM users"_s), "0"); // the three users are the sandbox's alone
}

void SessionTest::anAgreementGivenBeforehandPrepares()
{
    SchemaFixture db(*m_servers);
    QVERIFY(db.run(usersSql()));
    SessionOptions options;
    options.agreeToPrepare = true;
    Subject subject(given(db.conninfo(), m_servers->redisUrl()), options);
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY2(subject.ready, qPrintable(subject.trouble()));
    QCOMPARE(db.inspect(MappingConfig::users()).preparation, Preparation::Complete);
}

AppConfig SessionTest::withItems(SchemaFixture &db, const QString &items) const
{
    db.run(usersSql());
    db.run(u"CREATE SCHEMA shop; CREATE TABLE shop.items(id int PRIMARY KEY, name text)"_s);
    AppConfig config = given(db.conninfo(), m_servers->redisUrl());
    config.mappings.push_back(SchemaFixture::mapping(items, u"id"_s, {u"name"_s}, u"items"_s));
    return config;
}

void SessionTest::everyConfiguredTableIsOpenedWhereAskedFor()
{
    SchemaFixture db(*m_servers);
    const AppConfig config = withItems(db);
    SessionOptions options;
    options.agreeToPrepare = true;
    Subject one(config, options);
    one.session->open();
    QVERIFY(one.wait());
    QVERIFY2(one.ready, qPrintable(one.trouble()));
    QCOMPARE(one.session->mappings().size(), size_t(1));
    QCOMPARE(db.inspect(config.mappings.back()).preparation, Preparation::None);

    options.opensAllTables = true;
    Subject all(config, options);
    all.session->open();
    QVERIFY(all.wait());
    QVERIFY2(all.ready, qPrintable(all.trouble()));
    QCOMPARE(all.session->mappings().size(), size_t(2));
    QCOMPARE(all.session->mapping().config.label, u"users"_s);
    for (const Mapping &mapping : all.session->mappings()) {
        QCOMPARE(mapping.protocolSchema, u"public"_s);
        QCOMPARE(db.inspect(mapping.config).preparation, Preparation::Complete);
    }
}

void SessionTest::theQuestionCoversEveryUnpreparedTable()
{
    SchemaFixture db(*m_servers);
    const AppConfig config = withItems(db);
    const QByteArray before = db.catalog();
    SessionOptions options;
    options.opensAllTables = true;
    Subject subject(config, options);
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY2(subject.question, qPrintable(subject.trouble()));
    QCOMPARE(subject.question->table, u"public.users, shop.items"_s);
    QCOMPARE(subject.question->sql.count("SELECT \"public\".wt_attach("_L1), 2);
    QCOMPARE(db.catalog(), before);
    QVERIFY2(db.run(subject.question->sql), "what is shown can be run as it is");
    for (const MappingConfig &mapping : config.mappings)
        QCOMPARE(db.inspect(mapping).preparation, Preparation::Complete);
}

void SessionTest::aFurtherTableThatIsMissingIsNamed()
{
    SchemaFixture db(*m_servers);
    const AppConfig config = withItems(db, u"shop.nothing"_s);
    SessionOptions options;
    options.agreeToPrepare = true;
    options.opensAllTables = true;
    Subject subject(config, options);
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY(subject.failure.has_value());
    QCOMPARE(subject.failure->kind, ErrorKind::Misconfigured);
    QVERIFY2(subject.trouble().contains("shop.nothing"_L1), qPrintable(subject.trouble()));
    QCOMPARE(db.inspect(MappingConfig::users()).preparation, Preparation::None);
}

void SessionTest::aTableHasOneMapping()
{
    SchemaFixture db(*m_servers);
    AppConfig config = withItems(db);
    config.mappings.push_back(SchemaFixture::mapping(u"\"shop\".items"_s, u"id"_s, {u"name"_s}, u"again"_s));
    SessionOptions options;
    options.agreeToPrepare = true;
    options.opensAllTables = true;
    Subject subject(config, options);
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY(subject.failure.has_value());
    QVERIFY2(subject.trouble().contains("shop.items"_L1) && subject.trouble().contains("again"_L1),
             qPrintable(subject.trouble()));
}

void SessionTest::aFailureIsSaidInASentence_data()
{
    QTest::addColumn<QString>("pg"); // behind the good conninfo, where the later value counts
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("said");
    QTest::newRow("no such database") << u" dbname=nothing77"_s << ErrorKind::Misconfigured << u"nothing77"_s;
    QTest::newRow("wrong password") << u" password=geheim77"_s << ErrorKind::Authentication
                                    << u"Check user and password"_s;
    QTest::newRow("no such user") << u" user=nobody77"_s << ErrorKind::Authentication << u"nobody77"_s;
    QTest::newRow("nobody listens") << u" port=1"_s << ErrorKind::Unreachable << u"port 1"_s;
    QTest::newRow("no such host") << u" host=nohost.invalid"_s << ErrorKind::Unreachable << u"nohost.invalid"_s;
    QTest::newRow("no table") << u" dbname=postgres"_s << ErrorKind::Misconfigured << u"[mapping]"_s;
}

void SessionTest::aFailureIsSaidInASentence()
{
    QFETCH(QString, pg);
    QFETCH(ErrorKind, kind);
    QFETCH(QString, said);
    Subject subject(given(m_servers->endpoints().tcpConninfo + pg, m_servers->redisUrl()));
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY(subject.failure.has_value());
    QCOMPARE(subject.failure->kind, kind);
    QVERIFY2(subject.trouble().contains(said), qPrintable(subject.trouble()));
    QVERIFY2(!subject.trouble().contains("geheim77"_L1), qPrintable(subject.trouble()));
    QVERIFY2(subject.trouble().endsWith(u'.'), qPrintable(subject.trouble()));
}

void SessionTest::aRedisThatWantsAPasswordIsSaid()
{
    const QString address = m_servers->endpoints().tcpRedisUrl.section(u'@', -1);
    for (const auto &[user, said] :
         {std::pair(u""_s, u"wants a password"_s), std::pair(u":geheim77@"_s, u"refused"_s)}) {
        Subject subject(given(m_servers->conninfo(), "redis://"_L1 + user + address));
        subject.session->open();
        QVERIFY(subject.wait());
        QVERIFY(subject.failure.has_value());
        QCOMPARE(subject.failure->kind, ErrorKind::Authentication);
        QCOMPARE(subject.failure->store, Store::Redis);
        QVERIFY2(subject.trouble().contains(said), qPrintable(subject.trouble()));
        QVERIFY(!subject.trouble().contains("geheim77"_L1));
    }
}

void SessionTest::aFailedSessionOpensAgain()
{
    SchemaFixture db(*m_servers);
    Subject subject(given(db.conninfo(), m_servers->redisUrl()));
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY(subject.failure.has_value());
    QVERIFY(db.run(usersSql()));
    subject.failure.reset();
    subject.session->open();
    QVERIFY(subject.wait());
    QVERIFY2(subject.question, qPrintable(subject.trouble()));
}

void SessionTest::destructionWhileOpeningIsPrompt()
{
    SchemaFixture db(*m_servers);
    QVERIFY(db.run(usersSql()));
    Subject subject(given(db.conninfo(), m_servers->redisUrl()));
    subject.session->open();
    QElapsedTimer timer;
    timer.start();
    subject.session.reset();
    QVERIFY2(timer.elapsed() < promptlyMs, qPrintable(QString::number(timer.elapsed())));
    QCoreApplication::processEvents();
    QVERIFY(!subject.ready && !subject.failure && !subject.question);
}

void SessionTest::destructionWhilePostgresHangsIsPrompt()
{
    m_servers->pausePostgres();
    Subject subject(given(m_servers->conninfo(), m_servers->redisUrl()));
    subject.session->open();
    QTRY_COMPARE_WITH_TIMEOUT(m_servers->waitingPostgresConnections(), 1, deadlineMs);
    QElapsedTimer timer;
    timer.start();
    subject.session.reset();
    QVERIFY2(timer.elapsed() < promptlyMs, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(SessionTest)
#include "tst_session.moc"
