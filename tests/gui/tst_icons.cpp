// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/icons.h"

#include <QDir>
#include <QGuiApplication>
#include <QImage>
#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

// Pixels that are covered fully; the smooth edges mix with the background.
int solidPixels(const QImage &image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            count += qAlpha(image.pixel(x, y)) > 250;
    return count;
}

QColor meanInk(const QImage &image)
{
    qint64 red = 0, green = 0, blue = 0, weight = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const QColor colour = image.pixelColor(x, y);
            red += colour.red() * colour.alpha();
            green += colour.green() * colour.alpha();
            blue += colour.blue() * colour.alpha();
            weight += colour.alpha();
        }
    }
    return weight == 0 ? QColor() : QColor(int(red / weight), int(green / weight), int(blue / weight));
}

bool nearly(const QColor &a, const QColor &b)
{
    constexpr int tolerance = 4;
    return qAbs(a.red() - b.red()) <= tolerance && qAbs(a.green() - b.green()) <= tolerance &&
           qAbs(a.blue() - b.blue()) <= tolerance;
}

} // namespace

class IconsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyIconIsDrawnInItsInk_data();
    void everyIconIsDrawnInItsInk();
    void everyStateWithASignHasItsIcon();
    void iconFollowsThePalette();
    void pixmapIsSharpAtAnyRatio();
};

void IconsTest::everyIconIsDrawnInItsInk_data()
{
    QTest::addColumn<QString>("name");
    const QStringList files = QDir(u":/throughline/icons"_s).entryList({u"*.svg"_s});
    QVERIFY(files.size() > 20);
    for (const QString &file : files)
        QTest::newRow(qPrintable(file)) << file.chopped(4);
}

void IconsTest::everyIconIsDrawnInItsInk()
{
    QFETCH(QString, name);
    const QByteArray latin = name.toLatin1();
    const QColor ink = lightColours().failed.ink;
    for (const int size : {12, 13, 16, 20}) {
        const QImage image = signPixmap(QLatin1StringView(latin), ink, size, 2.0).toImage();
        QVERIFY(solidPixels(image) > 4);
        QVERIFY2(nearly(meanInk(image), ink), qPrintable(meanInk(image).name()));
    }
}

void IconsTest::everyStateWithASignHasItsIcon()
{
    for (int state = 0; state < int(CellState::OtherSpelling); ++state) {
        const QLatin1StringView name = signOf(CellState(state));
        QVERIFY(!name.isEmpty());
        QVERIFY2(solidPixels(signPixmap(name, Qt::black, 16, 2.0).toImage()) > 0, name.data());
    }
    QVERIFY(signOf(CellState::None).isEmpty());
}

void IconsTest::iconFollowsThePalette()
{
    const QIcon refresh = icon("refresh"_L1);
    for (const Colours *colours : {&lightColours(), &darkColours()}) {
        QGuiApplication::setPalette(paletteOf(*colours));
        const QImage normal = refresh.pixmap(QSize(20, 20), 2.0).toImage();
        QCOMPARE(normal.size(), QSize(40, 40));
        QVERIFY(nearly(meanInk(normal), colours->text2));
        const QImage disabled = refresh.pixmap(QSize(20, 20), 2.0, QIcon::Disabled).toImage();
        QVERIFY(nearly(meanInk(disabled), colours->disabledText));
    }
}

void IconsTest::pixmapIsSharpAtAnyRatio()
{
    const QPixmap pixmap = signPixmap("saved"_L1, Qt::black, 13, 1.5);
    QCOMPARE(pixmap.devicePixelRatio(), 1.5);
    QCOMPARE(pixmap.width(), 20);
}

QTEST_MAIN(IconsTest)
#include "tst_icons.moc"
