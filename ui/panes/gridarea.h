// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QTableView;

namespace throughline {

class CellNote;
class FirstSteps;
class StatePage;

/// The place of the grid: the view itself, and over it what stands in its empty part: the first steps, or why there is
/// nothing to see. Also keeps the note at the current cell in its place.
class GridArea final : public QWidget
{
    Q_OBJECT

public:
    explicit GridArea(QWidget *parent = nullptr);

    /// Takes the view over; one before it goes.
    void setView(QTableView *view);
    void clearView();
    [[nodiscard]] CellNote *note() const noexcept { return m_note; }
    [[nodiscard]] StatePage *notice() const noexcept { return m_notice; }

    /// Shown under the rows while there are at most nine.
    void setFirstSteps(bool wanted);
    /// Instead of rows; empty words hide it.
    void showNotice(const QString &title, const QString &sentence, const QString &button);
    void hideNotice();

Q_SIGNALS:
    void firstStepsHidden();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void placeOverlays();

    QTableView *m_view = nullptr;
    CellNote *m_note = nullptr; ///< of the view's current cell
    FirstSteps *m_steps;
    StatePage *m_notice;
    bool m_stepsWanted = false;
    bool m_noticeWanted = false;
};

} // namespace throughline
