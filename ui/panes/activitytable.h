// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPersistentModelIndex>
#include <QTableView>

namespace throughline {

class ActivityModel;

/// The list of writes: its keys, and its steadiness: it stays at the newest line, or, when a person has scrolled down,
/// where they are.
class ActivityTable final : public QTableView
{
    Q_OBJECT

public:
    explicit ActivityTable(ActivityModel *model, QWidget *parent = nullptr);

    /// The selected lines, or all when none is selected, as tab-separated text.
    [[nodiscard]] QString selectionAsText() const;
    void copy() const;

Q_SIGNALS:
    /// Enter or a double click on a line.
    void lineChosen(int row);
    /// Escape, when there was no selection to take it.
    void left();

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void rowsInserted(const QModelIndex &parent, int first, int last) override;

private:
    void rememberTop();
    void applyMetrics();
    void leaveStepByStep();

    ActivityModel *m_model;
    bool m_wide = false;         ///< room for every word in every column
    QPersistentModelIndex m_top; ///< invalid while the newest line is in view
};

} // namespace throughline
