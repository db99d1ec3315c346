// SPDX-License-Identifier: GPL-3.0-or-later
#include "gridfake.h"
#include "ui/models/rowroles.h"
#include "ui/models/statesentences.h"

#include <QSignalSpy>
#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A grid whose edits are answered by the test.
class EditedGrid : public GridFake
{
public:
    EditedGrid()
        : GridFake(30)
    {
        QObject::connect(&model, &RowsModel::editSubmitted, &model, [this](const Edit &edit) { sent.push_back(edit); });
    }

    [[nodiscard]] QModelIndex cell(qint64 key, const QString &column) const
    {
        return model.indexOf({{QByteArray::number(key)}, *model.mapping().fieldNamed(column)});
    }
    bool type(qint64 key, const QString &column, const QVariant &text)
    {
        return model.setData(cell(key, column), text, Qt::EditRole);
    }
    [[nodiscard]] Outcome outcome(Verdict verdict) const
    {
        Outcome outcome;
        outcome.op = sent.back().op;
        outcome.key = sent.back().key;
        outcome.verdict = verdict;
        outcome.timings.postgres = 2600us;
        return outcome;
    }
    /// What the engine answers when everything goes well.
    [[nodiscard]] Outcome committed(Verdict verdict = Verdict::Committed)
    {
        auto result = outcome(verdict);
        Row &row = table.rows[sent.back().key.text.toLongLong()];
        row.version = {++version};
        for (const auto &change : sent.back().changes)
            row.values[static_cast<size_t>(change.field)] = change.value;
        result.row = row;
        return result;
    }
    /// Somebody else's write.
    Row changedByOthers(qint64 key, int field, const QByteArray &value)
    {
        Row &row = table.rows[key];
        row.version = {++version};
        row.values[static_cast<size_t>(field)] = value;
        return row;
    }
    [[nodiscard]] static CellState state(const QModelIndex &index)
    {
        return static_cast<CellState>(index.data(CellStateRole).toInt());
    }
    [[nodiscard]] static CellState rowState(const QModelIndex &index)
    {
        return static_cast<CellState>(index.data(RowStateRole).toInt());
    }

    std::vector<Edit> sent;
    qint64 version = 1;
};

constexpr int usernameField = 0;
constexpr int scoreField = 4;

} // namespace

class TestRowsModelEditing final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aValidTextIsSentOnce();
    void aFastWriteShowsNoPendingSign();
    void anInvalidTextIsKeptAndNotSent_data();
    void anInvalidTextIsKeptAndNotSent();
    void anUnchangedTextSendsNothing();
    void theOriginalTextClearsAFailure();
    void nullAndEmptyAreDifferent();
    void aSecondEditOfTheRowWaits();
    void theLastTextOfACellWins();
    void backToTheOldTextWhileTheNewIsOnItsWay();
    void savedStandsForFourSeconds();
    void cachePendingUntilTheCacheFollowed();
    void aConflictKeepsMineAndShowsTheirs();
    void aConflictWithADeletedRowKeepsTheText();
    void writeMineGoesOnTheCurrentVersion();
    void aRejectionMarksTheColumnThatWasNamed();
    void everyVerdictKeepsTheText_data();
    void everyVerdictKeepsTheText();
    void anUnknownOutcomeIsSettledByReading();
    void aLateAnswerSettlesWhatWasUnknown();
    void aLateAnswerThatNothingWasSavedKeepsTheText();
    void aPendingCacheTurnsToSavedByItself();
    void aLateAnswerIsAboutItsOwnEdit_data();
    void aLateAnswerIsAboutItsOwnEdit();
    void aLateAnswerOfAnEarlierTextLeavesTheNewOne();
    void aLateAnswerUnderAnOpenEditorIsNoConflict();
    void aLateConflictWithADeletedRowKeepsTheText();
    void anAnswerWithoutItsRowShowsWhatWasWritten_data();
    void anAnswerWithoutItsRowShowsWhatWasWritten();
    void anAnswerWithoutItsRowLeavesANewerOne();
    void aLateInsertIsShownOnce();
    void aLateUnknownIsTheLastWord();
    void revertShowsTheTableAgain();
    void whatChangedUnderTheEditorConflicts();
    void otherColumnsMayChangeUnderTheEditor();
    void ourOwnWriteUnderTheEditorIsNoConflict();
    void problemsComeInTheOrderOfTheGrid();
    void differencesMarkTheirCells();
    void aSecretLeaksNowhere();
    void outcomesOfOthersAreRows();
    void insertedAndDeletedRows();
    void keptTextsOutliveTheirPage();
};

