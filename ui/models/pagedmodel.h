// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/changedranges.h"
#include "ui/models/pagewishes.h"
#include "ui/models/rowwindow.h"

#include <QAbstractTableModel>
#include <QList>
#include <QTimer>

#include <optional>
#include <vector>

namespace throughline {

/// A table of any length of which only the pages that are looked at are read: asks for pages, takes them in, and
/// tells views of every drift in steps that keep selection, scroll position and an open editor where they are.
/// What a cell shows is for the derived class to say. Lives on the UI thread.
class PagedModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr int defaultMaxPages = 64;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;

    [[nodiscard]] const RowFilter &filter() const noexcept { return m_filter; }
    [[nodiscard]] qint64 totalRows() const noexcept { return m_totalRows; } ///< without the filter
    [[nodiscard]] int loadedPages() const noexcept { return m_window.cache().pageCount(); }
    [[nodiscard]] qsizetype loadedRows() const noexcept { return m_window.cache().rowCount(); }
    /// Where a loaded row stands.
    [[nodiscard]] std::optional<int> rowOf(const RowKey &key) const { return m_window.rowOf(key); }
    /// The key of a loaded row.
    [[nodiscard]] std::optional<RowKey> keyAt(int row) const;
    [[nodiscard]] std::optional<Row> row(const RowKey &key) const;
    /// A row near to which the key stands, loaded or not; none when that cannot be known.
    [[nodiscard]] std::optional<int> rowNear(const RowKey &key) const;

public Q_SLOTS:
    void setIndex(const throughline::TableIndex &index);
    void addPage(const throughline::RowPage &page);
    /// What the view shows: read first, never thrown out. Without a view the rows asked for by data() count.
    void setVisibleRows(int first, int last);
    /// A read failed: what was asked for has to be asked for again.
    void askAgain();
    /// Others have changed the table: the loaded pages are read again as they are looked at.
    void readAgain();

Q_SIGNALS:
    /// To be read now, the most wanted first; replaces what was wanted before.
    void pagesWanted(quint64 generation, const std::vector<throughline::PageRequest> &pages);
    void countsChanged();

protected:
    PagedModel(KeyOrder order, int maxPages, QObject *parent);

    /// Null while its page is not loaded; then the page is asked for.
    [[nodiscard]] const Row *rowAt(int row) const;
    [[nodiscard]] RowWindow &window() noexcept { return m_window; }
    [[nodiscard]] const RowWindow &window() const noexcept { return m_window; }
    [[nodiscard]] bool isInView(int row) const;
    /// A newer state of a row that is not loaded, but whose page may be on its way with an older one.
    void rememberForArrival(const Row &row);
    void insertAtItsPlace(const Row &row);
    void eraseRow(const RowKey &key);
    /// Tells views of changes, but never of the cell that is being edited.
    void announce(ChangedRanges changed, const QList<int> &roles = {});
    /// An index that had to wait for the end of an edit.
    void takeDeferredIndex();

    /// The row has a text of a person that would be lost with it.
    [[nodiscard]] virtual bool mustStay(const RowKey &key) const = 0;
    /// The cell with the open editor.
    [[nodiscard]] virtual std::optional<QModelIndex> editedCell() const = 0;
    virtual void rowArrived(const Row &row) = 0;

private:
    void ask();
    void scheduleAsking() const;
    void take(const TableIndex &index);
    void resetTo(const TableIndex &index);
    void renew(const TableIndex &index, RowWindow renewed);
    [[nodiscard]] bool losesEditor(const RowWindow &renewed) const;
    void moveTo(RowWindow renewed);
    void mergePage(int page, std::vector<Row> rows);
    void fillBlankPage(int page, std::vector<Row> rows);
    void mergeIntoPage(int page, const std::vector<Row> &rows);
    void applyLate(std::vector<Row> &rows);
    void tidy(int page);
    [[nodiscard]] bool isPinned(int page) const;
    [[nodiscard]] std::optional<int> blankPageOf(const RowKey &key) const;
    [[nodiscard]] bool isAwaited(int page) const;

    RowWindow m_window;
    KeyOrder m_order;
    mutable PageWishes m_wishes;
    QTimer *m_askTimer; ///< gathers what one turn of the event loop looks at
    RowFilter m_filter;
    quint64 m_generation = 0;
    qint64 m_totalRows = 0;
    bool m_hasIndex = false;
    std::optional<TableIndex> m_deferred;
    std::vector<PageRequest> m_awaited;
    QHash<RowKey, Row> m_late; ///< newer than what an awaited page may bring
    int m_firstVisible = 0;
    int m_lastVisible = -1;
};

} // namespace throughline
