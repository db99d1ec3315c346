// SPDX-License-Identifier: GPL-3.0-or-later
#include "samples.h"

#include "ui/control/edittext.h"
#include "ui/panes/panecontent.h"
#include "ui/panes/receiptpane.h"
#include "ui/panes/stagedstatus.h"
#include "ui/panes/storepane.h"
#include "ui/panes/storepanes.h"
#include "ui/panes/storestatus.h"
#include "ui/widgets/elidinglabel.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace throughline;
using namespace Qt::StringLiterals;

class PanesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void equalRowIsSame();
    void differencesAreSignedOnBothSidesAndNamedOnTheCacheSide();
    void nullAndAbsentFieldAreEqual();
    void secretsAreNeverInTheContent();
    void absentHashIsNoFault();
    void otherTypeAndOrphanAreNamed();
    void unmappedFieldsStandBelow();
    void editStandsOnTheDatabaseSideOnly();
    void valuesStayWithTheirTimeWhileAStoreIsAway();
    void readingAnotherRowShowsNoOldValues();
    void timeToLiveRunsDown();
    void keysMoveTheCurrentField();
    void receiptSaysWhatBecameOfAWrite_data();
    void receiptSaysWhatBecameOfAWrite();
    void aLateUnknownIsTheLastWord();
    void conflictOffersBothWays();
    void statusCountsDownToTheNextTry();
    void stagedWritesAreSaidOnlyWhenThereAreSome();
    void aStagedWriteThatWaitsLongIsSaid();
    void anErrorIsNotSaidTwice();

private:
    [[nodiscard]] PanesContent compose() const { return composePanes(m_mapping, m_pair); }
    void compare() { m_pair.comparison = compareRow(m_mapping, m_pair.row, m_pair.cached); }

    Mapping m_mapping;
    RowPair m_pair;
};

void PanesTest::init()
{
    m_mapping = samples::usersMapping();
    m_pair = samples::samePair(m_mapping);
}

void PanesTest::equalRowIsSame()
{
    const PanesContent panes = compose();
    QCOMPARE(panes.cache.chip, u"Same"_s);
    QCOMPARE(panes.database.place, u"public.users \u00b7 id 2"_s);
    QCOMPARE(panes.cache.place, u"users:2"_s);
    QCOMPARE(panes.database.version, u"v48213"_s);
    QCOMPARE(panes.cache.lines[5].name, u"dob"_s);
    for (const PaneLine &line : panes.cache.lines)
        QVERIFY(line.state == CellState::None && line.remark.isEmpty());
}

void PanesTest::differencesAreSignedOnBothSidesAndNamedOnTheCacheSide()
{
    m_pair = samples::differingPair(m_mapping);
    const PanesContent panes = compose();
    QCOMPARE(panes.cache.chip, u"2 fields differ"_s);
    QVERIFY(panes.cache.versionDiffers);
    QCOMPARE(panes.database.lines[5].state, CellState::Missing);
    QCOMPARE(panes.cache.lines[5].state, CellState::Missing);
    QCOMPARE(panes.cache.lines[5].value, u"not in the hash"_s);
    QCOMPARE(panes.cache.lines[5].remark, u"missing in cache"_s);
    QCOMPARE(panes.cache.lines[6].state, CellState::Differs);
    QCOMPARE(panes.cache.lines[6].value, u"640288"_s);
    QVERIFY(panes.database.lines[6].remark.isEmpty());
}

void PanesTest::nullAndAbsentFieldAreEqual()
{
    m_pair.row->values[5].reset();
    m_pair.cached.values[5].reset();
    compare();
    const PanesContent panes = compose();
    QCOMPARE(panes.database.lines[5].kind, PaneLine::Kind::Null);
    QCOMPARE(panes.cache.lines[5].value, u"no field"_s);
    QVERIFY(panes.cache.lines[5].quiet);
    QCOMPARE(panes.cache.chip, u"Same"_s);
}

