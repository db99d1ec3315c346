// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/workload.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

using namespace throughline;
using namespace Qt::StringLiterals;

/// What the generator writes: the same for the same seed, and evenly spread over rows and scores.
class WorkloadTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSameSeedGivesTheSameSequence_data();
    void theSameSeedGivesTheSameSequence();
    void otherSeedsAndWorkersGiveOtherSequences();
    void scoresAndRowsAreUniform();
    void theMixIsAsAsked();
    void anEmptyPoolIsFilledOrSaid();
    void zipfIsExact_data();
    void zipfIsExact();
    void zipfIsScatteredOverAMillionRows();
    void aHotSetGetsItsShare();
    void sequentialGoesRound();
    void latestPrefersNewRows();
    void addedRowsDoNotMoveTheMostWanted();
    void valuesAreAsAsked();
    void countedValuesAreUnique();
    void aRowThatIsGoneIsNotOfferedAgain();
    void whatWasTouchedIsKnownWhenItIsGone();
    void theScoreColumnIsFound();

private:
    [[nodiscard]] static KeyPool pool(int rows);
    /// A table with a score and nothing else.
    [[nodiscard]] static Mapping users();
};

KeyPool WorkloadTest::pool(int rows)
{
    KeyPool keys;
    for (int i = 1; i <= rows; ++i)
        keys.add({QByteArray::number(i)}, {i * 10});
    return keys;
}

Mapping WorkloadTest::users()
{
    Mapping mapping;
    Field score;
    score.column.name = u"score"_s;
    score.column.kind = ColumnKind::Integer;
    score.column.bytes = 4;
    mapping.fields.push_back(score);
    return mapping;
}

void WorkloadTest::theSameSeedGivesTheSameSequence_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("uniform") << int(RowChoice::Kind::Uniform);
    QTest::newRow("zipf") << int(RowChoice::Kind::Zipf);
    QTest::newRow("hot set") << int(RowChoice::Kind::HotSet);
    QTest::newRow("sequential") << int(RowChoice::Kind::Sequential);
    QTest::newRow("latest") << int(RowChoice::Kind::Latest);
}

void WorkloadTest::theSameSeedGivesTheSameSequence()
{
    QFETCH(const int, kind);
    const KeyPool keys = pool(100);
    LoadSettings load;
    load.rows.kind = static_cast<RowChoice::Kind>(kind);
    load.mix = {5, 1, 1, 2};
    Workload first(load, users(), {42, 3, 4}), second(load, users(), {42, 3, 4});
    for (int i = 0; i < 1000; ++i) {
        const auto a = first.next(keys), b = second.next(keys);
        QCOMPARE(a->kind, b->kind);
        QCOMPARE(a->slot, b->slot);
        QVERIFY(a->changes == b->changes);
    }
}