void TestRowsModelEditing::aValidTextIsSentOnce()
{
    EditedGrid grid;
    QVERIFY(grid.type(3, u"score"_s, u" 771005 "_s));
    QCOMPARE(grid.sent.size(), size_t(1));
    const Edit &edit = grid.sent.front();
    QCOMPARE(edit.kind, EditKind::Update);
    QCOMPARE(edit.key.text, QByteArray("3"));
    QCOMPARE(edit.base, RowVersion{1});
    QCOMPARE(edit.changes, (std::vector<FieldChange>{{scoreField, "771005"}}));
    QVERIFY(!edit.op.uuid.isNull());
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"771005"_s);
    grid.model.applyOutcome(grid.committed());
    QCOMPARE(grid.sent.size(), size_t(1));
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"771005"_s);
    QVERIFY(!grid.model.setData(grid.model.index(2, 0), u"99"_s));
    QVERIFY(!grid.type(3, u"total"_s, u"99"_s));
}

void TestRowsModelEditing::aFastWriteShowsNoPendingSign()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    const auto cell = grid.cell(3, u"score"_s);
    QCOMPARE(grid.state(cell), CellState::None);
    grid.now += 119ms;
    grid.model.advance();
    QCOMPARE(grid.state(cell), CellState::None);
    QSignalSpy changed(&grid.model, &RowsModel::dataChanged);
    grid.now += 1ms;
    grid.model.advance();
    QCOMPARE(grid.state(cell), CellState::Pending);
    QCOMPARE(grid.rowState(cell), CellState::Pending);
    QCOMPARE(changed.size(), 1);
    grid.now += 680ms;
    QCOMPARE(cell.data(StateSentenceRole).toString(), u"Writing... (0.8 s)"_s);
}

void TestRowsModelEditing::anInvalidTextIsKeptAndNotSent_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<QVariant>("text");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("range") << u"score"_s << QVariant(u"2147483648"_s)
                           << u"score must be a whole number up to 2147483647."_s;
    QTest::newRow("date") << u"date_of_birth"_s << QVariant(u"1981-02-30"_s)
                          << u"date_of_birth: 1981-02-30 is no date."_s;
    QTest::newRow("length") << u"username"_s << QVariant(QString(25, u'x'))
                            << u"username may have 20 characters; this has 25."_s;
    QTest::newRow("null") << u"username"_s << QVariant() << u"username may not be NULL."_s;
}

void TestRowsModelEditing::anInvalidTextIsKeptAndNotSent()
{
    QFETCH(const QString, column);
    QFETCH(const QVariant, text);
    QFETCH(const QString, sentence);
    EditedGrid grid;
    QVERIFY(grid.type(3, column, text));
    const auto cell = grid.cell(3, column);
    QVERIFY(grid.sent.empty());
    QCOMPARE(grid.state(cell), CellState::Failed);
    QCOMPARE(cell.data(Qt::EditRole), text);
    QCOMPARE(cell.data(IsNullRole).toBool(), text.isNull());
    QCOMPARE(cell.data(Qt::ToolTipRole).toString(), sentence);
    QVERIFY(cell.data(Qt::AccessibleTextRole).toString().endsWith(sentence));
}

void TestRowsModelEditing::anUnchangedTextSendsNothing()
{
    EditedGrid grid;
    QVERIFY(grid.type(3, u"username"_s, u"user3"_s));
    QVERIFY(grid.sent.empty());
    QCOMPARE(grid.state(grid.cell(3, u"username"_s)), CellState::None);
}

void TestRowsModelEditing::theOriginalTextClearsAFailure()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"many"_s);
    grid.type(3, u"score"_s, u"3"_s);
    QVERIFY(grid.sent.empty());
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::None);
    QVERIFY(!grid.model.keptText({{"3"}, scoreField}));
}

