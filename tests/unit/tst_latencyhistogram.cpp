// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/latencyhistogram.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace throughline;

/// Percentiles against those of the sorted numbers themselves.
class LatencyHistogramTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEmptyOneSaysZero();
    void percentilesAreExactUpToTheWidthOfABucket_data();
    void percentilesAreExactUpToTheWidthOfABucket();
    void mergedOnesSayTheSameAsOne();
    void theEndsOfTheRangeAreCounted();
};

void LatencyHistogramTest::anEmptyOneSaysZero()
{
    const LatencyHistogram histogram;
    QCOMPARE(histogram.count(), 0);
    QCOMPARE(histogram.percentile(50).count(), 0);
    QCOMPARE(histogram.maximum().count(), 0);
}

void LatencyHistogramTest::percentilesAreExactUpToTheWidthOfABucket_data()
{
    QTest::addColumn<double>("exponent"); // latencies up to 10^exponent ns
    QTest::addColumn<int>("count");
    QTest::newRow("one") << 6.0 << 1;
    QTest::newRow("two") << 6.0 << 2;
    QTest::newRow("nanoseconds") << 1.5 << 1000;
    QTest::newRow("microseconds") << 4.0 << 1000;
    QTest::newRow("milliseconds") << 7.0 << 10000;
    QTest::newRow("hours") << 13.0 << 10000;
}

void LatencyHistogramTest::percentilesAreExactUpToTheWidthOfABucket()
{
    QFETCH(double, exponent);
    QFETCH(int, count);
    std::mt19937_64 random(7);
    std::uniform_real_distribution<double> uniform(0, exponent);
    LatencyHistogram histogram;
    std::vector<std::int64_t> exact;
    for (int i = 0; i < count; ++i) {
        exact.push_back(std::llround(std::pow(10.0, uniform(random))));
        histogram.record(nanoseconds(exact.back()));
    }
    std::ranges::sort(exact);
    QCOMPARE(histogram.count(), count);
    QCOMPARE(histogram.maximum().count(), exact.back());
    for (const double percent : {0.0, 1.0, 25.0, 50.0, 90.0, 95.0, 99.0, 99.9, 100.0}) {
        const auto rank = std::max(1.0, std::ceil(percent / 100 * count));
        const auto truth = static_cast<double>(exact[static_cast<size_t>(rank) - 1]);
        const auto said = static_cast<double>(histogram.percentile(percent).count());
        QVERIFY2(said >= truth && said <= truth * (1 + 1.0 / 64), qPrintable(QString::number(percent)));
    }
    QCOMPARE(histogram.percentile(100), histogram.maximum());
}

void LatencyHistogramTest::mergedOnesSayTheSameAsOne()
{
    LatencyHistogram all, first, second;
    for (int i = 1; i <= 5000; ++i) {
        const nanoseconds latency(i * 977LL % 4'000'000);
        all.record(latency);
        (i % 3 == 0 ? first : second).record(latency);
    }
    first.merge(second);
    QCOMPARE(first.count(), all.count());
    QCOMPARE(first.maximum(), all.maximum());
    for (int percent = 0; percent <= 100; ++percent)
        QCOMPARE(first.percentile(percent), all.percentile(percent));
}

void LatencyHistogramTest::theEndsOfTheRangeAreCounted()
{
    LatencyHistogram histogram;
    histogram.record(nanoseconds(-5)); // a clock that was set back
    QCOMPARE(histogram.percentile(50).count(), 0);
    histogram.record(nanoseconds(std::numeric_limits<std::int64_t>::max()));
    QCOMPARE(histogram.count(), 2);
    QCOMPARE(histogram.percentile(100).count(), std::numeric_limits<std::int64_t>::max());
}

QTEST_GUILESS_MAIN(LatencyHistogramTest)
#include "tst_latencyhistogram.moc"
