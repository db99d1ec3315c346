// SPDX-License-Identifier: GPL-3.0-or-later
#include "directed.h"

#include "faultsettings.h"
#include "stage.h"
#include "upkeepthread.h"

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

constexpr int edits = 100;
constexpr std::chrono::seconds watched{3};
// Per second: 12 polls, the heartbeat, and what is done every few seconds.
constexpr int upkeepLimit = 15;

void edit(Stage &stage, int times, Tally &tally)
{
    const RowKey key{"1"};
    RowVersion version = stage.versionOf(key);
    for (int i = 0; i < times; ++i) {
        const Outcome outcome = stage.write(stage.edits().update(key, version));
        if (outcome.verdict != Verdict::Committed || !outcome.row) {
            tally.violations << u"Harness: an edit without faults was not saved"_s;
            return;
        }
        version = outcome.row->version;
    }
}

void expect(Tally &tally, int requests, int limit, const QString &what)
{
    if (requests > limit)
        tally.violations << u"C7: %1 cost %2 round trips instead of %3."_s.arg(what).arg(requests).arg(limit);
}

} // namespace

Tally roundTrips()
{
    Stage stage;
    if (!stage.start(false))
        return broken(stage.error());
    Tally tally;
    stage.read({"1"});
    edit(stage, 2, tally); // connects, prepares the statement, loads the script
    const int postgres = stage.postgresProxy().requests();
    const int redis = stage.redisProxy().requests();
    edit(stage, edits, tally);
    expect(tally, stage.postgresProxy().requests() - postgres, edits, u"100 edits in PostgreSQL"_s);
    expect(tally, stage.redisProxy().requests() - redis, edits, u"100 edits in Redis"_s);

    EngineSettings settings = stage.farSettings();
    settings.pollInterval = EngineSettings().pollInterval;
    settings.heartbeatInterval = EngineSettings().heartbeatInterval;
    settings.orphanInterval = EngineSettings().orphanInterval;
    settings.retention = EngineSettings().retention;
    {
        const UpkeepThread upkeep(stage.mapping(), settings);
        // After the first step, which connects and prepares.
        std::ignore = waitUntil(watched / 3, [] { return false; });
        const int before = stage.postgresProxy().requests();
        const Instant from = Clock::now();
        std::ignore = waitUntil(watched, [] { return false; });
        const auto seconds = std::chrono::duration<double>(Clock::now() - from).count();
        expect(tally, stage.postgresProxy().requests() - before, static_cast<int>(seconds * upkeepLimit) + 1,
               u"the upkeep at rest"_s);
    }
    const Tally rest = stage.finish();
    tally.add(rest, "C7");
    tally.faults.clear();
    return tally;
}

} // namespace throughline::faults