void TestRowsModelEditing::nullAndEmptyAreDifferent()
{
    EditedGrid grid;
    grid.type(3, u"email"_s, QVariant());
    QCOMPARE(grid.sent.back().changes.front().value, Value());
    QVERIFY(grid.cell(3, u"email"_s).data(IsNullRole).toBool());
    grid.model.applyOutcome(grid.committed());
    grid.type(3, u"email"_s, QString());
    QCOMPARE(grid.sent.back().changes.front().value, Value(""));
    QVERIFY(!grid.cell(3, u"email"_s).data(IsNullRole).toBool());
}

void TestRowsModelEditing::aSecondEditOfTheRowWaits()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.type(3, u"email"_s, u"new@example.org"_s);
    grid.type(4, u"score"_s, u"6"_s);
    QCOMPARE(grid.sent.size(), size_t(2));
    QCOMPARE(grid.cell(3, u"email"_s).data().toString(), u"new@example.org"_s);
    std::swap(grid.sent[0], grid.sent[1]);
    const auto first = grid.committed();
    grid.model.applyOutcome(first);
    QCOMPARE(grid.sent.size(), size_t(3));
    QCOMPARE(grid.sent.back().base, first.row->version);
    QCOMPARE(grid.sent.back().changes, (std::vector<FieldChange>{{1, "new@example.org"}}));
    grid.model.applyOutcome(grid.committed());
    QCOMPARE(grid.state(grid.cell(3, u"email"_s)), CellState::Saved);
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Saved);
}

void TestRowsModelEditing::theLastTextOfACellWins()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.type(3, u"score"_s, u"6"_s);
    grid.type(3, u"score"_s, u"7"_s);
    QCOMPARE(grid.sent.size(), size_t(1));
    grid.model.applyOutcome(grid.committed());
    QCOMPARE(grid.sent.size(), size_t(2));
    QCOMPARE(grid.sent.back().changes.front().value, Value("7"));
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"7"_s);
    grid.model.applyOutcome(grid.committed());
    QCOMPARE(grid.sent.size(), size_t(2));
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Saved);
}

void TestRowsModelEditing::backToTheOldTextWhileTheNewIsOnItsWay()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.type(3, u"score"_s, u"3"_s);
    grid.model.applyOutcome(grid.committed());
    QCOMPARE(grid.sent.size(), size_t(2));
    QCOMPARE(grid.sent.back().changes.front().value, Value("3"));
    grid.type(3, u"score"_s, u"9"_s);
    grid.type(3, u"score"_s, u"3"_s);
    grid.model.applyOutcome(grid.committed());
    QCOMPARE(grid.sent.size(), size_t(2));
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"3"_s);
}

void TestRowsModelEditing::savedStandsForFourSeconds()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.model.applyOutcome(grid.committed());
    const auto cell = grid.cell(3, u"score"_s);
    QCOMPARE(grid.state(cell), CellState::Saved);
    QCOMPARE(cell.data(FlashRole).toDouble(), 0.0);
    grid.now += 2s;
    grid.model.advance();
    QCOMPARE(cell.data(Qt::ToolTipRole).toString(), u"Saved in both stores 2 s ago, 2.6 ms"_s);
    grid.now += 2s;
    grid.model.advance();
    QCOMPARE(grid.state(cell), CellState::None);
    QCOMPARE(cell.data(Qt::ToolTipRole).toString(), QString());
}

void TestRowsModelEditing::cachePendingUntilTheCacheFollowed()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.model.applyOutcome(grid.committed(Verdict::CommittedCachePending));
    const auto cell = grid.cell(3, u"score"_s);
    grid.now += 60s;
    grid.model.advance();
    QCOMPARE(grid.state(cell), CellState::CachePending);
    QVERIFY(cell.data(StateSentenceRole).toString().startsWith(u"Saved in PostgreSQL. The cache follows"_s));
    RowComparison same;
    same.row = RowDifference::Same;
    grid.model.setDifferences({"3"}, same);
    QCOMPARE(grid.state(cell), CellState::None);
}