void PanesTest::secretsAreNeverInTheContent()
{
    m_pair.cached.unmapped = {{"api_token", "hunter2"}};
    const PanesContent panes = compose();
    for (const PaneContent *side : {&panes.database, &panes.cache}) {
        QCOMPARE(side->lines[2].kind, PaneLine::Kind::Secret);
        QVERIFY(side->lines[2].value.isEmpty());
    }
    StorePanes widget;
    widget.setMapping(m_mapping);
    widget.showPair(m_pair);
    for (const QWidget *pane : {widget.databasePane(), widget.cachePane()})
        QVERIFY(!pane->accessibleDescription().contains("argon2id"_L1) &&
                !pane->accessibleDescription().contains("hunter2"_L1));
    QVERIFY(widget.cachePane()->accessibleDescription().contains("pwhash: masked"_L1));
}

void PanesTest::absentHashIsNoFault()
{
    m_pair.cached = {};
    compare();
    const PanesContent panes = compose();
    QCOMPARE(panes.cache.chip, u"Not cached"_s);
    QCOMPARE(panes.cache.chipKind, Chip::Kind::Neutral);
    QCOMPARE(panes.cache.message, u"users:2 is not in the cache."_s);
    QVERIFY(panes.database.message.isEmpty());
}

void PanesTest::otherTypeAndOrphanAreNamed()
{
    m_pair.row.reset();
    compare();
    QCOMPARE(compose().cache.chip, u"Orphan"_s);
    QCOMPARE(compose().database.message, u"public.users has no row with this key."_s);
    m_pair = samples::samePair(m_mapping);
    m_pair.cached = {};
    m_pair.cached.state = CachedRow::State::WrongType;
    m_pair.cached.typeName = "list";
    compare();
    QCOMPARE(compose().cache.chip, u"Wrong type: list"_s);
}

void PanesTest::unmappedFieldsStandBelow()
{
    m_pair.cached.unmapped = {{"note", "hello"}};
    const PanesContent panes = compose();
    QCOMPARE(panes.cache.lines.size(), m_mapping.fields.size() + 1);
    QCOMPARE(panes.cache.lines.back().remark, u"not mapped"_s);
    QCOMPARE(panes.cache.chip, u"Same"_s);
}

void PanesTest::editStandsOnTheDatabaseSideOnly()
{
    StorePanes panes;
    panes.setMapping(m_mapping);
    panes.showPair(m_pair);
    panes.showEditOf(1, CellState::Conflict, u"mine@example.org"_s);
    const auto sides = panes.findChildren<StorePane *>();
    QCOMPARE(sides[0]->content().lines[1].remark, u"yours: mine@example.org"_s);
    QCOMPARE(sides[0]->content().chip, u"Conflict"_s);
    QCOMPARE(sides[1]->content().lines[1].state, CellState::None);
    panes.showEditOf(1, CellState::None, {});
    QVERIFY(sides[0]->content().chip.isEmpty());
}

void PanesTest::valuesStayWithTheirTimeWhileAStoreIsAway()
{
    StorePanes panes;
    panes.setMapping(m_mapping);
    panes.showPair(m_pair);
    RowPair away = m_pair;
    away.cached = {};
    away.redisError = StoreError{};
    away.redisError->message = u"Redis does not answer."_s;
    panes.showPair(away);
    panes.showPair(away); // and stay when it is asked again
    const PaneContent &cache = panes.findChildren<StorePane *>()[1]->content();
    QCOMPARE(cache.lines[0].value, u"beltrano"_s);
    QVERIFY(cache.lines[0].quiet);
    QCOMPARE(cache.version, u"as of "_s + m_pair.readAt.toLocalTime().time().toString(u"HH:mm:ss"_s));
    QCOMPARE(cache.chip, u"Unreadable"_s);
    away.key = {"3"};
    panes.showPair(away);
    QCOMPARE(panes.findChildren<StorePane *>()[1]->content().message, u"Redis does not answer."_s);
}

