// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/workload.h"

#include <QTest>

#include <map>

using namespace throughline;
using namespace Qt::StringLiterals;

/// What the generator writes: the same for the same seed, and evenly spread over rows and scores.
class WorkloadTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSameSeedGivesTheSameSequence();
    void otherSeedsAndWorkersGiveOtherSequences();
    void scoresAndRowsAreUniform();
    void anEditCarriesKeyVersionAndOrigin();
    void aRowThatIsGoneIsNotOfferedAgain();
    void theScoreColumnIsFound();

private:
    [[nodiscard]] static KeyPool pool(int rows);
};

KeyPool WorkloadTest::pool(int rows)
{
    KeyPool keys;
    for (int i = 1; i <= rows; ++i)
        keys.add({QByteArray::number(i)}, {i * 10});
    return keys;
}

void WorkloadTest::theSameSeedGivesTheSameSequence()
{
    const KeyPool keys = pool(100);
    Workload first(42, 3, 6), second(42, 3, 6);
    for (int i = 0; i < 1000; ++i) {
        const Workload::Choice a = first.next(keys), b = second.next(keys);
        QCOMPARE(a.edit.key.text, b.edit.key.text);
        QVERIFY(a.edit.changes == b.edit.changes);
        QVERIFY(!(a.edit.op == b.edit.op)); // but each edit has a name of its own
    }
}

void WorkloadTest::otherSeedsAndWorkersGiveOtherSequences()
{
    const KeyPool keys = pool(100);
    const auto sequence = [&](quint64 seed, int worker) {
        Workload workload(seed, worker, 6);
        QByteArray all;
        for (int i = 0; i < 20; ++i) {
            const Workload::Choice choice = workload.next(keys);
            all += choice.edit.key.text + '=' + *choice.edit.changes.front().value + ' ';
        }
        return all;
    };
    QVERIFY(sequence(1, 0) != sequence(2, 0));
    QVERIFY(sequence(1, 0) != sequence(1, 1));
    QVERIFY(sequence(1, 1) != sequence(2, 0));
}

void WorkloadTest::scoresAndRowsAreUniform()
{
    constexpr int draws = 100000;
    constexpr int rows = 10;
    const KeyPool keys = pool(rows);
    Workload workload(7, 0, 6);
    std::map<QByteArray, int> perRow;
    std::map<int, int> perTenth;
    for (int i = 0; i < draws; ++i) {
        const Workload::Choice choice = workload.next(keys);
        const int score = choice.edit.changes.front().value->toInt();
        QVERIFY(score >= 1000 && score <= 999999);
        ++perRow[choice.edit.key.text];
        ++perTenth[(score - lowestScore) * 10 / (highestScore - lowestScore + 1)];
    }
    QCOMPARE(perRow.size(), size_t(rows));
    QCOMPARE(perTenth.size(), size_t(10));
    // 5 standard deviations around a tenth: sqrt(100000 * 0.1 * 0.9) is 95.
    for (const auto &[key, count] : perRow)
        QVERIFY2(std::abs(count - draws / rows) < 475, key.constData());
    for (const auto &[tenth, count] : perTenth)
        QVERIFY2(std::abs(count - draws / 10) < 475, qPrintable(QString::number(tenth)));
}

void WorkloadTest::anEditCarriesKeyVersionAndOrigin()
{
    KeyPool keys = pool(1);
    keys.setVersion(0, {77});
    const Workload::Choice choice = Workload(1, 0, 6).next(keys);
    QCOMPARE(choice.edit.kind, EditKind::Update);
    QCOMPARE(choice.edit.origin, Origin::Generator);
    QCOMPARE(choice.edit.key.text, "1");
    QCOMPARE(choice.edit.base.number, 77);
    QCOMPARE(choice.edit.changes.size(), size_t(1));
    QCOMPARE(choice.edit.changes.front().field, 6);
}

void WorkloadTest::aRowThatIsGoneIsNotOfferedAgain()
{
    KeyPool keys = pool(3);
    keys.markTouched(2);
    keys.remove(0); // the last one takes its place
    QCOMPARE(keys.size(), size_t(2));
    QCOMPARE(keys.key(0).text, "3");
    QCOMPARE(keys.version(0).number, 30);
    QVERIFY(keys.isTouched(0) && !keys.isTouched(1));
    keys.remove(1);
    keys.remove(0);
    QCOMPARE(keys.size(), size_t(0));
}

void WorkloadTest::theScoreColumnIsFound()
{
    const auto column = [](const char *name, ColumnKind kind, int bytes, bool generated) {
        Field field;
        field.hashField = name;
        field.column.name = QString::fromLatin1(name);
        field.column.kind = kind;
        field.column.bytes = bytes;
        field.column.generated = generated;
        return field;
    };
    Mapping mapping;
    QVERIFY(!scoreField(mapping));
    mapping.fields = {column("name", ColumnKind::Text, 0, false), column("small", ColumnKind::Integer, 2, false),
                      column("computed", ColumnKind::Integer, 4, true)};
    QVERIFY(!scoreField(mapping)); // 999999 does not fit, or may not be written
    mapping.fields.push_back(column("points", ColumnKind::Integer, 8, false));
    QCOMPARE(scoreField(mapping), 3);
    mapping.fields.push_back(column("score", ColumnKind::Integer, 4, false));
    QCOMPARE(scoreField(mapping), 4);
    mapping.fields.back().column.kind = ColumnKind::Text;
    QCOMPARE(scoreField(mapping), 3);
}

QTEST_GUILESS_MAIN(WorkloadTest)
#include "tst_workload.moc"
