// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/panecontent.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QHash>
#include <QWidget>

class QScrollBar;
class QTimer;

namespace throughline {

class StorePane;

/// The current row in both stores side by side: Database left, Cache right, the direction of a write. Exactly as high
/// as the mapping's fields up to twelve; then both sides scroll together.
class StorePanes final : public QWidget
{
    Q_OBJECT

public:
    explicit StorePanes(QWidget *parent = nullptr);

    void setMapping(const Mapping &mapping);
    void showPair(const RowPair &pair);
    /// A row that is being read. Values of the same row stay in view, those of another one do not.
    void showReading(const RowKey &key);
    void showNothing();
    void setCurrentField(int field);
    /// An edit of the current row that is not in the table (conflict, failed, pending); CellState::None takes it away.
    void showEditOf(int field, CellState state, const QString &yours);
    /// In a low window the panes show fewer fields. True when that is a change.
    bool setMostLines(int lines);
    [[nodiscard]] QWidget *databasePane() const;
    [[nodiscard]] QWidget *cachePane() const;
    void focusDatabase();
    void focusCache();

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// The user chose a field in one of the panes.
    void currentFieldMoved(int field);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void present();
    void tick();
    void keepEarlierValues(PanesContent &now, const RowPair &pair);
    void noteStaleness(const RowPair &pair);
    void writeStaleness(PaneContent &cache) const;
    void showChipOfReading();
    void arrange();
    void scrollTo(int line);
    void bringDifferenceIntoView();
    [[nodiscard]] int heightFor(int lines) const;
    [[nodiscard]] int shownLines() const;

    StorePane *m_database;
    StorePane *m_cache;
    QScrollBar *m_scroll;
    QTimer *m_second;
    QTimer *m_patience;
    Mapping m_mapping;
    PanesContent m_content;
    std::optional<RowKey> m_key;      ///< asked for or shown
    std::optional<RowKey> m_shownKey; ///< of the last pair
    QElapsedTimer m_sinceRead;
    QDateTime m_databaseReadAt;
    QDateTime m_cacheReadAt;
    EditMark m_edit;
    QHash<int, QDateTime> m_staleSince; ///< when this window first saw a field of the current row stale
    int m_mostLines = 12;
};

} // namespace throughline
