// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pagedmodel.h"

#include "ui/models/pageplan.h"

#include <algorithm>
#include <utility>

namespace throughline {

PagedModel::PagedModel(KeyOrder order, int maxPages, QObject *parent)
    : QAbstractTableModel(parent)
    , m_window(order, maxPages)
    , m_order(order)
    , m_askTimer(new QTimer(this))
{
    m_askTimer->setSingleShot(true);
    m_askTimer->setInterval(0);
    connect(m_askTimer, &QTimer::timeout, this, &PagedModel::ask);
}

int PagedModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_window.rowCount();
}

std::optional<RowKey> PagedModel::keyAt(int row) const
{
    const Row *found = row >= 0 && row < m_window.rowCount() ? m_window.rowAt(row) : nullptr;
    return found ? std::optional(found->key) : std::nullopt;
}

std::optional<Row> PagedModel::row(const RowKey &key) const
{
    const Row *found = m_window.find(key);
    return found ? std::optional(*found) : std::nullopt;
}

std::optional<int> PagedModel::rowNear(const RowKey &key) const
{
    if (const auto row = rowOf(key))
        return row;
    const auto page = m_window.pageOfKey(key);
    return page ? std::optional(m_window.index().firstRow(*page)) : std::nullopt;
}

void PagedModel::setIndex(const TableIndex &index)
{
    if (m_hasIndex && index.generation < m_generation)
        return;
    m_generation = index.generation;
    m_awaited.clear();
    m_wishes.forgetAsked();
    scheduleAsking();
    take(index);
}

void PagedModel::take(const TableIndex &index)
{
    const bool sameRows = m_hasIndex && index.filter == m_filter;
    // The first page alone says nothing that a complete index does not know better; its rows come with that one.
    if (sameRows && !index.complete && m_window.isComplete())
        return;
    m_deferred.reset();
    if (!sameRows || !m_window.isOrdered() || !m_order.isOrdered(index.firstKeys)) {
        if (editedCell())
            m_deferred = index;
        else
            resetTo(index);
        return;
    }
    RowWindow renewed = m_window.renewed(index);
    if (losesEditor(renewed))
        m_deferred = index;
    else
        renew(index, std::move(renewed));
}

bool PagedModel::losesEditor(const RowWindow &renewed) const
{
    const auto edited = editedCell();
    const auto key = edited ? keyAt(edited->row()) : std::nullopt;
    return key && !renewed.rowOf(*key);
}

void PagedModel::resetTo(const TableIndex &index)
{
    beginResetModel();
    m_hasIndex = true;
    m_filter = index.filter;
    m_totalRows = index.totalRows;
    m_wishes.clear();
    m_window.reset(index);
    endResetModel();
    setVisibleRows(m_firstVisible, m_lastVisible);
    Q_EMIT countsChanged();
}

void PagedModel::renew(const TableIndex &index, RowWindow renewed)
{
    m_totalRows = index.totalRows;
    const int before = m_window.rowCount();
    const int after = renewed.rowCount();
    if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_window.padEnd(after - before);
        endInsertRows();
    } else if (after < before) {
        renewed.padEnd(before - after);
    }
    moveTo(std::move(renewed));
    if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_window.padEnd(after - before);
        endRemoveRows();
    }
    m_wishes.clear();
    setVisibleRows(m_firstVisible, m_lastVisible);
    if (m_window.cache().isStale(0) && !index.firstPage.empty())
        mergePage(0, index.firstPage);
    Q_EMIT countsChanged();
}

void PagedModel::moveTo(RowWindow renewed)
{
    Q_EMIT layoutAboutToBeChanged();
    const auto from = persistentIndexList();
    QModelIndexList to;
    to.reserve(from.size());
    for (const auto &old : from) {
        const int row = m_window.rowInRenewed(old.row(), renewed);
        to.append(row < 0 ? QModelIndex() : createIndex(row, old.column()));
    }
    m_window = std::move(renewed);
    changePersistentIndexList(from, to);
    Q_EMIT layoutChanged();
}

void PagedModel::takeDeferredIndex()
{
    if (const auto index = std::exchange(m_deferred, std::nullopt))
        take(*index);
}

