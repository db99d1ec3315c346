// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/activitymodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QDateTime start = QDateTime::fromString(u"2026-11-22T10:00:00Z"_s, Qt::ISODate);

ActivityLine lineAt(int second, bool done = true)
{
    ActivityLine line;
    line.id = OpId::create();
    line.at = start.addSecs(second);
    line.origin = ActivityOrigin::Client;
    line.label = "users";
    line.key = {QByteArray::number(second)};
    line.work = ActivityWork::Write;
    line.result = done ? CellState::Saved : CellState::Failed;
    line.took = 1500us;
    return line;
}

std::vector<ActivityLine> lines(int from, int to, bool done = true)
{
    std::vector<ActivityLine> all;
    for (int second = from; second < to; ++second)
        all.push_back(lineAt(second, done));
    return all;
}

QStringList keysOf(const ActivityModel &model)
{
    QStringList keys;
    for (int row = 0; row < model.rowCount(); ++row)
        keys << QString::fromUtf8(model.line(row).key.text);
    return keys;
}

QStringList column(const ActivityModel &model, int row)
{
    QStringList texts;
    for (int i = 0; i < model.columnCount(); ++i)
        texts << model.index(row, i).data().toString();
    return texts;
}

} // namespace

class ActivityModelTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theNewestIsOnTop();
    void aBatchIsToldOnce();
    void oldLinesFallOff();
    void aLargeBatchKeepsItsNewest();
    void failuresOutliveWhatWentWell();
    void linesOfOthersGoToTheirPlaces();
    void aLineIsShownOnce();
    void whatFellOffDoesNotComeBack();
    void aLaterWordTakesThePlace();
    void whatHasNoLineIsCounted();
    void itIsSaidInWords();
    void copiedTextHasOneLinePerWrite();
    void sourcesBecomeLines();
};

void ActivityModelTest::theNewestIsOnTop()
{
    ActivityModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(lines(1, 3));
    model.add({lineAt(4), lineAt(3)});
    QCOMPARE(keysOf(model).join(u' '), u"4 3 2 1"_s);
}

void ActivityModelTest::aBatchIsToldOnce()
{
    ActivityModel model;
    const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.add(lines(0, 1000));
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(changed.count(), 0);
}

void ActivityModelTest::oldLinesFallOff()
{
    ActivityModel model(nullptr, 5);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(lines(1, 5));
    QCOMPARE(model.missing(), 0);
    model.add(lines(5, 8));
    QCOMPARE(keysOf(model).join(u' '), u"7 6 5 4 3"_s);
    QCOMPARE(model.missing(), 2);
}

void ActivityModelTest::aLargeBatchKeepsItsNewest()
{
    ActivityModel model(nullptr, 3);
    model.add(lines(0, 10));
    QCOMPARE(keysOf(model).join(u' '), u"9 8 7"_s);
    QCOMPARE(model.missing(), 7);
}

void ActivityModelTest::failuresOutliveWhatWentWell()
{
    ActivityModel model(nullptr, 5, 2);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add(lines(1, 4, false));
    model.add(lines(10, 20));
    QCOMPARE(keysOf(model).join(u' '), u"19 18 17 16 15"_s);
    model.setOnlyFailures(true);
    QCOMPARE(keysOf(model).join(u' '), u"3 2"_s);
    QCOMPARE(model.failures(), 2);
    model.add({lineAt(30), lineAt(31, false)});
    QCOMPARE(keysOf(model).join(u' '), u"31 3"_s);
    model.setOnlyFailures(false);
    QCOMPARE(keysOf(model).join(u' '), u"31 30 19 18 17"_s);
}

void ActivityModelTest::linesOfOthersGoToTheirPlaces()
{
    ActivityModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.add({lineAt(10), lineAt(20), lineAt(30)});
    const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    model.merge({lineAt(5), lineAt(15), lineAt(16), lineAt(40), lineAt(4)});
    QCOMPARE(keysOf(model).join(u' '), u"40 30 20 16 15 10 5 4"_s);
    QCOMPARE(inserted.count(), 3); // neighbours are told of together
}