void TestRowsModelEditing::aConflictKeepsMineAndShowsTheirs()
{
    EditedGrid grid;
    grid.type(3, u"email"_s, u"mine@example.org"_s);
    auto outcome = grid.outcome(Verdict::Conflict);
    outcome.row = grid.changedByOthers(3, usernameField, "theirs");
    grid.model.applyOutcome(outcome);
    const auto cell = grid.cell(3, u"email"_s);
    QCOMPARE(grid.state(cell), CellState::Conflict);
    QCOMPARE(cell.data().toString(), u"mine@example.org"_s);
    QCOMPARE(cell.data(StateSentenceRole).toString(),
             u"Conflict: changed by someone else while you were editing. Yours: mine@example.org. "
             "Nothing of yours was written."_s);
    QCOMPARE(grid.cell(3, u"username"_s).data().toString(), u"theirs"_s);
    QCOMPARE(grid.model.row({"3"})->values[1], Value("3@example.org"));
    grid.model.takeTheirs({"3"});
    QCOMPARE(grid.state(cell), CellState::None);
    QCOMPARE(cell.data().toString(), u"3@example.org"_s);
}

void TestRowsModelEditing::aConflictWithADeletedRowKeepsTheText()
{
    EditedGrid grid;
    grid.type(3, u"email"_s, u"mine@example.org"_s);
    grid.model.removeRow({"3"});
    grid.model.applyOutcome(grid.outcome(Verdict::Conflict));
    QCOMPARE(grid.model.rowCount(), 30);
    QCOMPARE(grid.cell(3, u"email"_s).data().toString(), u"mine@example.org"_s);
    QVERIFY(grid.cell(3, u"email"_s).data(StateSentenceRole).toString().contains("deleted"_L1));
    QVERIFY(!grid.model.writeMine({"3"}));
    grid.model.takeTheirs({"3"});
    QCOMPARE(grid.model.rowCount(), 29);
    QVERIFY(!grid.model.rowOf({"3"}));
}

void TestRowsModelEditing::writeMineGoesOnTheCurrentVersion()
{
    EditedGrid grid;
    grid.type(3, u"email"_s, u"mine@example.org"_s);
    grid.type(3, u"score"_s, u"5"_s);
    auto outcome = grid.outcome(Verdict::Conflict);
    outcome.row = grid.changedByOthers(3, usernameField, "theirs");
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.sent.size(), size_t(1));
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Conflict);
    QCOMPARE(grid.model.keptTexts({"3"}).size(), size_t(2));
    QVERIFY(grid.model.writeMine({"3"}));
    QCOMPARE(grid.sent.size(), size_t(2));
    QCOMPARE(grid.sent.back().base, outcome.row->version);
    grid.model.applyOutcome(grid.committed());
    grid.model.applyOutcome(grid.committed());
    QCOMPARE(grid.sent.size(), size_t(3));
    QVERIFY(grid.model.keptTexts({"3"}).empty());
    QCOMPARE(grid.table.rows[3].values[1], Value("mine@example.org"));
    QCOMPARE(grid.table.rows[3].values[4], Value("5"));
}

void TestRowsModelEditing::aRejectionMarksTheColumnThatWasNamed()
{
    EditedGrid grid;
    grid.type(3, u"email"_s, u"taken@example.org"_s);
    auto outcome = grid.outcome(Verdict::Rejected);
    outcome.error = StoreError{};
    outcome.error->message = u"username is already taken (users_username_key)."_s;
    outcome.error->column = u"username"_s;
    grid.model.applyOutcome(outcome);
    const QString sentence = u"Not saved: username is already taken (users_username_key). "
                             "Neither store was changed. Your text is kept."_s;
    for (const auto &column : {u"email"_s, u"username"_s}) {
        QCOMPARE(grid.state(grid.cell(3, column)), CellState::Failed);
        QCOMPARE(grid.cell(3, column).data(StateSentenceRole).toString(), sentence);
    }
    QCOMPARE(grid.cell(3, u"email"_s).data().toString(), u"taken@example.org"_s);
    QCOMPARE(grid.cell(3, u"username"_s).data().toString(), u"user3"_s);
    grid.model.revertCell(grid.cell(3, u"email"_s));
    QCOMPARE(grid.rowState(grid.cell(3, u"email"_s)), CellState::None);
}

