// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/chartseries.h"
#include "ui/charts/loadhistory.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

LoadSample sampleAt(double atS, qint64 committed = 20)
{
    LoadSample sample;
    sample.atS = atS;
    sample.seconds = 0.1;
    sample.committed = committed;
    sample.targetPerSecond = 200;
    sample.fromIntendedStart = LatencyMs{1, 2, 3, 4};
    return sample;
}

/// A run of a sample every tenth of a second.
LoadHistory runOf(double seconds, size_t mostPoints = 3600)
{
    LoadHistory history(mostPoints);
    for (int i = 1; i <= qRound(seconds * 10); ++i)
        history.add(sampleAt(i / 10.0));
    return history;
}

} // namespace

/// The samples of a run for the charts, and what is drawn of them.
class LoadHistoryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ratesAreOfTheSecondBefore();
    void aSampleOfNoTimeIsNone();
    void theLastMinuteIsKeptAsItCame();
    void aLongRunStaysBounded();
    void extremesOutliveTheMerging();
    void theFinestPointsAreTaken();
    void theNearestPointIsFound();
    void anEmptyHistoryIsHarmless();
    void unknownFiguresLeaveNoPoints();
    void mergedPointsShowBothExtremes();
    void valuesAreLookedUpShortlyBefore();
    void csvHasALinePerPoint();
};

void LoadHistoryTest::ratesAreOfTheSecondBefore()
{
    LoadHistory history;
    for (int i = 1; i <= 20; ++i)
        history.add(sampleAt(i / 10.0, i == 10 ? 5 : 0)); // one burst
    const auto done = [&](int i) { return history.recent()[size_t(i)].of(Figure::Done).mean; };
    QVERIFY(std::isnan(done(3))); // too short for a rate
    QCOMPARE(done(8), 0.0);
    QCOMPARE(qRound(done(9)), 5);
    QCOMPARE(qRound(done(18)), 5);
    QCOMPARE(done(19), 0.0);
}

void LoadHistoryTest::aSampleOfNoTimeIsNone()
{
    LoadHistory history;
    LoadSample sample = sampleAt(1);
    sample.seconds = 0;
    history.add(sample);
    QVERIFY(history.isEmpty());
}

void LoadHistoryTest::theLastMinuteIsKeptAsItCame()
{
    const LoadHistory history = runOf(200);
    QVERIFY(history.recent().front().atS <= 140 && history.recent().front().atS > 138);
    QVERIFY(history.recent().size() < 620);
    for (const LoadPoint &point : history.recent())
        QCOMPARE(point.seconds, 0.1);
}

void LoadHistoryTest::aLongRunStaysBounded()
{
    const LoadHistory history = runOf(3600, 100);
    QVERIFY(history.whole().size() <= 100 && history.whole().size() >= 50);
    QCOMPARE(history.endS(), 3600.0);
    double seconds = 0;
    double before = 0;
    for (const LoadPoint &point : history.whole()) {
        QVERIFY(point.atS > before);
        before = point.atS;
        seconds += point.seconds;
        QCOMPARE(qRound(point.of(Figure::Done).mean), 200);
    }
    QCOMPARE(qRound(seconds), 3600);
}

void LoadHistoryTest::extremesOutliveTheMerging()
{
    LoadHistory history(20);
    for (int i = 1; i <= 5000; ++i) {
        LoadSample sample = sampleAt(i / 10.0);
        if (i == 1234)
            sample.fromIntendedStart = LatencyMs{700, 800, 900, 1000};
        if (i == 2345)
            sample.fromIntendedStart = LatencyMs{0.1, 0.2, 0.3, 0.4};
        history.add(sample);
    }
    const std::array figures{Figure::Latency50, Figure::LatencyMax};
    const FigureRange extremes = chartseries::extremesOf(history.whole(), figures);
    QCOMPARE(extremes.low, 0.1);
    QCOMPARE(extremes.high, 1000.0);
}