void PagedModel::addPage(const RowPage &arrived)
{
    if (arrived.generation != m_generation)
        return;
    std::erase(m_awaited, arrived.request);
    const auto page = m_window.index().pageOfRequest(arrived.request);
    if (!page) {
        askAgain();
        return;
    }
    m_wishes.arrived(*page);
    auto rows = arrived.rows;
    applyLate(rows);
    mergePage(*page, std::move(rows));
}

void PagedModel::mergePage(int page, std::vector<Row> rows)
{
    const int before = m_window.rowCount();
    if (m_window.cache().contains(page))
        mergeIntoPage(page, rows);
    else
        fillBlankPage(page, std::move(rows));
    m_totalRows += m_window.rowCount() - before;
    const bool drifted = m_window.rowCount() != before;
    tidy(page);
    if (drifted)
        Q_EMIT countsChanged();
}

void PagedModel::fillBlankPage(int page, std::vector<Row> rows)
{
    const int first = m_window.index().firstRow(page);
    const int expected = m_window.index().size(page);
    const int count = static_cast<int>(rows.size());
    if (count > expected) {
        beginInsertRows({}, first + expected, first + count - 1);
        m_window.resizeBlank(page, count);
        endInsertRows();
    } else if (count < expected) {
        beginRemoveRows({}, first + count, first + expected - 1);
        m_window.resizeBlank(page, count);
        endRemoveRows();
    }
    m_window.store(page, rows);
    ChangedRanges changed;
    for (int row = 0; row < count; ++row) {
        rowArrived(rows[static_cast<size_t>(row)]);
        changed.add(first + row, 0, columnCount() - 1);
    }
    announce(std::move(changed));
}

void PagedModel::mergeIntoPage(int page, const std::vector<Row> &rows)
{
    const int first = m_window.index().firstRow(page);
    const PagePlan plan(*m_window.cache().find(page), rows, [this](const RowKey &key) { return mustStay(key); });
    for (const auto &step : plan.steps()) {
        const int top = first + step.offset;
        if (step.kind == PagePlan::Step::Kind::Remove) {
            beginRemoveRows({}, top, top + step.count - 1);
            m_window.erase(page, step.offset, step.count);
            endRemoveRows();
        } else {
            const auto from = plan.rows().begin() + step.offset;
            beginInsertRows({}, top, top + step.count - 1);
            m_window.insert(page, step.offset, {from, from + step.count});
            endInsertRows();
        }
    }
    ChangedRanges changed;
    for (int i = 0; i < static_cast<int>(plan.rows().size()); ++i) {
        if (m_window.cache().row({page, i}) != plan.rows()[static_cast<size_t>(i)])
            changed.add(first + i, 0, columnCount() - 1);
    }
    m_window.store(page, plan.rows());
    for (const auto &row : plan.rows())
        rowArrived(row);
    announce(std::move(changed));
}

void PagedModel::applyLate(std::vector<Row> &rows)
{
    for (auto &row : rows) {
        if (const auto late = m_late.constFind(row.key); late != m_late.constEnd() && late->version > row.version)
            row = *late;
    }
    if (m_awaited.empty())
        m_late.clear();
}

void PagedModel::tidy(int page)
{
    if (m_window.splitIfLarge(page)) {
        m_wishes.clear();
        setVisibleRows(m_firstVisible, m_lastVisible);
    }
    m_window.evict([this](int candidate) { return isPinned(candidate); });
}

bool PagedModel::isPinned(int page) const
{
    const auto edited = editedCell();
    return m_wishes.isVisible(page) || (edited && m_window.index().pageOf(edited->row()) == page);
}

const Row *PagedModel::rowAt(int row) const
{
    const int page = m_window.index().pageOf(row);
    m_window.touch(page);
    if (m_window.isMissing(page)) {
        m_wishes.wish(page);
        scheduleAsking();
    }
    return m_window.rowAt(row);
}