void TestRowsModelEditing::everyVerdictKeepsTheText_data()
{
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<CellState>("state");
    QTest::newRow("rejected") << Verdict::Rejected << CellState::Failed;
    QTest::newRow("unavailable") << Verdict::Unavailable << CellState::Failed;
    QTest::newRow("cancelled") << Verdict::Cancelled << CellState::Failed;
    QTest::newRow("unknown") << Verdict::Unknown << CellState::Unknown;
    QTest::newRow("conflict") << Verdict::Conflict << CellState::Conflict;
}

void TestRowsModelEditing::everyVerdictKeepsTheText()
{
    QFETCH(const Verdict, verdict);
    QFETCH(const CellState, state);
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    auto outcome = grid.outcome(verdict);
    outcome.row = grid.table.rows[3];
    grid.model.applyOutcome(outcome);
    const auto cell = grid.cell(3, u"score"_s);
    QCOMPARE(grid.state(cell), state);
    QCOMPARE(cell.data().toString(), u"5"_s);
    QVERIFY(!cell.data(StateSentenceRole).toString().isEmpty());
    // Typing the same again is a new attempt.
    grid.type(3, u"score"_s, u"5"_s);
    QCOMPARE(grid.sent.size(), size_t(2));
}

void TestRowsModelEditing::anUnknownOutcomeIsSettledByReading()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.model.applyOutcome(grid.outcome(Verdict::Unknown));
    grid.model.applyRows({grid.changedByOthers(3, usernameField, "other")});
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Unknown);
    grid.model.applyRows({grid.changedByOthers(3, scoreField, "5")});
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::None);
}

void TestRowsModelEditing::aLateAnswerSettlesWhatWasUnknown()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.model.applyOutcome(grid.outcome(Verdict::Unknown));
    Outcome late = grid.committed();
    late.late = true;
    grid.model.applyOutcome(late);
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Saved);
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"5"_s);
    QVERIFY(grid.model.problemCells().empty());
    QCOMPARE(grid.sent.size(), size_t(1)); // nothing is sent by an answer
}

void TestRowsModelEditing::aLateAnswerThatNothingWasSavedKeepsTheText()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.model.applyOutcome(grid.outcome(Verdict::Unknown));
    Outcome late = grid.outcome(Verdict::Conflict);
    late.late = true;
    late.row.reset();
    late.error = StoreError{ErrorKind::Unreachable, Store::Postgres, u"No connection."_s, {}, {}, {}, false};
    grid.model.applyOutcome(late);
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Conflict);
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"5"_s);
}

void TestRowsModelEditing::aPendingCacheTurnsToSavedByItself()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    Outcome outcome = grid.committed(Verdict::CommittedCachePending);
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::CachePending);
    outcome.verdict = Verdict::Committed;
    outcome.late = true;
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Saved);
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"5"_s);
}

void TestRowsModelEditing::aLateAnswerIsAboutItsOwnEdit_data()
{
    QTest::addColumn<bool>("inOrder");
    QTest::newRow("the first edit first") << true;
    QTest::newRow("the second edit first") << false;
}

void TestRowsModelEditing::aLateAnswerIsAboutItsOwnEdit()
{
    QFETCH(const bool, inOrder);
    EditedGrid grid;
    for (const auto &[column, text] : {std::pair(u"score"_s, u"5"_s), std::pair(u"email"_s, u"mine@example.org"_s)}) {
        grid.type(3, column, text);
        grid.model.applyOutcome(grid.outcome(Verdict::Unknown));
    }
    QCOMPARE(grid.sent.size(), size_t(2));
    const auto saved = grid.cell(3, inOrder ? u"score"_s : u"email"_s);
    const auto lost = grid.cell(3, inOrder ? u"email"_s : u"score"_s);
    const QString text = lost.data().toString();
    if (inOrder)
        std::swap(grid.sent[0], grid.sent[1]); // the one that is answered stands last
    Outcome first = grid.committed();
    first.late = true;
    grid.model.applyOutcome(first);
    QCOMPARE(grid.state(saved), CellState::Saved);
    QCOMPARE(grid.state(lost), CellState::Unknown);
    QCOMPARE(lost.data().toString(), text);
    std::swap(grid.sent[0], grid.sent[1]);
    Outcome second = grid.outcome(Verdict::Conflict);
    second.late = true;
    second.row = first.row;
    grid.model.applyOutcome(second);
    QCOMPARE(grid.state(saved), CellState::Saved);
    QCOMPARE(grid.state(lost), CellState::Conflict);
    QCOMPARE(lost.data().toString(), text);
}