void ActivityModelTest::aLineIsShownOnce()
{
    ActivityModel model;
    ActivityLine own = lineAt(1);
    model.add({own});
    ActivityLine listed = own;
    listed.origin = ActivityOrigin::Gateway;
    listed.took.reset();
    model.merge({listed, listed, lineAt(2)});
    QCOMPARE(keysOf(model).join(u' '), u"2 1"_s);
    QVERIFY(model.line(1).origin == ActivityOrigin::Client);
    // It was listed before it was told of: what this window knows of it is more.
    ActivityLine early = lineAt(3, false);
    early.origin = ActivityOrigin::Gateway;
    model.merge({early});
    early.origin = ActivityOrigin::Client;
    model.add({early});
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.failures(), 1);
    QVERIFY(model.line(0).origin == ActivityOrigin::Client);
}

void ActivityModelTest::whatFellOffDoesNotComeBack()
{
    ActivityModel model(nullptr, 3);
    model.add(lines(10, 13));
    model.merge(lines(0, 5));
    QCOMPARE(keysOf(model).join(u' '), u"12 11 10"_s);
}

void ActivityModelTest::aLaterWordTakesThePlace()
{
    ActivityModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ActivityLine edit = lineAt(1);
    edit.origin = ActivityOrigin::Window;
    edit.result = CellState::Unknown;
    model.add({edit, lineAt(2)});
    model.setOnlyFailures(true);
    QCOMPARE(model.rowCount(), 1);
    edit.result = CellState::Saved;
    edit.at = start.addSecs(60);
    model.add({edit});
    QCOMPARE(model.rowCount(), 0);
    model.setOnlyFailures(false);
    QCOMPARE(keysOf(model).join(u' '), u"2 1"_s);
    QVERIFY(model.line(1).result == CellState::Saved);
}

void ActivityModelTest::whatHasNoLineIsCounted()
{
    ActivityModel model;
    const QSignalSpy counted(&model, &ActivityModel::countsChanged);
    model.skip(0);
    QCOMPARE(counted.count(), 0);
    model.skip(4000);
    QCOMPARE(counted.count(), 1);
    QCOMPARE(model.missing(), 4000);
}

void ActivityModelTest::itIsSaidInWords()
{
    ActivityModel model;
    ActivityLine line = lineAt(7, false);
    line.work = ActivityWork::DropFromCache;
    line.reason = u"No.\nReally."_s;
    line.at = QDateTime::currentDateTimeUtc();
    model.add({line});
    const QStringList texts = column(model, 0);
    QCOMPARE(texts.value(0), line.at.toString(u"HH:mm:ss.zzz"_s));
    QCOMPARE(texts.mid(1, 4), (QStringList{u"Redis client"_s, u"users:7"_s, u"drop from cache"_s, u"failed"_s}));
    QCOMPARE(texts.value(6), u"1.5"_s);
    line.id = OpId::create();
    line.at = QDateTime::fromString(u"2020-02-29T10:00:00Z"_s, Qt::ISODate);
    model.add({line});
    QCOMPARE(model.index(0, 0).data().toString(), u"2020-02-29 10:00"_s);
}

void ActivityModelTest::copiedTextHasOneLinePerWrite()
{
    ActivityModel model;
    ActivityLine line = lineAt(7, false);
    line.key = {"a\tb"};
    line.reason = u"No.\nReally."_s;
    model.add({line});
    QCOMPARE(model.textOf(0), u"2026-11-22T10:00:07.000Z\tRedis client\tusers:a b\twrite\tfailed\tNo. Really.\t1.5"_s);
}

void ActivityModelTest::sourcesBecomeLines()
{
    StagedEvent event;
    event.op = StagedOp::Delete;
    event.failure = failureText(StagedRefusal::Conflict, u"The row is another."_s);
    const ActivityLine staged = activityLine(event);
    QVERIFY(staged.isFailure() && staged.work == ActivityWork::Delete);
    QCOMPARE(staged.reason, u"The row is another."_s);
    Outcome outcome;
    outcome.verdict = Verdict::Cancelled;
    QVERIFY(!activityLine(outcome, "users"));
    outcome.verdict = Verdict::CommittedCachePending;
    QVERIFY(!activityLine(outcome, "users")->isFailure());
    outcome.verdict = Verdict::Conflict;
    QCOMPARE(activityLine(outcome, "users")->reason, u"Someone deleted the row meanwhile."_s);
}

QTEST_GUILESS_MAIN(ActivityModelTest)
#include "tst_activitymodel.moc"
