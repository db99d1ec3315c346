// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strongids.h"

#include <QPersistentModelIndex>
#include <QTableView>

#include <optional>

namespace throughline {

class RowsModel;

/// The grid: its keys, its editing, and its steadiness: the current row and the row at the top stay what they are
/// while rows come, go and are read. How cells look is the delegate's.
class GridView final : public QTableView
{
    Q_OBJECT

public:
    explicit GridView(RowsModel *model, QWidget *parent = nullptr);

    using QTableView::edit; ///< the overload below would hide it

    void setRowHeader(QHeaderView *header);
    void setColumnHeader(QHeaderView *header);
    [[nodiscard]] std::optional<RowKey> currentKey() const { return m_currentKey; }
    /// Makes this row current now, or as soon as it is loaded.
    void goToKey(const RowKey &key);
    /// Sets the current cell to NULL, or says why that cannot be.
    void setCurrentNull();
    /// The selected cells, or the current one, as tab-separated text. Secrets are bullets, NULL is nothing.
    [[nodiscard]] QString selectionAsText() const;
    /// Puts it on the clipboard, unless some of it has not been read yet.
    void copySelection();

    void reset() override;
    /// Would go through all rows of the table.
    void keyboardSearch(const QString &) override {}

Q_SIGNALS:
    void currentKeyChanged(const std::optional<throughline::RowKey> &key);
    /// Why something cannot be done, for the status bar.
    void statusSentence(const QString &sentence);
    /// Escape, when neither editor nor selection was left to take it.
    void searchCleared();

protected:
    bool edit(const QModelIndex &index, EditTrigger trigger, QEvent *event) override;
    void closeEditor(QWidget *editor, QAbstractItemDelegate::EndEditHint hint) override;
    void keyPressEvent(QKeyEvent *event) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] bool handleKey(const QKeyEvent &event);
    [[nodiscard]] QString whyNotEditable(const QModelIndex &index) const;
    void moveBy(int rows, int columns);
    [[nodiscard]] int unreadSelectedRows() const;
    void leaveStepByStep();
    void listenToColumnHeader();
    void applyMetrics();
    void applyWidths();
    void rememberTop();
    void restoreTop();
    void followKey();
    void tellKey();

    RowsModel *m_model;
    std::optional<RowKey> m_currentKey;
    std::optional<RowKey> m_wantedKey; ///< to be made current when its row is loaded
    QPersistentModelIndex m_top;
    int m_column = 0;         ///< of the last current cell
    bool m_upwards = false;   ///< Shift was held when Enter ended the editor
    bool m_ownWidths = false; ///< the person has set a width: leave them alone
    bool m_sizing = false;
};

} // namespace throughline
