// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cellflashes.h"
#include "ui/models/editstates.h"
#include "ui/models/pendingedits.h"
#include "ui/models/statesentences.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const RowKey row{"7"};
const Instant start{1000s};

CellRemark note(CellState state, const std::optional<Value> &typed = {})
{
    return {state, typed, u"words"_s, start, 0ns, state != CellState::Pending};
}

Outcome outcomeOf(const Edit &edit, Verdict verdict, qint64 version = 0)
{
    Outcome outcome;
    outcome.op = edit.op;
    outcome.key = edit.key;
    outcome.verdict = verdict;
    if (version > 0)
        outcome.row = Row{edit.key, {version}, {}};
    return outcome;
}

} // namespace

class TestEditStates final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theMostUrgentSpeaksForCellAndRow();
    void pendingShowsLateAndSavedGoes();
    void differencesReplaceEachOther();
    void problemsAndTextsAreFound();
    void oneEditOfARowIsOnItsWay();
    void waitingEditsFollowTheVerdict_data();
    void waitingEditsFollowTheVerdict();
    void aCellChangedBelowKeepsItsBase();
    void outcomesOfOthersAreNotOurs();
    void flashesFadeInSteps();
    void tooManyChangesDoNotFlash();
    void sentencesOfTheDesign();
};

void TestEditStates::theMostUrgentSpeaksForCellAndRow()
{
    EditStates states;
    QCOMPARE(states.rowState(row), CellState::None);
    states.set({row, 1}, note(CellState::Saved));
    states.setDifferences(row, {{1, note(CellState::Differs)}, {2, note(CellState::Missing)}});
    QCOMPARE(states.state({row, 1}), CellState::Differs);
    states.set({row, 1}, note(CellState::Failed));
    QCOMPARE(states.state({row, 1}), CellState::Failed);
    QCOMPARE(states.rowState(row), CellState::Failed);
    states.clear({row, 1});
    QCOMPARE(states.rowState(row), CellState::Differs);
    states.clearRow(row);
    QCOMPARE(states.rowState(row), CellState::None);
    QVERIFY(!states.nextDue());
}

void TestEditStates::pendingShowsLateAndSavedGoes()
{
    EditStates states;
    states.set({row, 1}, note(CellState::Pending, Value("x")));
    QCOMPARE(states.state({row, 1}), CellState::None);
    QCOMPARE(states.nextDue(), start + 120ms);
    QVERIFY(states.advance(start + 119ms).empty());
    QCOMPARE(states.advance(start + 120ms), (std::vector{CellId{row, 1}}));
    QCOMPARE(states.state({row, 1}), CellState::Pending);
    QVERIFY(!states.nextDue());
    states.set({row, 1}, note(CellState::Saved));
    QVERIFY(states.advance(start + 3999ms).empty());
    QCOMPARE(states.advance(start + 4s), (std::vector{CellId{row, 1}}));
    QVERIFY(!states.edit({row, 1}));
}

void TestEditStates::differencesReplaceEachOther()
{
    EditStates states;
    states.setDifferences(row, {{1, note(CellState::Differs)}, {2, note(CellState::Missing)}});
    const auto touched = states.setDifferences(row, {{2, note(CellState::Differs)}, {3, note(CellState::Missing)}});
    QCOMPARE(touched.size(), size_t(3));
    QCOMPARE(states.state({row, 1}), CellState::None);
    QCOMPARE(states.state({row, 2}), CellState::Differs);
}

void TestEditStates::problemsAndTextsAreFound()
{
    EditStates states;
    states.set({row, 1}, note(CellState::Failed, Value("kept")));
    states.set({row, 2}, note(CellState::Failed));
    states.set({row, 3}, note(CellState::Saved));
    QCOMPARE(states.problems().size(), size_t(2));
    QVERIFY(states.keepsText(row));
    QCOMPARE(states.fieldsWithText(row), (std::vector{1}));
    QCOMPARE(states.clearTextless(row), (std::vector{CellId{row, 2}}));
    QCOMPARE(states.problems(), (std::vector{CellId{row, 1}}));
}

void TestEditStates::oneEditOfARowIsOnItsWay()
{
    PendingEdits edits;
    const auto first = edits.add(row, {1, "a"}, {{5}}, start);
    QVERIFY(first);
    QCOMPARE(first->base, RowVersion{5});
    QCOMPARE(first->changes, (std::vector<FieldChange>{{1, "a"}}));
    QVERIFY(!edits.add(row, {2, "b"}, {{5}}, start));
    QVERIFY(!edits.add(row, {2, "c"}, {{5}}, start));
    QVERIFY(edits.add({"8"}, {1, "z"}, {{1}}, start));
    const auto answer = edits.answer(outcomeOf(*first, Verdict::Committed, 6), start);
    QCOMPARE(answer->answered, first->changes);
    QVERIFY(answer->next);
    QCOMPARE(answer->next->base, RowVersion{6});
    QCOMPARE(answer->next->changes, (std::vector<FieldChange>{{2, "c"}}));
    QVERIFY(!edits.answer(outcomeOf(*answer->next, Verdict::Committed, 7), start)->next);
    QVERIFY(!edits.has(row));
}