void TestRowsModelEditing::aLateAnswerOfAnEarlierTextLeavesTheNewOne()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    Outcome late = grid.outcome(Verdict::Unknown);
    grid.model.applyOutcome(late);
    grid.type(3, u"score"_s, u"6"_s);
    grid.model.applyOutcome(grid.outcome(Verdict::Unknown));
    late.late = true;
    late.verdict = Verdict::Committed;
    late.row = grid.changedByOthers(3, scoreField, "5");
    grid.model.applyOutcome(late);
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Unknown);
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"6"_s);
    QCOMPARE(grid.model.row({"3"})->values[scoreField], Value("5"));
}

void TestRowsModelEditing::aLateAnswerUnderAnOpenEditorIsNoConflict()
{
    EditedGrid grid;
    const auto cell = grid.cell(3, u"score"_s);
    grid.type(3, u"score"_s, u"5"_s);
    grid.model.applyOutcome(grid.outcome(Verdict::Unknown));
    grid.model.beginEdit(cell);
    Outcome late = grid.committed();
    late.late = true;
    grid.model.applyOutcome(late);
    grid.type(3, u"score"_s, u"6"_s);
    grid.model.endEdit();
    QCOMPARE(grid.sent.size(), size_t(2));
    QCOMPARE(grid.sent.back().base, late.row->version);
}

void TestRowsModelEditing::aLateConflictWithADeletedRowKeepsTheText()
{
    EditedGrid grid;
    grid.type(3, u"email"_s, u"mine@example.org"_s);
    Outcome late = grid.outcome(Verdict::Unknown);
    grid.model.applyOutcome(late);
    late.late = true;
    late.verdict = Verdict::Conflict;
    grid.model.applyOutcome(late);
    QCOMPARE(grid.model.rowCount(), 30);
    QCOMPARE(grid.cell(3, u"email"_s).data().toString(), u"mine@example.org"_s);
    QVERIFY(!grid.model.writeMine({"3"}));
    grid.model.takeTheirs({"3"});
    QCOMPARE(grid.model.rowCount(), 29);
}

void TestRowsModelEditing::anAnswerWithoutItsRowShowsWhatWasWritten_data()
{
    QTest::addColumn<bool>("late");
    QTest::newRow("at once") << false;
    QTest::newRow("late") << true;
}

void TestRowsModelEditing::anAnswerWithoutItsRowShowsWhatWasWritten()
{
    QFETCH(const bool, late);
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    if (late)
        grid.model.applyOutcome(grid.outcome(Verdict::Unknown));
    Outcome outcome = grid.outcome(Verdict::CommittedCachePending);
    outcome.late = late;
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::CachePending);
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"5"_s);
    grid.model.applyRows({grid.changedByOthers(3, scoreField, "7")});
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"7"_s);
}

void TestRowsModelEditing::anAnswerWithoutItsRowLeavesANewerOne()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.model.applyOutcome(grid.outcome(Verdict::Unknown));
    grid.model.applyRows({grid.changedByOthers(3, scoreField, "7")});
    Outcome late = grid.outcome(Verdict::Committed);
    late.late = true;
    grid.model.applyOutcome(late);
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Saved);
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"7"_s);
}

void TestRowsModelEditing::aLateInsertIsShownOnce()
{
    EditedGrid grid;
    Outcome outcome;
    outcome.op = OpId::create();
    outcome.kind = EditKind::Insert;
    outcome.verdict = Verdict::CommittedCachePending;
    outcome.key = {"31"};
    outcome.row = testRow(31);
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.model.rowCount(), 31);
    grid.model.removeRow({"31"}); // deleted before the cache had followed
    outcome.verdict = Verdict::Committed;
    outcome.late = true;
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.model.rowCount(), 30);
}

