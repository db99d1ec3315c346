// SPDX-License-Identifier: GPL-3.0-or-later
#include "directed.h"

#include "stage.h"
#include "standbyserver.h"

#include <QFileInfo>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

/// Loses the primary when the point is passed, in the middle of what `trigger` does.
Tally primaryLostAt(FaultPoint point, const std::function<void(Stage &)> &trigger)
{
    Stage stage;
    stage.adjust([&](EngineSettings &settings) {
        const QString primary = QFileInfo(QString::fromUtf8(stage.servers().postgresSocket())).path();
        settings.conninfo +=
            " host="_L1 + primary + u',' + StandbyServer::socketDirectory(stage.servers()) + " port=5432,5432"_L1;
    });
    if (!stage.start(false))
        return broken(stage.error());
    StandbyServer standby(stage.servers());
    if (!standby.start())
        return broken(standby.error());
    const RowKey key{"1"};
    stage.read(key);
    stage.writeBySecond(stage.edits().update(key, stage.versionOf(key)));
    bool lost = false;
    stage.atNext(point, [&] { lost = standby.takeOver(); });
    trigger(stage);
    const bool passed = waitUntil(
        milliseconds(30'000), [&] { return lost || !standby.error().isEmpty(); }, [&] { stage.keepUp(); });
    if (!passed || !lost)
        return broken(passed ? standby.error() : u"the point was not passed"_s);
    stage.writeBySecond(stage.edits().update(key, stage.versionOf(key)));
    stage.read(key);
    return stage.finish();
}

} // namespace

Tally primaryLostInAStatement()
{
    return primaryLostAt(FaultPoint::StatementSent, [](Stage &stage) {
        const RowKey key{"1"};
        stage.writeBySecond(stage.edits().update(key, stage.versionOf(key)));
    });
}

Tally primaryLostInADrain()
{
    return primaryLostAt(FaultPoint::Claimed, [](Stage &stage) {
        stage.servers().sql().run("UPDATE users SET first_name='foreign' WHERE id BETWEEN 1 AND 20");
    });
}

} // namespace throughline::faults