void WorkloadTest::otherSeedsAndWorkersGiveOtherSequences()
{
    const KeyPool keys = pool(100);
    const auto sequence = [&](quint64 seed, int worker) {
        Workload workload({}, users(), {seed, worker, 2});
        QByteArray all;
        for (int i = 0; i < 20; ++i) {
            const auto next = workload.next(keys);
            all += keys.key(next->slot).text + '=' + *next->changes.front().value + ' ';
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
    Workload workload({}, users(), {7, 0, 1});
    std::map<size_t, int> perRow;
    std::map<int, int> perTenth;
    for (int i = 0; i < draws; ++i) {
        const auto next = workload.next(keys);
        QCOMPARE(next->kind, LoadOperation::Kind::Update);
        QCOMPARE(next->changes.size(), size_t(1));
        QCOMPARE(next->changes.front().field, 0);
        const int score = next->changes.front().value->toInt();
        QVERIFY(score >= lowestScore && score <= highestScore);
        ++perRow[next->slot];
        ++perTenth[(score - lowestScore) * 10 / (highestScore - lowestScore + 1)];
    }
    QCOMPARE(perRow.size(), size_t(rows));
    QCOMPARE(perTenth.size(), size_t(10));
    // 5 standard deviations around a tenth: sqrt(100000 * 0.1 * 0.9) is 95.
    for (const auto &[row, count] : perRow)
        QVERIFY2(std::abs(count - draws / rows) < 475, qPrintable(QString::number(row)));
    for (const auto &[tenth, count] : perTenth)
        QVERIFY2(std::abs(count - draws / 10) < 475, qPrintable(QString::number(tenth)));
}

void WorkloadTest::theMixIsAsAsked()
{
    const KeyPool keys = pool(10);
    LoadSettings load;
    load.mix = {7, 1, 0, 2};
    Workload workload(load, users(), {});
    std::map<LoadOperation::Kind, int> counts;
    for (int i = 0; i < 100000; ++i)
        ++counts[workload.next(keys)->kind];
    QVERIFY(std::abs(counts[LoadOperation::Kind::Update] - 70000) < 800);
    QVERIFY(std::abs(counts[LoadOperation::Kind::Insert] - 10000) < 500);
    QVERIFY(std::abs(counts[LoadOperation::Kind::Read] - 20000) < 700);
    QCOMPARE(counts[LoadOperation::Kind::Remove], 0);
}

void WorkloadTest::anEmptyPoolIsFilledOrSaid()
{
    LoadSettings load;
    QVERIFY(!Workload(load, users(), {}).next(KeyPool()));
    load.mix.insert = 0.001;
    const auto next = Workload(load, users(), {}).next(KeyPool());
    QCOMPARE(next->kind, LoadOperation::Kind::Insert);
    QCOMPARE(next->slot, LoadOperation::noRow);
}

void WorkloadTest::zipfIsExact_data()
{
    QTest::addColumn<double>("exponent");
    QTest::addColumn<int>("ranks");
    QTest::newRow("0.99 of 100") << 0.99 << 100;
    QTest::newRow("1 of 100") << 1.0 << 100;
    QTest::newRow("0.5 of 20") << 0.5 << 20;
    QTest::newRow("1.8 of 1000") << 1.8 << 1000;
    QTest::newRow("one") << 0.99 << 1;
    QTest::newRow("0.99 of a million") << 0.99 << 1'000'000;
}

/// Frequencies against the probabilities themselves: chi-squared over the first ranks, and the rest as one.
void WorkloadTest::zipfIsExact()
{
    QFETCH(const double, exponent);
    QFETCH(const int, ranks);
    constexpr int draws = 400000;
    constexpr int looked = 50;
    double sum = 0;
    for (int rank = 1; rank <= ranks; ++rank)
        sum += std::pow(rank, -exponent);
    const Zipf zipf(exponent, static_cast<quint64>(ranks));
    std::mt19937_64 random(11);
    std::vector<int> counts(looked + 1);
    for (int i = 0; i < draws; ++i) {
        const quint64 rank = zipf(random);
        QVERIFY(rank >= 1 && rank <= static_cast<quint64>(ranks));
        ++counts[std::min<size_t>(rank - 1, looked)];
    }
    double chiSquared = 0, rest = draws;
    int classes = 0;
    for (int rank = 1; rank <= std::min(ranks, looked); ++rank, ++classes) {
        const double expected = draws * std::pow(rank, -exponent) / sum;
        const double off = counts[static_cast<size_t>(rank) - 1] - expected;
        chiSquared += off * off / expected;
        rest -= expected;
    }
    if (ranks > looked)
        chiSquared += (counts[looked] - rest) * (counts[looked] - rest) / rest;
    // Mean k and deviation sqrt(2 k) for k degrees of freedom.
    QVERIFY2(chiSquared < classes + 6 * std::sqrt(2.0 * classes), qPrintable(QString::number(chiSquared)));
}

void WorkloadTest::zipfIsScatteredOverAMillionRows()
{
    constexpr size_t rows = 1'000'000;
    RowChoice choice;
    choice.kind = RowChoice::Kind::Zipf;
    RowChooser chooser(choice);
    std::mt19937_64 random(3);
    std::map<size_t, int> counts;
    for (int i = 0; i < 200000; ++i) {
        const size_t position = chooser.next(rows, random);
        QVERIFY(position < rows);
        ++counts[position];
    }
    std::vector<std::pair<int, size_t>> most;
    for (const auto &[position, count] : counts)
        most.emplace_back(count, position);
    std::ranges::sort(most, std::greater());
    QVERIFY(most[0].first > 200000 / 16 && most[0].first < 200000 / 13); // 1 / (ln 10^6 + 0.58), about
    for (size_t i = 1; i < 10; ++i) // the most wanted ones are no neighbours: a page holds about a hundred rows
        QVERIFY(std::max(most[i].second, most[0].second) - std::min(most[i].second, most[0].second) > 100);
}

void WorkloadTest::aHotSetGetsItsShare()
{
    RowChoice choice;
    choice.kind = RowChoice::Kind::HotSet;
    choice.hotRows = 0.2;
    choice.hotWrites = 0.8;
    RowChooser chooser(choice);
    std::mt19937_64 random(3);
    std::vector<int> counts(1000);
    for (int i = 0; i < 100000; ++i)
        ++counts[chooser.next(1000, random)];
    std::ranges::sort(counts, std::greater());
    const int hot = std::accumulate(counts.begin(), counts.begin() + 200, 0);
    QVERIFY(std::abs(hot - 80000) < 700);
    QVERIFY(counts.back() > 0);
}

void WorkloadTest::sequentialGoesRound()
{
    RowChoice choice;
    choice.kind = RowChoice::Kind::Sequential;
    RowChooser chooser(choice);
    std::mt19937_64 random(3);
    for (size_t i = 0; i < 30; ++i)
        QCOMPARE(chooser.next(10, random), i % 10);
    QCOMPARE(chooser.next(1, random), size_t(0));
}

void WorkloadTest::latestPrefersNewRows()
{
    RowChoice choice;
    choice.kind = RowChoice::Kind::Latest;
    RowChooser chooser(choice);
    std::mt19937_64 random(3);
    std::vector<int> counts(1000);
    for (int i = 0; i < 100000; ++i)
        ++counts[chooser.next(1000, random)];
    QCOMPARE(std::ranges::max_element(counts) - counts.begin(), 999);
    QVERIFY(counts[999] > 10 * counts[900]);
}

void WorkloadTest::addedRowsDoNotMoveTheMostWanted()
{
    RowChoice choice;
    choice.kind = RowChoice::Kind::Zipf;
    choice.exponent = 1.5;
    RowChooser chooser(choice);
    std::mt19937_64 random(3);
    const auto favourite = [&](size_t size) {
        std::vector<int> counts(size);
        for (int i = 0; i < 2000; ++i)
            ++counts[chooser.next(size, random)];
        return std::ranges::max_element(counts) - counts.begin();
    };
    const auto before = favourite(1000);
    QCOMPARE(favourite(1001), before);
    QCOMPARE(favourite(1080), before);
}

void WorkloadTest::valuesAreAsAsked()
{
    std::mt19937_64 random(5);
    ColumnInfo text;
    ValueMaker maker;
    maker.low = -3;
    maker.high = 3;
    ValueSource integers(maker, text, {});
    std::set<QByteArray> seen;
    for (int i = 0; i < 1000; ++i)
        seen.insert(integers.next(random));
    QCOMPARE(seen, (std::set<QByteArray>{"-3", "-2", "-1", "0", "1", "2", "3"}));

    maker.kind = ValueMaker::Kind::Dates;
    maker.from = QDate(2024, 2, 28);
    maker.to = QDate(2024, 3, 1);
    ValueSource dates(maker, text, {});
    seen.clear();
    for (int i = 0; i < 1000; ++i)
        seen.insert(dates.next(random));
    QCOMPARE(seen, (std::set<QByteArray>{"2024-02-28", "2024-02-29", "2024-03-01"}));

    maker.kind = ValueMaker::Kind::Words;
    maker.words = 3;
    ValueSource words(maker, text, {});
    for (int i = 0; i < 100; ++i) {
        const QList<QByteArray> parts = words.next(random).split(' ');
        QCOMPARE(parts.size(), 3);
        QVERIFY(!parts.contains(QByteArray()));
    }
}

void WorkloadTest::countedValuesAreUnique()
{
    std::mt19937_64 random(5);
    ColumnInfo text, number;
    number.kind = ColumnKind::Integer;
    for (const auto kind : {ValueMaker::Kind::Email, ValueMaker::Kind::Counter}) {
        for (const ColumnInfo &column : {text, number}) {
            std::set<QByteArray> seen;
            qsizetype longest = 0;
            const bool isNumber = kind == ValueMaker::Kind::Counter && column.kind == ColumnKind::Integer;
            for (const quint64 seed : {quint64(1), isNumber ? quint64(1) : ~quint64(0)}) {
                for (int worker = 0; worker < 3; ++worker) {
                    if (isNumber && seed == 1 && seen.size() >= 3000)
                        break;
                    ValueMaker maker;
                    maker.kind = kind;
                    ValueSource source(maker, column, {seed, worker, 3});
                    for (int i = 0; i < 1000; ++i) {
                        const QByteArray value = source.next(random);
                        longest = std::max(longest, value.size());
                        QVERIFY2(seen.insert(value).second, value.constData());
                    }
                }
            }
            QVERIFY(longest <= ValueSource::longestCounted);
            QCOMPARE(seen.size(), size_t(isNumber ? 3000 : 6000));
        }
    }
}

void WorkloadTest::aRowThatIsGoneIsNotOfferedAgain()
{
    KeyPool keys = pool(3);
    keys.remove(0); // the newest takes its position, and keeps its slot
    QCOMPARE(keys.size(), size_t(2));
    QCOMPARE(keys.slotAt(0), size_t(2));
    QCOMPARE(keys.slotAt(1), size_t(1));
    QCOMPARE(keys.key(2).text, "3");
    QCOMPARE(keys.version(2).number, 30);
    QVERIFY(!keys.isOffered(0) && keys.isOffered(1) && keys.isOffered(2));
    keys.remove(0); // once more: nothing
    QCOMPARE(keys.size(), size_t(2));
    QCOMPARE(keys.add({"4"}, {40}), size_t(3));
    QCOMPARE(keys.slotAt(2), size_t(3));
    for (const size_t slot : {size_t(2), size_t(3), size_t(1)})
        keys.remove(slot);
    QCOMPARE(keys.size(), size_t(0));
}

void WorkloadTest::whatWasTouchedIsKnownWhenItIsGone()
{
    KeyPool keys = pool(3);
    keys.markTouched(1);
    keys.remove(1);
    keys.noteTouched({"77"});
    QCOMPARE(keys.size(), size_t(2));
    QCOMPARE(keys.touchedCount(), 2);
    std::vector<RowKey> touched;
    keys.appendTouched(touched);
    QCOMPARE(touched, (std::vector<RowKey>{{"2"}, {"77"}}));
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