void TestRowsModelEditing::aLateUnknownIsTheLastWord()
{
    EditedGrid grid;
    const auto cell = grid.cell(3, u"score"_s);
    grid.type(3, u"score"_s, u"5"_s);
    Outcome outcome = grid.outcome(Verdict::Unknown);
    grid.model.applyOutcome(outcome);
    QVERIFY(cell.data(StateSentenceRole).toString().contains(u"Being settled"_s));
    outcome.late = true;
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.state(cell), CellState::Unknown);
    QCOMPARE(cell.data().toString(), u"5"_s);
    QCOMPARE(cell.data(StateSentenceRole).toString(),
             u"Outcome unknown: nobody can tell any more whether your edit was written. Look at the row, then write "
             "your text again or discard it. Your text is kept."_s);
}

void TestRowsModelEditing::revertShowsTheTableAgain()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"many"_s);
    grid.model.revertCell(grid.cell(3, u"score"_s));
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"3"_s);
    QVERIFY(grid.model.problemCells().empty());
}

void TestRowsModelEditing::whatChangedUnderTheEditorConflicts()
{
    EditedGrid grid;
    const auto cell = grid.cell(3, u"score"_s);
    grid.model.beginEdit(cell);
    const QSignalSpy changed(&grid.model, &RowsModel::dataChanged);
    grid.model.applyRows({grid.changedByOthers(3, scoreField, "77")});
    QVERIFY(changed.isEmpty());
    QVERIFY(grid.type(3, u"score"_s, u"3"_s)); // as it was opened: nothing typed
    QVERIFY(grid.sent.empty());
    grid.type(3, u"score"_s, u"5"_s);
    QCOMPARE(grid.sent.back().base, RowVersion{1});
    grid.model.endEdit();
}

void TestRowsModelEditing::otherColumnsMayChangeUnderTheEditor()
{
    EditedGrid grid;
    grid.model.beginEdit(grid.cell(3, u"email"_s));
    const auto row = grid.changedByOthers(3, scoreField, "77");
    grid.model.applyRows({row});
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"77"_s);
    grid.type(3, u"email"_s, u"new@example.org"_s);
    grid.model.endEdit();
    QCOMPARE(grid.sent.back().base, row.version);
}

void TestRowsModelEditing::ourOwnWriteUnderTheEditorIsNoConflict()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"5"_s);
    grid.model.beginEdit(grid.cell(3, u"score"_s));
    const auto saved = grid.committed();
    grid.model.applyOutcome(saved);
    grid.type(3, u"score"_s, u"6"_s);
    grid.model.endEdit();
    QCOMPARE(grid.sent.back().base, saved.row->version);
}

void TestRowsModelEditing::problemsComeInTheOrderOfTheGrid()
{
    EditedGrid grid;
    grid.loadAll();
    for (const qint64 key : {20, 3, 11})
        grid.type(key, u"score"_s, u"many"_s);
    grid.type(11, u"date_of_birth"_s, u"soon"_s);
    std::vector<QByteArray> keys;
    for (const auto &cell : grid.model.problemCells())
        keys.push_back(cell.key.text);
    QCOMPARE(keys, (std::vector<QByteArray>{"3", "11", "11", "20"}));
    QCOMPARE(grid.model.problemCells()[1].field, 3);
}