void PagedModel::setVisibleRows(int first, int last)
{
    m_firstVisible = first;
    m_lastVisible = last;
    const int rows = m_window.rowCount();
    if (rows == 0 || last < first)
        return;
    const auto &index = m_window.index();
    m_wishes.setVisible(index.pageOf(std::clamp(first, 0, rows - 1)), index.pageOf(std::clamp(last, 0, rows - 1)));
    scheduleAsking();
}

bool PagedModel::isInView(int row) const
{
    return m_lastVisible < m_firstVisible || (row >= m_firstVisible && row <= m_lastVisible);
}

void PagedModel::askAgain()
{
    m_awaited.clear();
    m_wishes.forgetAsked();
    scheduleAsking();
}

void PagedModel::readAgain()
{
    m_window.markStale();
    m_wishes.forgetAsked();
    scheduleAsking();
}

void PagedModel::scheduleAsking() const
{
    if (!m_askTimer->isActive())
        m_askTimer->start();
}

void PagedModel::ask()
{
    const auto missing = [this](int page) { return m_window.isMissing(page); };
    const auto pages = m_wishes.take(m_window.index().pageCount(), missing);
    if (pages.empty())
        return;
    std::vector<PageRequest> requests;
    for (const int page : pages)
        requests.push_back(m_window.index().request(page));
    m_awaited = requests;
    Q_EMIT pagesWanted(m_generation, requests);
}

bool PagedModel::isAwaited(int page) const
{
    return std::ranges::find(m_awaited, m_window.index().request(page)) != m_awaited.end();
}

void PagedModel::rememberForArrival(const Row &row)
{
    constexpr qsizetype most = 4096;
    if (m_awaited.empty() || m_late.size() >= most)
        return;
    if (const auto page = m_window.pageOfKey(row.key); page && isAwaited(*page))
        m_late.insert(row.key, row);
}

void PagedModel::insertAtItsPlace(const Row &row)
{
    ++m_totalRows;
    if (m_hasIndex && m_window.index().pageCount() == 0)
        m_window.appendPage(row.key);
    if (const auto place = m_window.placeFor(row.key)) {
        const int at = m_window.index().firstRow(place->page) + place->offset;
        const bool loaded = m_window.cache().contains(place->page) || m_window.index().size(place->page) == 0;
        beginInsertRows({}, at, at);
        if (loaded)
            m_window.insert(place->page, place->offset, {row});
        else
            m_window.resizeBlank(place->page, m_window.index().size(place->page) + 1);
        if (m_order.less(row.key, m_window.index().firstKey(0)))
            m_window.lowerFirstKey(row.key);
        endInsertRows();
        tidy(place->page);
    }
    Q_EMIT countsChanged();
}

std::optional<int> PagedModel::blankPageOf(const RowKey &key) const
{
    // Whether the row is among those that a filter shows cannot be known without its page.
    const auto page = m_filter.contains.isEmpty() ? m_window.pageOfKey(key) : std::nullopt;
    const bool blank = page && !m_window.cache().contains(*page) && m_window.index().size(*page) > 0;
    return blank ? page : std::nullopt;
}

void PagedModel::eraseRow(const RowKey &key)
{
    m_totalRows = std::max<qint64>(0, m_totalRows - 1);
    if (const auto place = m_window.cache().locate(key)) {
        const int at = m_window.index().firstRow(place->page) + place->offset;
        beginRemoveRows({}, at, at);
        m_window.erase(place->page, place->offset, 1);
        endRemoveRows();
    } else if (const auto page = blankPageOf(key)) {
        const int last = m_window.index().firstRow(*page) + m_window.index().size(*page) - 1;
        beginRemoveRows({}, last, last);
        m_window.resizeBlank(*page, m_window.index().size(*page) - 1);
        endRemoveRows();
    }
    Q_EMIT countsChanged();
}

void PagedModel::announce(ChangedRanges changed, const QList<int> &roles)
{
    if (const auto edited = editedCell())
        changed.exclude(edited->row(), edited->column());
    for (const auto &range : changed.ranges()) {
        Q_EMIT dataChanged(createIndex(range.firstRow, range.firstColumn), createIndex(range.lastRow, range.lastColumn),
                           roles);
    }
}

} // namespace throughline
