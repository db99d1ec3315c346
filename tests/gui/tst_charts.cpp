// SPDX-License-Identifier: GPL-3.0-or-later
#include "samples.h"

#include "ui/charts/chartspane.h"
#include "ui/charts/loadchart.h"
#include "ui/theme.h"

#include <QApplication>
#include <QImage>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include <ctime>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

void feed(ChartsPane &pane, double fromS, double toS)
{
    for (int i = qRound(fromS * 10) + 1; i <= qRound(toS * 10); ++i)
        pane.add(samples::loadSampleAt(i / 10.0));
}

/// Drawn once for each time it was due.
qint64 drawings(const ChartsPane &pane)
{
    QApplication::processEvents();
    qint64 count = 0;
    for (const LoadChart *chart : pane.shownCharts())
        count += chart->plot().drawings();
    return count;
}

/// What this thread has computed: a busy machine takes nothing from it.
double ownMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
}

LoadChart *chart(const ChartsPane &pane, ChartKind kind)
{
    for (LoadChart *each : pane.findChildren<LoadChart *>())
        if (each->kind() == kind)
            return each;
    return nullptr;
}

void save(QWidget &widget, const QString &name)
{
    const QString directory = qEnvironmentVariable("THROUGHLINE_SHOTS");
    QApplication::processEvents();
    if (!directory.isEmpty())
        QVERIFY(widget.grab().save(directory + u'/' + name + u".png"_s));
}

} // namespace

/// The charts as a person meets them.
class ChartsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<Theme>(*qApp); }
    void theLegendCarriesTheLiveValues();
    void theLegendCarriesTheValuesUnderThePointer();
    void pausedChartsStandStill();
    void hiddenChartsAreNotDrawn();
    void zoomingHoldsAndEscapeReleases();
    void theLastPlaceTakesAnyFigure();
    void chartsAreNeverCramped_data();
    void chartsAreNeverCramped();
    void timeAxesAlign();
    void pictureAndValuesAreSaved();
    void aFolderThatIsNotThereIsSaid();
    void theDescriptionIsNotChangedAllTheTime();
    void bothLooks_data();
    void bothLooks();
    void aFrameIsCheap();

private:
    std::unique_ptr<Theme> m_theme;
};

void ChartsTest::theLegendCarriesTheLiveValues()
{
    ChartsPane pane;
    pane.resize(460, 700);
    pane.show();
    QCOMPARE(chart(pane, ChartKind::Latency)->legendValues(), QStringList(4, u"\u2013"_s));
    LoadSample sample = samples::loadSampleAt(0.5);
    sample.seconds = 0.5;
    sample.committed = 100;
    sample.fromIntendedStart = LatencyMs{1.92, 3.81, 7.1, 12.4};
    pane.add(sample);
    QCOMPARE(chart(pane, ChartKind::Writes)->legendValues(), (QStringList{u"200"_s, u"200"_s}));
    QCOMPARE(chart(pane, ChartKind::Latency)->legendValues(), (QStringList{u"1.9"_s, u"3.8"_s, u"7.1"_s, u"12"_s}));
    sample.atS = 1;
    sample.targetPerSecond = 0;
    pane.add(sample);
    QCOMPARE(chart(pane, ChartKind::Writes)->legendValues().at(1), u"unlimited"_s);
    pane.clear();
    QCOMPARE(chart(pane, ChartKind::Latency)->legendValues(), QStringList(4, u"\u2013"_s));
}

void ChartsTest::theLegendCarriesTheValuesUnderThePointer()
{
    ChartsPane pane;
    pane.resize(460, 700);
    pane.show();
    feed(pane, 0, 60);
    LoadSample slow = samples::loadSampleAt(60.1);
    slow.fromIntendedStart = LatencyMs{100, 200, 300, 400};
    pane.add(slow);
    LoadChart *latency = chart(pane, ChartKind::Latency);
    Q_EMIT latency->plot().marked(60.1);
    QCOMPARE(latency->legendValues(), (QStringList{u"100"_s, u"200"_s, u"300"_s, u"400"_s}));
    Q_EMIT latency->plot().marked(30);
    QVERIFY(latency->legendValues() != (QStringList{u"100"_s, u"200"_s, u"300"_s, u"400"_s}));
    save(pane, u"charts-marked"_s);
    Q_EMIT latency->plot().unmarked();
    QCOMPARE(latency->legendValues().first(), u"100"_s);
}