void PanesTest::readingAnotherRowShowsNoOldValues()
{
    StorePanes panes;
    panes.setMapping(m_mapping);
    panes.showPair(m_pair);
    panes.showReading(m_pair.key);
    const auto sides = panes.findChildren<StorePane *>();
    QCOMPARE(sides[0]->content().lines[0].value, u"beltrano"_s);
    panes.showReading({"3"});
    QCOMPARE(sides[0]->content().lines[0].kind, PaneLine::Kind::Blank);
    QVERIFY(sides[1]->content().chip.isEmpty());
    QTRY_COMPARE(sides[1]->content().chip, u"Reading\u2026"_s);
}

void PanesTest::timeToLiveRunsDown()
{
    m_pair.cached.ttlMs = 8500;
    StorePanes panes;
    panes.setMapping(m_mapping);
    panes.showPair(m_pair);
    QVERIFY(panes.cachePane()->accessibleDescription().contains("expires in 9 s"_L1));
    m_pair.cached.ttlMs = CachedRow::noTtl;
    panes.showPair(m_pair);
    QVERIFY(panes.cachePane()->accessibleDescription().contains("no TTL"_L1));
}

void PanesTest::keysMoveTheCurrentField()
{
    StorePanes panes;
    panes.setMapping(m_mapping);
    panes.showPair(m_pair);
    panes.setCurrentField(0);
    QSignalSpy moved(&panes, &StorePanes::currentFieldMoved);
    QTest::keyClick(panes.databasePane(), Qt::Key_Down);
    QTest::keyClick(panes.cachePane(), Qt::Key_Down);
    QTest::keyClick(panes.cachePane(), Qt::Key_End);
    QCOMPARE(moved.count(), 3);
    QCOMPARE(moved[1].first().toInt(), 2);
    QCOMPARE(moved[2].first().toInt(), 8);
}

void PanesTest::receiptSaysWhatBecameOfAWrite_data()
{
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<QString>("words");
    QTest::addColumn<bool>("problem");
    QTest::addRow("committed") << Verdict::Committed << u"Saved in both stores users 2"_s << false;
    QTest::addRow("pending") << Verdict::CommittedCachePending << u"Saved in PostgreSQL users 2. The cache follows."_s
                             << false;
    QTest::addRow("rejected") << Verdict::Rejected << u"Not saved No. Neither store was changed."_s << true;
    QTest::addRow("unavailable") << Verdict::Unavailable << u"Not sent No. Neither store was changed."_s << true;
    QTest::addRow("cancelled") << Verdict::Cancelled << u"Taken back users 2. Nothing was sent."_s << false;
}

void PanesTest::receiptSaysWhatBecameOfAWrite()
{
    QFETCH(Verdict, verdict);
    QFETCH(QString, words);
    QFETCH(bool, problem);
    Outcome outcome;
    outcome.verdict = verdict;
    outcome.error = StoreError{};
    outcome.error->message = u"No."_s;
    ReceiptPane receipt;
    receipt.showOutcome(outcome, u"users 2"_s);
    QCOMPARE(receipt.accessibleDescription(), words);
    QCOMPARE(receipt.showsProblem(), problem);
}

void PanesTest::aLateUnknownIsTheLastWord()
{
    Outcome outcome;
    outcome.key = {"2"};
    outcome.late = true;
    ReceiptPane receipt;
    receipt.showOutcome(outcome, u"users 2"_s);
    QCOMPARE(receipt.accessibleDescription(),
             u"Outcome unknown users 2. Nobody can tell any more whether it was written; look at the row."_s);
    QCOMPARE(lateSentence(m_mapping, outcome),
             u"Nobody can tell any more whether the edit of users 2 was saved; look at the row."_s);
    outcome.kind = EditKind::Insert;
    QCOMPARE(lateSentence(m_mapping, outcome),
             u"Nobody can tell any more whether the new row users 2 was saved; look in the table."_s);
    outcome.verdict = Verdict::Committed;
    QCOMPARE(lateSentence(m_mapping, outcome), u"The new row users 2 is now saved in both stores."_s);
}

