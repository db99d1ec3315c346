// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/outcomeresolver.h"
#include "engine/upkeep.h"
#include "engine/writethrough.h"
#include "usersfixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <thread>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What became of a statement whose answer was lost: found out, never guessed. The lost attempt is played by a second
/// connection that sends the very same statement earlier, later or never.
class UnknownOutcomeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();

    void anUpdateThatNeverArrivedIsRepeated();
    void anUpdateThatHadCommittedIsFound();
    void aLateUpdateFindsItsBaseGone();
    void anUpdateThatLostTheRaceWasNotApplied();
    void aDeleteThatHadCommittedIsFound();
    void aRefusedRepetitionKeepsTheLateAttemptOut();
    void anInsertThatHadCommittedIsFound();
    void aRefusedInsertKeepsTheLateAttemptOut();
    void aBatchIsToldRowByRow();
    void withoutTheValuesALateAttemptIsKeptOut();
    void withoutTheValuesACommittedOneIsFound();
    void aTerminatedBackendIsNoFailure();
    void anUnreachableServerIsUnknownAndSettledLater();
    void anEndedProgramsEditIsSettledByTheNext();

private:
    [[nodiscard]] Edit update(const char *key, const char *column, const char *newValue);
    [[nodiscard]] Edit insert(const char *key, const char *name);
    [[nodiscard]] RowVersion versionOf(const char *key);
    [[nodiscard]] std::vector<Fate> resolved(const Statement &statement);
    [[nodiscard]] std::vector<Fate> settled(const Statement &statement);
    [[nodiscard]] static std::vector<Fate> toldBy(const Result<std::vector<Fate>> &fates, const Statement &statement);
    [[nodiscard]] QByteArray value(const QString &text)
    {
        return m_servers->scalar(m_users.settings.conninfo, text).value_or(QByteArray());
    }
    /// How often the operation changed a row.
    [[nodiscard]] int timesApplied(const OpId &op);

    std::unique_ptr<TestServers> m_servers;
    UsersFixture m_users;
    std::unique_ptr<PostgresLink> m_ours;
    std::unique_ptr<PostgresLink> m_lost; ///< sends what the lost attempt would have sent
};

void UnknownOutcomeTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
}

void UnknownOutcomeTest::cleanupTestCase()
{
    m_ours.reset();
    m_lost.reset();
    m_servers.reset();
}

void UnknownOutcomeTest::init()
{
    m_users = UsersFixture::make(*m_servers);
    QVERIFY2(m_users.error.isEmpty(), qPrintable(m_users.error));
    m_users.settings.firstRetry = 20ms;
    m_users.settings.lastRetry = 100ms;
    m_ours = std::make_unique<PostgresLink>(m_users.mapping, m_users.settings, LinkRole::Writer, nullptr);
    m_lost = std::make_unique<PostgresLink>(m_users.mapping, m_users.settings, LinkRole::Writer, nullptr);
    QVERIFY(m_ours->ensure());
    QVERIFY(m_lost->ensure());
}

RowVersion UnknownOutcomeTest::versionOf(const char *key)
{
    return {value(u"SELECT version::text FROM users WHERE id = %1"_s.arg(QLatin1StringView(key))).toLongLong()};
}

Edit UnknownOutcomeTest::update(const char *key, const char *column, const char *newValue)
{
    return {OpId::create(),
            EditKind::Update,
            {key},
            versionOf(key),
            {{fieldOf(m_users.mapping, column), QByteArray(newValue)}},
            Origin::Grid};
}

Edit UnknownOutcomeTest::insert(const char *key, const char *name)
{
    return {OpId::create(),
            EditKind::Insert,
            {key},
            {},
            {{fieldOf(m_users.mapping, "username"), QByteArray(name)},
             {fieldOf(m_users.mapping, "email"), QByteArray(name)},
             {fieldOf(m_users.mapping, "password_hash"), QByteArray("x")}},
            Origin::Grid};
}