void TestEditStates::waitingEditsFollowTheVerdict_data()
{
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<qint64>("version");
    QTest::addColumn<qint64>("nextBase");
    QTest::newRow("committed") << Verdict::Committed << qint64(9) << qint64(9);
    QTest::newRow("cache pending") << Verdict::CommittedCachePending << qint64(9) << qint64(9);
    QTest::newRow("rejected") << Verdict::Rejected << qint64(0) << qint64(5);
    QTest::newRow("conflict") << Verdict::Conflict << qint64(9) << qint64(0);
    QTest::newRow("unavailable") << Verdict::Unavailable << qint64(0) << qint64(0);
    QTest::newRow("unknown") << Verdict::Unknown << qint64(0) << qint64(0);
    QTest::newRow("cancelled") << Verdict::Cancelled << qint64(0) << qint64(0);
}

void TestEditStates::waitingEditsFollowTheVerdict()
{
    QFETCH(const Verdict, verdict);
    QFETCH(const qint64, version);
    QFETCH(const qint64, nextBase);
    PendingEdits edits;
    const auto first = edits.add(row, {1, "a"}, {{5}}, start);
    QVERIFY(!edits.add(row, {2, "b"}, {{5}}, start));
    const auto answer = edits.answer(outcomeOf(*first, verdict, version), start);
    QCOMPARE(answer->next.has_value(), nextBase > 0);
    QCOMPARE(answer->dropped.size(), size_t(nextBase > 0 ? 0 : 1));
    if (nextBase > 0)
        QCOMPARE(answer->next->base, RowVersion{nextBase});
}

void TestEditStates::aCellChangedBelowKeepsItsBase()
{
    PendingEdits edits;
    const auto first = edits.add(row, {1, "a"}, {{5}}, start);
    QVERIFY(!edits.add(row, {2, "b"}, {{4}, true}, start));
    const auto answer = edits.answer(outcomeOf(*first, Verdict::Committed, 6), start);
    QCOMPARE(answer->next->base, RowVersion{4});
}

void TestEditStates::outcomesOfOthersAreNotOurs()
{
    PendingEdits edits;
    const auto first = edits.add(row, {1, "a"}, {{5}}, start);
    Outcome foreign = outcomeOf(*first, Verdict::Committed, 6);
    foreign.op = OpId::create();
    QVERIFY(!edits.isInFlight(foreign));
    QVERIFY(!edits.answer(foreign, start));
    QVERIFY(edits.has(row));
}

void TestEditStates::flashesFadeInSteps()
{
    CellFlashes flashes;
    const CellId cell{row, 1};
    QCOMPARE(flashes.strength(cell, start), 0.0);
    QVERIFY(!flashes.nextDue(start));
    flashes.start({cell}, start);
    QCOMPARE(flashes.strength(cell, start), 1.0);
    QCOMPARE(flashes.strength(cell, start + 300ms), 0.5);
    QSet<int> steps;
    for (auto past = 0ms; past < 600ms; past += 5ms)
        steps.insert(qRound(flashes.strength(cell, start + past) * 1000));
    QCOMPARE(steps.size(), CellFlashes::steps);
    flashes.start({cell}, start + 300ms);
    QCOMPARE(flashes.strength(cell, start + 600ms), 0.5);
    QCOMPARE(flashes.advance(start + 900ms), (std::vector{cell}));
    QCOMPARE(flashes.strength(cell, start + 900ms), 0.0);
    QVERIFY(flashes.advance(start + 950ms).empty());
}

void TestEditStates::tooManyChangesDoNotFlash()
{
    CellFlashes flashes;
    QVERIFY(!flashes.newsOfRate(start));
    for (int i = 0; i < 212; ++i)
        flashes.start({{row, i}}, start + milliseconds(i));
    QCOMPARE(flashes.changesPerSecond(start + 500ms), 212);
    QCOMPARE(flashes.strength({row, 100}, start + 100ms), 0.0);
    QCOMPARE(flashes.newsOfRate(start + 500ms), 212);
    flashes.start({{row, 0}}, start + 600ms);
    QVERIFY(!flashes.newsOfRate(start + 600ms));
    QCOMPARE(flashes.newsOfRate(start + 2s), 0);
    QVERIFY(!flashes.advance(start + 2s).empty());
    QVERIFY(!flashes.nextDue(start + 2s));
}

void TestEditStates::sentencesOfTheDesign()
{
    CellRemark pending = note(CellState::Pending);
    QCOMPARE(StateSentences::ofNote(pending, start + 800ms), u"Writing... (0.8 s)"_s);
    CellRemark saved = note(CellState::Saved);
    saved.took = 2600us;
    QCOMPARE(StateSentences::ofNote(saved, start + 2100ms), u"Saved in both stores 2 s ago, 2.6 ms"_s);
    QCOMPARE(StateSentences::ofNote(note(CellState::CachePending), start + 1200ms),
             u"Saved in PostgreSQL. The cache follows (waiting 1.2 s)."_s);
    QCOMPARE(StateSentences::ofDifference(FieldDifference::Stale, u"771005"_s, u"640288"_s),
             u"The cache holds 640288, the table 771005."_s);
    Outcome rejected;
    rejected.verdict = Verdict::Rejected;
    rejected.error = StoreError{};
    rejected.error->message = u"username is already taken (users_username_key)."_s;
    QCOMPARE(StateSentences::ofOutcome(rejected, {}),
             u"Not saved: username is already taken (users_username_key). Neither store was changed. "
             "Your text is kept."_s);
    QCOMPARE(StateSentences::named(Value("hush"), true), StateSentences::bullets());
    QCOMPARE(StateSentences::named(std::nullopt, true), u"NULL"_s);
}

QTEST_GUILESS_MAIN(TestEditStates)
#include "tst_editstates.moc"