void PanesTest::conflictOffersBothWays()
{
    Outcome outcome;
    outcome.verdict = Verdict::Conflict;
    ReceiptPane receipt;
    receipt.showOutcome(outcome, {});
    const auto visible = [&receipt] {
        QStringList texts;
        for (const QPushButton *button : receipt.findChildren<QPushButton *>())
            if (!button->isHidden())
                texts << button->text();
        return texts;
    };
    QCOMPARE(visible(), QStringList{u"Take theirs"_s}); // the row is gone: nothing to write over
    outcome.row = Row{};
    receipt.showOutcome(outcome, {});
    QCOMPARE(visible(), (QStringList{u"Take theirs"_s, u"Write mine\u2026"_s}));
    QSignalSpy taken(&receipt, &ReceiptPane::takeTheirsRequested);
    receipt.findChild<QPushButton *>()->click();
    QCOMPARE(taken.count(), 1);
}

void PanesTest::statusCountsDownToTheNextTry()
{
    StoreStatus status("database"_L1, u"PostgreSQL"_s);
    StoreHealth health;
    health.state = StoreHealth::State::Down;
    health.nextTryMs = 3900;
    status.setHealth(health);
    QCOMPARE(status.accessibleName(), u"PostgreSQL: no connection, next try in 4 s"_s);
    health.state = StoreHealth::State::Connected;
    health.roundTripMs = 0.4;
    status.setHealth(health);
    QCOMPARE(status.accessibleName(), u"PostgreSQL connected, 0.4 ms"_s);
}

void PanesTest::stagedWritesAreSaidOnlyWhenThereAreSome()
{
    StagedStatus status;
    const auto *text = status.findChild<ElidingLabel *>();
    auto *button = status.findChild<QToolButton *>();
    QVERIFY(status.isHidden());
    StagedReport report;
    report.done = 12;
    status.setReport(report, 0);
    status.tick();
    QVERIFY(!status.isHidden() && button->isHidden());
    QCOMPARE(text->text(), u"Staged 12/s"_s);
    status.tick();
    QCOMPARE(text->text(), u"Staged 0/s"_s);
    report.failed[static_cast<size_t>(StagedRefusal::InvalidValue)] = 2;
    status.setReport(report, 2);
    QVERIFY(!button->isHidden());
    QCOMPARE(button->text(), u"2 staged writes failed"_s);
    const QSignalSpy chosen(&status, &StagedStatus::failuresChosen);
    button->click();
    QCOMPARE(chosen.count(), 1);
    status.setReport(report, 0);
    QVERIFY(button->isHidden());
    status.setReport({}, 0);
    QVERIFY(status.isHidden());
}

void PanesTest::aStagedWriteThatWaitsLongIsSaid()
{
    Instant now{};
    StagedStatus status(nullptr, [&now] { return now; });
    const auto *text = status.findChild<ElidingLabel *>();
    StagedReport report;
    report.taken = 3;
    report.waiting = 3;
    status.setReport(report, 0);
    QVERIFY(status.isHidden());
    now += std::chrono::seconds(6);
    status.tick();
    QCOMPARE(text->text(), u"3 staged writes wait"_s);
    report.waiting = 0;
    report.done = 3;
    status.setReport(report, 0);
    QVERIFY(text->text().startsWith(u"Staged "_s));
}

void PanesTest::anErrorIsNotSaidTwice()
{
    StagedStatus status;
    const auto *text = status.findChild<ElidingLabel *>();
    StagedReport report;
    report.error = StoreError{};
    report.error->kind = ErrorKind::PermissionDenied;
    report.error->message = u"No rights."_s;
    status.setReport(report, 0);
    QCOMPARE(text->text(), u"Staged writes are not carried out"_s);
    QCOMPARE(text->toolTip(), u"No rights."_s);
    status.setUpkeepError(report.error);
    QVERIFY(status.isHidden());
}

QTEST_MAIN(PanesTest)
#include "tst_panes.moc"