void LoadHistoryTest::theFinestPointsAreTaken()
{
    const LoadHistory history = runOf(600, 100);
    QCOMPARE(history.between(580, 590).front().seconds, 0.1);
    QVERIFY(history.between(100, 110).front().seconds > 1);
    const auto part = history.between(550, 560);
    QVERIFY(part.front().atS < 550 && part.back().atS > 560); // the lines go on to both edges
    QVERIFY(part.size() <= 104);
}

void LoadHistoryTest::theNearestPointIsFound()
{
    const LoadHistory history = runOf(10);
    const auto at = [&](double s) { return LoadHistory::nearest(history.recent(), s)->atS; };
    QCOMPARE(at(-5), 0.1);
    QCOMPARE(at(4.94), 4.9);
    QCOMPARE(at(4.97), 5.0);
    QCOMPARE(at(99), 10.0);
}

void LoadHistoryTest::anEmptyHistoryIsHarmless()
{
    const LoadHistory history;
    QVERIFY(history.between(0, 60).empty());
    QVERIFY(!LoadHistory::nearest(history.recent(), 1));
    QVERIFY(chartseries::lineOf(history.whole(), Figure::Done).empty());
    QVERIFY(std::isnan(chartseries::valueAt(history.whole(), 1, Figure::Done)));
    QCOMPARE(chartseries::toCsv(history.whole()).count(u'\n'), 1);
}

void LoadHistoryTest::unknownFiguresLeaveNoPoints()
{
    LoadHistory history;
    LoadSample unanswered = sampleAt(0.2);
    unanswered.fromIntendedStart.reset();
    unanswered.targetPerSecond = 0;
    history.add(sampleAt(0.1));
    history.add(unanswered);
    history.add(sampleAt(0.3));
    QCOMPARE(chartseries::lineOf(history.recent(), Figure::Latency99).size(), size_t(2));
    QCOMPARE(chartseries::lineOf(history.recent(), Figure::Target).size(), size_t(2));
    QCOMPARE(chartseries::lineOf(history.recent(), Figure::Latency50).back().x(), 0.3);
    QVERIFY(chartseries::lineOf(history.recent(), Figure::Outbox).empty());
}

void LoadHistoryTest::mergedPointsShowBothExtremes()
{
    LoadPoint low;
    low.atS = 1;
    low.seconds = 1;
    low.of(Figure::LatencyMax) = FigureRange::of(2);
    LoadPoint high = low;
    high.atS = 2;
    high.of(Figure::LatencyMax) = FigureRange::of(50);
    const std::array points{low, merged(low, high)};
    const std::vector<QPointF> line = chartseries::lineOf(points, Figure::LatencyMax);
    QCOMPARE(line.size(), size_t(3));
    QCOMPARE(line[1].y(), 2.0); // the shorter way first
    QCOMPARE(line[2].y(), 50.0);
    QVERIFY(line[1].x() < line[2].x());
}

void LoadHistoryTest::valuesAreLookedUpShortlyBefore()
{
    LoadHistory history;
    LoadSample looked = sampleAt(0.1);
    looked.outboxRows = 7;
    history.add(looked);
    for (int i = 2; i <= 100; ++i) {
        LoadSample unanswered = sampleAt(i / 10.0);
        unanswered.targetPerSecond = 0;
        history.add(unanswered);
    }
    QCOMPARE(chartseries::valueAt(history.recent(), 0.5, Figure::Outbox), 7.0);
    QVERIFY(std::isnan(chartseries::valueAt(history.recent(), 10, Figure::Outbox)));
    QVERIFY(std::isnan(chartseries::valueAt(history.recent(), 0.5, Figure::Target))); // unlimited is no gap
}

void LoadHistoryTest::csvHasALinePerPoint()
{
    const QStringList lines = chartseries::toCsv(runOf(2).whole()).split(u'\n');
    QCOMPARE(lines.size(), 22);
    QCOMPARE(lines.at(0).count(u','), lines.at(20).count(u','));
    QCOMPARE(lines.at(20), u"2.000,0.100,200,200,1,2,3,4,,,,,0,"_s);
}

QTEST_GUILESS_MAIN(LoadHistoryTest)
#include "tst_loadhistory.moc"