std::vector<Fate> UnknownOutcomeTest::resolved(const Statement &statement)
{
    OutcomeResolver resolver(*m_ours, m_users.mapping, m_users.settings, nullptr);
    return toldBy(resolver.resolve(statement, Clock::now() + 10s), statement);
}

std::vector<Fate> UnknownOutcomeTest::settled(const Statement &statement)
{
    OutcomeResolver resolver(*m_ours, m_users.mapping, m_users.settings, nullptr);
    return toldBy(resolver.settle(statement, Clock::now() + 10s), statement);
}

/// A resolver that found nothing out fails the test: blank fates would read as "not applied".
std::vector<Fate> UnknownOutcomeTest::toldBy(const Result<std::vector<Fate>> &fates, const Statement &statement)
{
    if (fates && fates->size() == statement.edits.size())
        return *fates;
    const QString reason = fates ? u"other fates than edits"_s : fates.error().message;
    [&reason] { QFAIL(qPrintable(reason)); }();
    return std::vector<Fate>(statement.edits.size());
}

int UnknownOutcomeTest::timesApplied(const OpId &op)
{
    return value(
               u"SELECT count(*)::text FROM wt_outbox WHERE op_id = '%1'"_s.arg(op.uuid.toString(QUuid::WithoutBraces)))
        .toInt();
}

void UnknownOutcomeTest::anUpdateThatNeverArrivedIsRepeated()
{
    const Edit edit = update("1", "score", "5");
    const Fate fate = resolved({edit.op, {edit}}).front();
    QCOMPARE(fate.kind, Fate::Kind::Written);
    QCOMPARE(fate.written.row->version, versionOf("1"));
    QCOMPARE(timesApplied(edit.op), 1);
}

void UnknownOutcomeTest::anUpdateThatHadCommittedIsFound()
{
    const Edit edit = update("1", "score", "5");
    QVERIFY(m_lost->rows().write(edit, Clock::now() + 10s));
    const Fate fate = resolved({edit.op, {edit}}).front();
    QCOMPARE(fate.kind, Fate::Kind::AppliedBefore);
    QVERIFY(fate.journal > versionOf("1"));
    QCOMPARE(timesApplied(edit.op), 1);
}

void UnknownOutcomeTest::aLateUpdateFindsItsBaseGone()
{
    const Edit edit = update("1", "score", "5");
    QCOMPARE(resolved({edit.op, {edit}}).front().kind, Fate::Kind::Written);
    const auto late = m_lost->rows().write(edit, Clock::now() + 10s);
    QVERIFY(late && late->nothing());
    QCOMPARE(timesApplied(edit.op), 1);
}

void UnknownOutcomeTest::anUpdateThatLostTheRaceWasNotApplied()
{
    const Edit edit = update("1", "score", "5");
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"UPDATE users SET score = 9 WHERE id = 1"_s));
    QCOMPARE(resolved({edit.op, {edit}}).front().kind, Fate::Kind::NotApplied);
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id = 1"_s), "9");
    QCOMPARE(timesApplied(edit.op), 0);
}

void UnknownOutcomeTest::aDeleteThatHadCommittedIsFound()
{
    Edit edit = update("1", "score", "5");
    edit.kind = EditKind::Delete;
    edit.changes.clear();
    QVERIFY(m_lost->rows().write(edit, Clock::now() + 10s));
    QCOMPARE(resolved({edit.op, {edit}}).front().kind, Fate::Kind::AppliedBefore);
    QCOMPARE(timesApplied(edit.op), 1);
}

void UnknownOutcomeTest::aRefusedRepetitionKeepsTheLateAttemptOut()
{
    const Edit edit = update("1", "email", "user2@example.org");
    const Fate fate = resolved({edit.op, {edit}}).front();
    QCOMPARE(fate.kind, Fate::Kind::Refused);
    QCOMPARE(fate.refusal->kind, ErrorKind::Duplicate);
    // What refused it goes away; the late attempt must not be applied after "not saved" was said.
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"DELETE FROM users WHERE id = 2"_s));
    const auto late = m_lost->rows().write(edit, Clock::now() + 10s);
    QVERIFY(late && late->nothing());
    QCOMPARE(timesApplied(edit.op), 0);
}

