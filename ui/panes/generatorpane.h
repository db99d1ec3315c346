// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadreport.h"
#include "ui/palettes.h"

#include <QWidget>

class QMenu;
class QPushButton;
class QToolButton;
class QVBoxLayout;

namespace throughline {

class Bar;
class ChartsPane;
class ElidingLabel;
class GeneratorCounters;
class GeneratorForm;
class Paragraph;

/// The generator: start, settings, counters, charts, and at the end the result. Its bar is the title of the dock that
/// it lies in, which takes it over. Knows nothing of how a run is made.
class GeneratorPane final : public QWidget
{
    Q_OBJECT

public:
    explicit GeneratorPane(QWidget *parent = nullptr);

    [[nodiscard]] Bar *titleBar() const noexcept { return m_bar; }
    [[nodiscard]] GeneratorForm &form() const noexcept { return *m_form; }
    [[nodiscard]] ChartsPane &charts() const noexcept { return *m_charts; }
    /// What hangs at the button with the three dots.
    void setMenu(QMenu *menu);

    /// `reason` stands where the state would, and is the button's tooltip.
    void setAllowed(bool allowed, const QString &reason);
    void setRunning(bool running);
    void setState(const QString &sentence);
    void showStats(const LoadStats &stats);
    /// Until the next run.
    void showResult(const QString &sentences, Tone tone);

    [[nodiscard]] QSize sizeHint() const override { return {372, 640}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {340, 0}; }

Q_SIGNALS:
    void startStopClicked();
    void saveReportClicked();
    void closeRequested();

private:
    void fillBar();
    [[nodiscard]] QWidget *makeHead();
    [[nodiscard]] QWidget *makeResult();

    Bar *m_bar;
    QPushButton *m_startStop;
    ElidingLabel *m_state;
    QToolButton *m_more;
    QWidget *m_result = nullptr;
    Paragraph *m_sentences = nullptr;
    GeneratorForm *m_form;
    GeneratorCounters *m_counters;
    ChartsPane *m_charts;
};

} // namespace throughline