void ChartsTest::pausedChartsStandStill()
{
    ChartsPane pane;
    pane.resize(460, 700);
    pane.show();
    feed(pane, 0, 5);
    auto *pause = pane.findChild<QToolButton *>(u"chartsPause"_s);
    pause->click();
    QVERIFY(pane.isPaused());
    const qint64 before = drawings(pane);
    feed(pane, 5, 10);
    QCOMPARE(drawings(pane), before);
    QCOMPARE(pane.history().endS(), 10.0); // what comes meanwhile is not lost
    pause->click();
    QVERIFY(drawings(pane) > before);
}

void ChartsTest::hiddenChartsAreNotDrawn()
{
    ChartsPane pane;
    pane.resize(460, 700);
    pane.show();
    feed(pane, 0, 1);
    pane.hide();
    const qint64 before = drawings(pane);
    feed(pane, 1, 60);
    QCOMPARE(drawings(pane), before);
    pane.show();
    QVERIFY(drawings(pane) > before);
    const qint64 shown = drawings(pane);
    pane.add(samples::loadSampleAt(60.1));
    QCOMPARE(drawings(pane), shown + 3); // once each
}

void ChartsTest::zoomingHoldsAndEscapeReleases()
{
    ChartsPane pane;
    pane.resize(460, 700);
    pane.show();
    feed(pane, 0, 90);
    auto *back = pane.findChild<QToolButton *>(u"chartsBack"_s);
    QVERIFY(!back->isVisible());
    ChartPlot &plot = chart(pane, ChartKind::Writes)->plot();
    QWidget *drawing = plot.findChild<QWidget *>();
    QWheelEvent wheel(QPointF(200, 60), drawing->mapToGlobal(QPointF(200, 60)), {}, {0, 240}, Qt::NoButton,
                      Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(drawing, &wheel);
    QVERIFY(back->isVisible());
    const qint64 before = drawings(pane);
    pane.add(samples::loadSampleAt(90.1));
    QCOMPARE(drawings(pane), before); // what is held does not move
    save(pane, u"charts-zoomed"_s);
    QTest::keyClick(&plot, Qt::Key_Escape);
    QVERIFY(!back->isVisible());
    QTest::keyClick(&plot, Qt::Key_Plus);
    QVERIFY(back->isVisible());
    back->click();
    QVERIFY(!back->isVisible());
}

void ChartsTest::theLastPlaceTakesAnyFigure()
{
    ChartsPane pane;
    pane.resize(460, 400);
    pane.show();
    QCOMPARE(pane.shownCharts().size(), size_t(2));
    for (const ChartKind kind : {ChartKind::Latency, ChartKind::Staleness, ChartKind::Errors, ChartKind::Outbox}) {
        pane.choose(kind);
        QCOMPARE(pane.shownCharts().front()->kind(), ChartKind::Writes);
        QCOMPARE(pane.shownCharts().back()->kind(), kind);
    }
    auto *menu = pane.findChild<QMenu *>();
    QVERIFY(!menu->actions().at(0)->isVisible()); // it has a place of its own
    menu->actions().at(2)->trigger();
    QCOMPARE(pane.shownCharts().back()->kind(), ChartKind::Staleness);
    pane.resize(460, 1000);
    QCOMPARE(pane.shownCharts().size(), size_t(5));
}

void ChartsTest::chartsAreNeverCramped_data()
{
    QTest::addColumn<int>("height");
    for (const int height : {170, 260, 330, 400, 560, 700, 900, 1200})
        QTest::addRow("%d", height) << height;
}

void ChartsTest::chartsAreNeverCramped()
{
    QFETCH(const int, height);
    ChartsPane pane;
    pane.resize(372, height);
    pane.show();
    QApplication::processEvents();
    for (const LoadChart *each : pane.shownCharts())
        QVERIFY2(each->plot().height() >= ChartPlot::leastHeight, qPrintable(QString::number(each->plot().height())));
}

void ChartsTest::timeAxesAlign()
{
    ChartsPane pane;
    pane.resize(460, 1000);
    pane.show();
    feed(pane, 0, 60);
    QApplication::processEvents();
    for (const LoadChart *each : pane.shownCharts()) {
        QCOMPARE(each->plot().width(), pane.shownCharts().front()->plot().width());
        QCOMPARE(each->plot().timeArea(), pane.shownCharts().front()->plot().timeArea());
    }
}

void ChartsTest::pictureAndValuesAreSaved()
{
    const QTemporaryDir folder;
    ChartsPane pane;
    pane.resize(460, 700);
    pane.show();
    feed(pane, 0, 60);
    QApplication::processEvents();
    QVERIFY(pane.savePicture(folder.filePath(u"charts.png"_s)));
    const QImage picture(folder.filePath(u"charts.png"_s));
    QVERIFY(picture.width() == 920 && picture.height() > 1200);
    if (!qEnvironmentVariable("THROUGHLINE_SHOTS").isEmpty())
        QVERIFY(picture.save(qEnvironmentVariable("THROUGHLINE_SHOTS") + u"/charts-saved.png"_s));
    QVERIFY(pane.saveValues(folder.filePath(u"charts.csv"_s)));
    QFile values(folder.filePath(u"charts.csv"_s));
    QVERIFY(values.open(QIODevice::ReadOnly));
    QCOMPARE(values.readAll().count('\n'), 601);
}

void ChartsTest::aFolderThatIsNotThereIsSaid()
{
    ChartsPane pane;
    pane.resize(460, 700);
    const auto saved = pane.saveValues(u"/nowhere/at/all.csv"_s);
    QVERIFY(!saved && saved.error().message.contains(u"/nowhere/at/all.csv"_s));
    QVERIFY(!pane.savePicture(u"/nowhere/at/all.png"_s));
}

void ChartsTest::theDescriptionIsNotChangedAllTheTime()
{
    ChartsPane pane;
    pane.resize(460, 700);
    pane.show();
    LoadSample sample = samples::loadSampleAt(0.5);
    sample.seconds = 0.5;
    sample.committed = 100;
    pane.add(sample);
    const ChartPlot &plot = chart(pane, ChartKind::Writes)->plot();
    QCOMPARE(plot.accessibleName(), u"Throughput chart"_s);
    QCOMPARE(plot.accessibleDescription(), u"200 writes per second, target 200"_s);
    sample.committed = 0;
    for (int i = 6; i < 40; ++i) { // seconds of the run, but not of the reader
        sample.atS = i / 10.0;
        pane.add(sample);
    }
    QCOMPARE(plot.accessibleDescription(), u"200 writes per second, target 200"_s);
}

void ChartsTest::bothLooks_data()
{
    QTest::addColumn<Look>("look");
    QTest::addRow("light") << Look::Light;
    QTest::addRow("dark") << Look::Dark;
}

void ChartsTest::bothLooks()
{
    QFETCH(const Look, look);
    ChartsPane pane;
    pane.resize(460, 1000);
    pane.show();
    feed(pane, 0, 75);
    m_theme->setLook(look); // while they are shown
    QApplication::processEvents();
    const LoadChart *writes = chart(pane, ChartKind::Writes);
    const QColor ground = writes->plot().grab().toImage().pixelColor(2, 2);
    QCOMPARE(ground.lightness() < 128, look == Look::Dark);
    save(pane, u"charts-"_s + QString::fromLatin1(QTest::currentDataTag()));
    pane.resize(372, 330);
    save(pane, u"charts-small-"_s + QString::fromLatin1(QTest::currentDataTag()));
}

void ChartsTest::aFrameIsCheap()
{
    ChartsPane pane;
    pane.resize(460, 667);
    pane.show();
    feed(pane, 0, 60);
    QApplication::processEvents();
    constexpr int frames = 50;
    const double before = ownMs();
    for (int i = 1; i <= frames; ++i) {
        pane.add(samples::loadSampleAt(60 + i / 10.0));
        QApplication::processEvents();
    }
    const double each = (ownMs() - before) / frames;
    qInfo("three charts, a frame: %.1f ms of processor time", each);
    QVERIFY2(each < 50, qPrintable(QString::number(each))); // a build with sanitizers, too
}

QTEST_MAIN(ChartsTest)
#include "tst_charts.moc"