void UnknownOutcomeTest::anInsertThatHadCommittedIsFound()
{
    const Edit edit = insert("50", "ana");
    QVERIFY(m_lost->rows().write(edit, Clock::now() + 10s));
    QCOMPARE(resolved({edit.op, {edit}}).front().kind, Fate::Kind::AppliedBefore);
    // Also when somebody has deleted the row since: it was added once and stays deleted.
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"DELETE FROM users WHERE id = 50"_s));
    QCOMPARE(resolved({edit.op, {edit}}).front().kind, Fate::Kind::AppliedBefore);
    QCOMPARE(value(u"SELECT count(*)::text FROM users WHERE id = 50"_s), "0");
}

void UnknownOutcomeTest::aRefusedInsertKeepsTheLateAttemptOut()
{
    const Edit edit = insert("50", "user2");
    QCOMPARE(resolved({edit.op, {edit}}).front().kind, Fate::Kind::Refused);
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"DELETE FROM users WHERE id = 2"_s));
    const auto late = m_lost->rows().write(edit, Clock::now() + 10s);
    QVERIFY(late && late->nothing());
    QCOMPARE(value(u"SELECT count(*)::text FROM users WHERE id = 50"_s), "0");
}

void UnknownOutcomeTest::aBatchIsToldRowByRow()
{
    const Statement batch{OpId::create(),
                          {update("1", "score", "5"), update("2", "score", "6"), update("3", "score", "7")}};
    // The lost attempt found row 2 changed by someone; then it committed the others.
    QVERIFY(m_servers->execute(m_users.settings.conninfo, u"UPDATE users SET score = 9 WHERE id = 2"_s));
    QVERIFY(m_lost->rows().writeMany(batch.op, batch.edits, Clock::now() + 10s));
    const auto fates = resolved(batch);
    QCOMPARE(fates[0].kind, Fate::Kind::AppliedBefore);
    QCOMPARE(fates[1].kind, Fate::Kind::NotApplied);
    QCOMPARE(fates[2].kind, Fate::Kind::AppliedBefore);
    QCOMPARE(timesApplied(batch.op), 1);
}

void UnknownOutcomeTest::withoutTheValuesALateAttemptIsKeptOut()
{
    const Edit edit = update("1", "score", "5");
    Edit bare = edit;
    bare.changes.clear();
    QCOMPARE(settled({edit.op, {bare}}).front().kind, Fate::Kind::NotApplied);
    const auto late = m_lost->rows().write(edit, Clock::now() + 10s);
    QVERIFY(late && late->nothing());
    const Edit added = insert("50", "ana");
    bare = added;
    bare.changes.clear();
    QCOMPARE(settled({added.op, {bare}}).front().kind, Fate::Kind::NotApplied);
    const auto lateInsert = m_lost->rows().write(added, Clock::now() + 10s);
    QVERIFY(lateInsert && lateInsert->nothing());
}

void UnknownOutcomeTest::withoutTheValuesACommittedOneIsFound()
{
    const Edit edit = update("1", "score", "5");
    QVERIFY(m_lost->rows().write(edit, Clock::now() + 10s));
    const RowVersion version = versionOf("1");
    Edit bare = edit;
    bare.changes.clear();
    QCOMPARE(settled({edit.op, {bare}}).front().kind, Fate::Kind::AppliedBefore);
    QCOMPARE(versionOf("1"), version); // nothing had to be kept out
}