void TestRowsModelEditing::differencesMarkTheirCells()
{
    EditedGrid grid;
    RowComparison comparison;
    comparison.row = RowDifference::Differs;
    comparison.fields.assign(6, FieldDifference::Same);
    comparison.fields[2] = FieldDifference::Stale;
    comparison.fields[3] = FieldDifference::OtherSpelling;
    comparison.fields[4] = FieldDifference::Stale;
    comparison.fields[1] = FieldDifference::MissingInCache;
    CachedRow cached;
    cached.values = {"user3", {}, "$argon2id$other", "1990-01-01 00:00:00", "640288", {}};
    grid.model.setDifferences({"3"}, comparison, cached);
    const auto score = grid.cell(3, u"score"_s);
    QCOMPARE(grid.state(score), CellState::Differs);
    QCOMPARE(score.data(StateSentenceRole).toString(), u"The cache holds 640288, the table 3."_s);
    QCOMPARE(grid.cell(3, u"email"_s).data(StateSentenceRole).toString(), u"Not in the hash"_s);
    QCOMPARE(grid.state(grid.cell(3, u"date_of_birth"_s)), CellState::OtherSpelling);
    QVERIFY(!grid.cell(3, u"password_hash"_s).data(StateSentenceRole).toString().contains("argon"_L1));
    QCOMPARE(grid.rowState(score), CellState::Differs);
    comparison.row = RowDifference::NotCached;
    comparison.fields.clear();
    grid.model.setDifferences({"3"}, comparison);
    QCOMPARE(grid.state(score), CellState::None);
    QCOMPARE(grid.state(grid.model.index(2, 0)), CellState::Missing);
    grid.model.applyRows({grid.changedByOthers(3, scoreField, "4")});
    QCOMPARE(grid.rowState(score), CellState::None);
}

void TestRowsModelEditing::aSecretLeaksNowhere()
{
    EditedGrid grid;
    const auto cell = grid.cell(3, u"password_hash"_s);
    grid.type(3, u"password_hash"_s, u"hush-hush"_s);
    auto outcome = grid.outcome(Verdict::Conflict);
    outcome.row = grid.changedByOthers(3, usernameField, "theirs");
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.state(cell), CellState::Conflict);
    for (int role = 0; role <= LoadedRole; ++role)
        QVERIFY(!cell.data(role).toString().contains("hush"_L1));
    QVERIFY(cell.data(StateSentenceRole).toString().contains(StateSentences::bullets()));
    QCOMPARE(grid.model.keptText({{"3"}, 2}), std::optional(Value("hush-hush")));
}

void TestRowsModelEditing::outcomesOfOthersAreRows()
{
    EditedGrid grid;
    std::vector<Outcome> outcomes;
    for (const qint64 key : {3, 4, 5}) {
        Outcome outcome;
        outcome.op = OpId::create();
        outcome.origin = Origin::Generator;
        outcome.verdict = Verdict::Committed;
        outcome.row = grid.changedByOthers(key, scoreField, "99");
        outcome.key = outcome.row->key;
        outcomes.push_back(outcome);
    }
    const QSignalSpy changed(&grid.model, &RowsModel::dataChanged);
    grid.model.applyOutcomes(outcomes);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(grid.cell(4, u"score"_s).data().toString(), u"99"_s);
    QCOMPARE(grid.state(grid.cell(4, u"score"_s)), CellState::None);
}

void TestRowsModelEditing::insertedAndDeletedRows()
{
    EditedGrid grid;
    Outcome outcome;
    outcome.kind = EditKind::Insert;
    outcome.verdict = Verdict::Committed;
    outcome.key = {"31"};
    outcome.row = testRow(31);
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.model.rowCount(), 31);
    outcome.kind = EditKind::Delete;
    outcome.key = {"3"};
    outcome.row.reset();
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.model.rowCount(), 30);
    outcome.verdict = Verdict::Rejected;
    outcome.key = {"4"};
    grid.model.applyOutcome(outcome);
    QCOMPARE(grid.model.rowCount(), 30);
}

void TestRowsModelEditing::keptTextsOutliveTheirPage()
{
    EditedGrid grid;
    grid.type(3, u"score"_s, u"many"_s);
    auto index = TableFake(0).index(++grid.generation, 10);
    index.filter.contains = u"nobody"_s;
    grid.model.setIndex(index);
    QCOMPARE(grid.model.rowCount(), 0);
    QCOMPARE(grid.model.problemCells().size(), size_t(1));
    grid.renew();
    grid.loadAll();
    QCOMPARE(grid.cell(3, u"score"_s).data().toString(), u"many"_s);
    QCOMPARE(grid.state(grid.cell(3, u"score"_s)), CellState::Failed);
}

QTEST_MAIN(TestRowsModelEditing)
#include "tst_rowsmodel_editing.moc"
