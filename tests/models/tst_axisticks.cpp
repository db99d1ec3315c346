// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/axisticks.h"
#include "ui/charts/timewindow.h"

#include <QTest>

#include <algorithm>

using namespace throughline;
using namespace Qt::StringLiterals;

/// Axes of the charts, and which part of a run they show.
class AxisTicksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTopIsALittleAboveTheHighest_data();
    void theTopIsALittleAboveTheHighest();
    void linearTicksAreRoundAndFew_data();
    void linearTicksAreRoundAndFew();
    void logarithmicAxesHoldTheirValues_data();
    void logarithmicAxesHoldTheirValues();
    void logarithmicTicksAreFew();
    void timesAreCountedFromTheEndOrTheStart();
    void longRunsHaveFewTimes();
    void valuesAreShort_data();
    void valuesAreShort();
    void labelsDoNotCoverEachOther();
    void theWindowFollowsTheRun();
    void zoomingKeepsThePointerWhereItIs();
    void panningStaysInTheRun();
};

void AxisTicksTest::theTopIsALittleAboveTheHighest_data()
{
    QTest::addColumn<double>("highest");
    QTest::addColumn<double>("top");
    QTest::addRow("nothing") << 0.0 << 1.0;
    QTest::addRow("one") << 1.0 << 1.5;
    QTest::addRow("200") << 200.0 << 300.0;
    QTest::addRow("180") << 180.0 << 200.0;
    QTest::addRow("unlimited") << 125000.0 << 150000.0;
    QTest::addRow("0.03") << 0.03 << 0.04;
}

void AxisTicksTest::theTopIsALittleAboveTheHighest()
{
    QFETCH(const double, highest);
    QTEST(axisticks::topFor(highest), "top");
}

void AxisTicksTest::linearTicksAreRoundAndFew_data()
{
    QTest::addColumn<double>("top");
    QTest::addColumn<int>("most");
    QTest::addColumn<std::vector<double>>("ticks");
    QTest::addRow("300") << 300.0 << 4 << std::vector<double>{0, 100, 200, 300};
    QTest::addRow("1.5") << 1.5 << 3 << std::vector<double>{0, 0.5, 1, 1.5};
    QTest::addRow("one") << 150000.0 << 2 << std::vector<double>{0, 100000, 200000};
}

void AxisTicksTest::linearTicksAreRoundAndFew()
{
    QFETCH(const double, top);
    QFETCH(const int, most);
    QTEST(axisticks::linear(top, most), "ticks");
}

void AxisTicksTest::logarithmicAxesHoldTheirValues_data()
{
    QTest::addColumn<double>("lowest");
    QTest::addColumn<double>("highest");
    QTest::addRow("usual") << 1.7 << 33.0;
    QTest::addRow("alike") << 2.0 << 2.0;
    QTest::addRow("at a step") << 0.1 << 100.0;
    QTest::addRow("zero") << 0.0 << 5.0;
    QTest::addRow("wide") << 0.04 << 12000.0;
}

void AxisTicksTest::logarithmicAxesHoldTheirValues()
{
    QFETCH(const double, lowest);
    QFETCH(const double, highest);
    const axisticks::Scale scale = axisticks::logarithmicFor(lowest, highest);
    QVERIFY(scale.low > 0 && scale.low <= std::max(lowest, 0.001));
    QVERIFY(scale.high >= highest * 0.999 && scale.high >= scale.low * 9.99);
    QVERIFY(scale.high <= std::max(highest * 2.51, scale.low * 20.1));
}

void AxisTicksTest::logarithmicTicksAreFew()
{
    QCOMPARE(axisticks::logarithmic({1, 50}, 6).size(), size_t(6)); // 1 2 5 10 20 50
    QCOMPARE(axisticks::logarithmic({0.1, 1000}, 6).size(), size_t(5));
    QCOMPARE(axisticks::logarithmic({0.5, 5}, 2).size(), size_t(4)); // one decade alone would say nothing
}

