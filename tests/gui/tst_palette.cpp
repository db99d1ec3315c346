// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/palettes.h"

#include <QTest>

#include <cmath>

using namespace throughline;

namespace {

// WCAG 2: relative luminance and contrast ratio.
double channel(double value)
{
    return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &colour)
{
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double one = luminance(a);
    const double other = luminance(b);
    return (qMax(one, other) + 0.05) / (qMin(one, other) + 0.05);
}

} // namespace

class PaletteTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contrastIsAtLeast_data();
    void contrastIsAtLeast();
    void paletteLeadsBackToItsColours();
    void disabledTextDiffersFromText();
};

void PaletteTest::contrastIsAtLeast_data()
{
    QTest::addColumn<QColor>("front");
    QTest::addColumn<QColor>("back");
    QTest::addColumn<double>("least");
    for (const Colours *c : {&lightColours(), &darkColours()}) {
        const char *set = c->dark ? "dark" : "light";
        const auto row = [set](const char *name, const QColor &front, const QColor &back, double least) {
            QTest::addRow("%s: %s", set, name) << front << back << least;
        };
        const std::array pairs{std::pair{"pending", c->pending}, std::pair{"saved", c->saved},
                               std::pair{"failed", c->failed}, std::pair{"conflict", c->conflict},
                               std::pair{"differs", c->differs}};
        for (const auto &[name, pair] : pairs) {
            row(qPrintable(QLatin1StringView(name) + QLatin1StringView(" on tint")), pair.ink, pair.tint, 5.45);
            row(qPrintable(QLatin1StringView(name) + QLatin1StringView(" on base")), pair.ink, c->base, 6.45);
            row(qPrintable(QLatin1StringView(name) + QLatin1StringView(" on selection")), pair.ink, c->selection, 4.95);
            row(qPrintable(QLatin1StringView("text on tint of ") + QLatin1StringView(name)), c->text, pair.tint, 10.65);
            row(qPrintable(QLatin1StringView("focus ring on tint of ") + QLatin1StringView(name)), c->accent, pair.tint,
                5.1);
            row(qPrintable(QLatin1StringView(name) + QLatin1StringView(" on search match")), pair.ink, c->searchMatch,
                5.0);
        }
        row("text on selection", c->text, c->selection, 8.15);
        row("text2 on selection", c->text2, c->selection, 4.95);
        row("text3 on current row", c->text3, c->currentRow, 4.5);
        row("accent on selection", c->accent, c->selection, 4.65);
        row("control on base", c->control, c->base, 3.1);
        row("control on panel", c->control, c->panel, 3.1);
        row("white on accentSolid", c->onSolid, c->accentSolid, 4.95);
        row("white on production", c->onSolid, c->production, 6.45);
        row("solid mark of failed", c->base, c->failed.ink, 6.45);
        row("development chip", c->development.ink, c->development.tint, 7.55);
        row("read-only band", c->readOnly.ink, c->readOnly.tint, 5.85);
        row("chart 1", c->chart[0], c->base, 5.8);
        row("chart 2", c->chart[1], c->base, 3.05);
        row("chart 3", c->chart[2], c->base, 4.2);
        row("chart 4", c->chart[3], c->base, 6.45);
    }
}

void PaletteTest::contrastIsAtLeast()
{
    QFETCH(QColor, front);
    QFETCH(QColor, back);
    QFETCH(double, least);
    const double ratio = contrast(front, back);
    QVERIFY2(ratio >= least, qPrintable(QString::number(ratio)));
}

void PaletteTest::paletteLeadsBackToItsColours()
{
    QVERIFY(!coloursFor(paletteOf(lightColours())).dark);
    QVERIFY(coloursFor(paletteOf(darkColours())).dark);
}

void PaletteTest::disabledTextDiffersFromText()
{
    const QPalette palette = paletteOf(lightColours());
    QCOMPARE(palette.color(QPalette::Disabled, QPalette::ButtonText), lightColours().disabledText);
    QCOMPARE(palette.color(QPalette::Inactive, QPalette::Highlight), lightColours().accentSolid);
}

QTEST_GUILESS_MAIN(PaletteTest)
#include "tst_palette.moc"