void UnknownOutcomeTest::aTerminatedBackendIsNoFailure()
{
    QVERIFY(m_lost->connection().runScript("BEGIN; SELECT FROM users WHERE id = 1 FOR UPDATE", Clock::now() + 10s));
    const Edit edit = update("1", "score", "5");
    std::optional<Outcome> outcome;
    std::thread writer([&] {
        WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
        outcome = engine.write(edit);
    });
    // While it waits for the lock, its server process is ended.
    const bool ended = QTest::qWaitFor(
        [&] {
            return value(u"SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE wait_event_type = "
                         "'Lock' AND query LIKE 'UPDATE%'"_s)
                       .toInt() > 0;
        },
        20000);
    std::ignore = m_lost->connection().runScript("ROLLBACK", Clock::now() + 10s);
    writer.join();
    QVERIFY(ended);
    QCOMPARE(outcome->verdict, Verdict::Committed);
    QCOMPARE(timesApplied(edit.op), 1);
    QCOMPARE(value(u"SELECT score::text FROM users WHERE id = 1"_s), "5");
}

void UnknownOutcomeTest::anUnreachableServerIsUnknownAndSettledLater()
{
    m_users.settings.ackDeadline = 200ms;
    m_users.settings.statementDeadline = 300ms;
    m_users.settings.connectTimeout = 300ms;
    WriteThrough engine(m_users.mapping, m_users.settings, nullptr);
    QCOMPARE(engine.write(update("1", "score", "4")).verdict, Verdict::Committed);
    const Edit edit = update("1", "score", "5");
    m_servers->pausePostgres();
    const Outcome outcome = engine.write(edit);
    const auto early = engine.upkeep();
    m_servers->resumePostgres();
    QCOMPARE(outcome.verdict, Verdict::Unknown);
    QCOMPARE(engine.unsettled(), size_t(1));
    QVERIFY(early.empty());
    std::vector<Outcome> late;
    QVERIFY(QTest::qWaitFor(
        [&] {
            late = engine.upkeep();
            return !late.empty();
        },
        20000));
    QCOMPARE(late.front().op, edit.op);
    QVERIFY(late.front().late);
    QCOMPARE(late.front().verdict, Verdict::Committed);
    QCOMPARE(engine.unsettled(), size_t(0));
    QCOMPARE(timesApplied(edit.op), 1);
}

void UnknownOutcomeTest::anEndedProgramsEditIsSettledByTheNext()
{
    const QTemporaryDir state;
    m_users.settings.stateDirectory = state.path();
    UsersFixture hurried = m_users;
    hurried.settings.ackDeadline = 200ms;
    hurried.settings.statementDeadline = 300ms;
    hurried.settings.connectTimeout = 300ms;
    const Edit edit = update("1", "score", "5");
    {
        WriteThrough engine(hurried.mapping, hurried.settings, nullptr);
        // The statement is prepared by its first use; a lost preparation would be no unknown outcome.
        QCOMPARE(engine.write(update("2", "score", "4")).verdict, Verdict::Committed);
        m_servers->pausePostgres();
        const Outcome outcome = engine.write(edit);
        m_servers->resumePostgres();
        QCOMPARE(outcome.verdict, Verdict::Unknown);
    }
    QCOMPARE(OperationJournal::count(state.path()), 1);
    WriteThrough next(m_users.mapping, m_users.settings, nullptr);
    next.adoptUnsettled();
    QCOMPARE(next.unsettled(), size_t(1));
    const auto late = next.upkeep();
    QCOMPARE(late.size(), size_t(1));
    QCOMPARE(late.front().op, edit.op);
    // Whichever it was: what is said is what the table shows.
    const bool saved = value(u"SELECT score::text FROM users WHERE id = 1"_s) == "5";
    QCOMPARE(late.front().isCommitted(), saved);
    QCOMPARE(timesApplied(edit.op), saved ? 1 : 0);
    QCOMPARE(OperationJournal::count(state.path()), 0);
}

QTEST_GUILESS_MAIN(UnknownOutcomeTest)
#include "tst_unknown.moc"
