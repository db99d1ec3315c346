// SPDX-License-Identifier: GPL-3.0-or-later
#include "directed.h"

#include "stage.h"

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

// The first writer commits and waits; the second deletes the row; then the first one's push arrives.
Tally latePushAfterADelete()
{
    Stage stage;
    if (!stage.start(false))
        return broken(stage.error());
    const RowKey key{"101"};
    stage.read(key);
    stage.atNext(FaultPoint::BeforePush, [&] { stage.writeBySecond(stage.edits().remove(key, stage.versionOf(key))); });
    stage.write(stage.edits().update(key, stage.versionOf(key)));
    stage.read(key);
    return stage.finish();
}

// A reader has read the row and waits; the row is written and its hash evicted; then the reader's fill arrives.
Tally lateFillAfterAWrite()
{
    Stage stage;
    if (!stage.start(false))
        return broken(stage.error());
    const RowKey key{"1"};
    stage.servers().redis().run({"DEL", "users:1"});
    stage.atNext(FaultPoint::BeforeFill, [&] {
        stage.write(stage.edits().update(key, stage.versionOf(key)));
        stage.servers().redis().run({"DEL", "users:1"});
    });
    stage.read(key);
    stage.read(key);
    return stage.finish();
}

// Whoever was told "saved" looks at once.
Tally readAfterTheAnswer()
{
    Stage stage;
    if (!stage.start(false))
        return broken(stage.error());
    const RowKey key{"1"};
    stage.read(key);
    stage.write(stage.edits().update(key, stage.versionOf(key)));
    stage.read(key);
    return stage.finish();
}

// Redis forgets a push that was acknowledged a moment ago.
Tally lossAfterThePush()
{
    // Long enough that no pause of the machine makes the row of the outbox safe before Redis is killed.
    Stage stage;
    stage.adjust([](EngineSettings &settings) { settings.retention = milliseconds(8000); });
    if (!stage.start(false))
        return broken(stage.error());
    const RowKey key{"1"};
    const bool beating = waitUntil(
        milliseconds(30'000), [&] { return stage.hasHeartbeat(); }, [&] { stage.keepUp(); });
    if (!beating)
        return broken(u"there is no heartbeat"_s);
    stage.read(key);
    const qint64 size = stage.servers().logSize();
    stage.write(stage.edits().update(key, stage.versionOf(key)));
    stage.keepUp();
    if (!stage.servers().restartCutAt(size))
        return broken(u"Redis cannot be restarted"_s);
    const bool recovered = waitUntil(
        milliseconds(30'000), [&] { return stage.servers().isRecovered(); }, [&] { stage.keepUp(); });
    if (!recovered)
        return broken(u"nobody recovered Redis"_s);
    stage.read(key);
    return stage.finish();
}

// The answer of a COMMIT is lost.
Tally lostReply()
{
    Stage stage;
    if (!stage.start(false))
        return broken(stage.error());
    const RowKey key{"1"};
    stage.write(stage.edits().update(key, stage.versionOf(key))); // connected, and the statement prepared
    const Edit edit = stage.edits().update(key, stage.versionOf(key));
    stage.postgresProxy().arm(Proxy::Trick::LoseReply, {edit.op.uuid.toByteArray(QUuid::WithoutBraces)});
    stage.write(edit);
    if (stage.postgresProxy().played() != 1)
        return broken(u"no reply was lost"_s);
    stage.read(key);
    return stage.finish();
}

bool becomeOwn(SqlClient &client)
{
    return client.run("SELECT set_config('wt.node', nextval('wt_node_seq')::text, false)").has_value();
}

// A writer without a base version draws its number, waits for the row, and goes on after the other's commit.
Tally drawnBeforeTheWait()
{
    Stage stage;
    const bool mutant = isMutated(Mutation::NextvalFrom);
    if (!stage.start(mutant))
        return broken(stage.error());
    SqlClient waiting(stage.servers().conninfo().toUtf8());
    SqlClient holding(stage.servers().conninfo().toUtf8());
    const QByteArray drawn =
        mutant ? "v.n FROM (SELECT nextval('wt_version_seq') AS n OFFSET 0) v"_ba : "nextval('wt_version_seq')"_ba;
    const bool begun = becomeOwn(waiting) && becomeOwn(holding) &&
                       holding.run("BEGIN; SELECT 1 FROM users WHERE id=1 FOR UPDATE") &&
                       waiting.send("UPDATE users SET first_name='second', version=" + drawn + " WHERE id=1");
    const bool waits = begun && waitUntil(milliseconds(30'000), [&] {
                           const auto rows = stage.servers().sql().run(
                               "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type='Lock' AND "
                               "query LIKE 'UPDATE users SET first_name=''second''%'");
                           return rows && rows->front().front() == "1";
                       });
    if (!waits)
        return broken(u"the second writer does not wait"_s);
    const bool done = holding.run("UPDATE users SET first_name='first', version=nextval('wt_version_seq') WHERE id=1; "
                                  "COMMIT") &&
                      waiting.answer();
    if (!done)
        return broken(u"the writers failed"_s);
    waiting.close();
    holding.close();
    return stage.finish();
}

// A client stages again while its first write is being answered.
Tally stagedAgainBeforeTheAnswer()
{
    Stage stage;
    if (!stage.start(false))
        return broken(stage.error());
    stage.stage("1", "first", "one");
    stage.atNext(FaultPoint::StagedDecided, [&] { stage.stage("1", "second", "two"); });
    if (!stage.serveStaged())
        return broken(u"what was staged is not answered"_s);
    return stage.finish();
}

// Redis starts again without anything, and is recovered, while a write is in a gateway's hand.
Tally restartedWhileInHand()
{
    Stage stage;
    if (!stage.start(false))
        return broken(stage.error());
    bool recovered = false;
    stage.stage("1", "first", "one");
    stage.atNext(FaultPoint::StagedTaken, [&] {
        recovered = stage.servers().restartEmpty() &&
                    waitUntil(
                        milliseconds(30'000), [&] { return stage.servers().isRecovered(); }, [&] { stage.keepUp(); });
    });
    const bool answered = stage.serveStagedUntilAnswered("1", "first");
    if (!recovered)
        return broken(u"Redis was not recovered while the write was in hand"_s);
    Tally tally = stage.finish();
    if (!answered)
        tally.violations << u"C6: The write was applied after the restart, and never answered."_s;
    return tally;
}

} // namespace

Tally broken(const QString &why)
{
    Tally tally;
    tally.violations << u"Harness: "_s + why;
    return tally;
}

const std::vector<Directed> &directedSchedules()
{
    static const std::vector<Directed> schedules{
        {"POPULATE", {"C3", "C4"}, &latePushAfterADelete},
        {"NOLEASE", {"C3", "C4"}, &lateFillAfterAWrite},
        {"ACKEARLY", {"C3"}, &readAfterTheAnswer},
        {"EARLYPURGE", {"C3", "C4"}, &lossAfterThePush},
        {"UNKFAILED", {"C5"}, &lostReply},
        {"NEXTVALFROM", {"C2"}, &drawnBeforeTheWait},
        {"NORENAME", {"C6"}, &stagedAgainBeforeTheAnswer},
        {"STANDBY-STATEMENT", {}, &primaryLostInAStatement},
        {"STANDBY-DRAIN", {}, &primaryLostInADrain},
        {"RESTART-IN-HAND", {}, &restartedWhileInHand},
        {"COST", {}, &roundTrips},
    };
    return schedules;
}

} // namespace throughline::faults