void AxisTicksTest::timesAreCountedFromTheEndOrTheStart()
{
    const TimeRange live{12.3, 72.3};
    const std::vector<double> back = axisticks::times(live, true, 4);
    QCOMPARE(back.size(), size_t(5));
    QCOMPARE(axisticks::timeLabel(back.front(), live, true), u"\u221260 s"_s);
    QCOMPARE(axisticks::timeLabel(back.back(), live, true), u"now"_s);
    QCOMPARE(axisticks::exactTime(60, live, true), u"\u221212.3 s"_s);
    const std::vector<double> since = axisticks::times(live, false, 4);
    QCOMPARE(since, (std::vector<double>{15, 30, 45, 60}));
    QCOMPARE(axisticks::timeLabel(60, live, false), u"1:00"_s);
    QCOMPARE(axisticks::exactTime(61.26, live, false), u"1:01.3"_s);
    QCOMPARE(axisticks::timeLabel(3725, live, false), u"1:02:05"_s);
    QCOMPARE(axisticks::exactTime(59.97, live, false), u"1:00.0"_s);
}

void AxisTicksTest::longRunsHaveFewTimes()
{
    for (const double span : {1.0, 59.0, 61.0, 1000.0, 86400.0, 1e6})
        QVERIFY(axisticks::times({0, span}, false, 6).size() <= 7);
    QVERIFY(axisticks::times({5, 5}, false, 6).empty());
}

void AxisTicksTest::valuesAreShort_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::addRow("zero") << 0.0 << u"0"_s;
    QTest::addRow("fraction") << 0.05 << u"0.05"_s;
    QTest::addRow("thousands") << 2000.0 << u"2000"_s;
    QTest::addRow("many") << 125000.0 << u"125\u2009k"_s;
    QTest::addRow("millions") << 1.5e6 << u"1.5\u2009M"_s;
}

void AxisTicksTest::valuesAreShort()
{
    QFETCH(const double, value);
    QTEST(axisticks::valueLabel(value), "text");
}

void AxisTicksTest::labelsDoNotCoverEachOther()
{
    const std::vector<double> middles = axisticks::spread({50, 48, 49, 5}, 10, 100);
    std::vector<double> sorted = middles;
    std::ranges::sort(sorted);
    for (size_t i = 1; i < sorted.size(); ++i)
        QVERIFY(sorted[i] - sorted[i - 1] >= 10);
    QVERIFY(middles[1] < middles[2] && middles[2] < middles[0]);
    QVERIFY(axisticks::spread({99, 98}, 10, 100).front() <= 95);
}

void AxisTicksTest::theWindowFollowsTheRun()
{
    TimeWindow window;
    QCOMPARE(window.range(100), (TimeRange{40, 100}));
    window.follow(TimeWindow::Follow::WholeRun);
    QCOMPARE(window.range(100), (TimeRange{0, 100}));
    QCOMPARE(window.range(0), (TimeRange{0, 1}));
}

void AxisTicksTest::zoomingKeepsThePointerWhereItIs()
{
    TimeWindow window;
    window.zoom(2, 70, 100);
    QVERIFY(window.isHeld());
    QCOMPARE(window.range(500), (TimeRange{55, 85}));
    for (int i = 0; i < 50; ++i)
        window.zoom(2, 70, 100);
    QCOMPARE(window.range(100).span(), 1.0);
    for (int i = 0; i < 50; ++i)
        window.zoom(0.5, 70, 100);
    QCOMPARE(window.range(100), (TimeRange{0, 100}));
    window.release();
    QCOMPARE(window.range(100), (TimeRange{40, 100}));
}

void AxisTicksTest::panningStaysInTheRun()
{
    TimeWindow window;
    window.pan(-10, 100);
    QCOMPARE(window.range(100), (TimeRange{30, 90}));
    window.pan(-1000, 100);
    QCOMPARE(window.range(100), (TimeRange{0, 60}));
    window.pan(1000, 100);
    QCOMPARE(window.range(100), (TimeRange{40, 100}));
}

QTEST_GUILESS_MAIN(AxisTicksTest)
#include "tst_axisticks.moc"
