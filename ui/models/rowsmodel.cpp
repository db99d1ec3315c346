// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/rowsmodel.h"

#include "domain/validation.h"
#include "ui/models/differencenotes.h"
#include "ui/models/filtermatch.h"
#include "ui/models/rowroles.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

RowsModel::RowsModel(Mapping mapping, QObject *parent, ClockFunction clock, int maxPages)
    : PagedModel(KeyOrder(mapping.key.kind), maxPages, parent)
    , m_mapping(std::move(mapping))
    , m_clock(std::move(clock))
    , m_editing(m_mapping)
    , m_presenter(m_mapping, m_editing.states(), m_flashes)
    , m_timer(new QTimer(this))
{
    m_timer->setSingleShot(true);
    connect(m_timer, &QTimer::timeout, this, &RowsModel::advance);
}

CellId RowsModel::cellAt(const QModelIndex &index) const
{
    return {keyAt(index.row()).value_or(RowKey{}), index.column() - 1};
}

QModelIndex RowsModel::indexOf(const CellId &cell) const
{
    const auto row = rowOf(cell.key);
    return row ? index(*row, columnOf(cell.field)) : QModelIndex();
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columnOf(static_cast<int>(m_mapping.fields.size()));
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    Q_ASSERT(checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid));
    const Row *row = rowAt(index.row());
    return row ? m_presenter.loaded(*row, index.column(), role, filter(), m_clock())
               : m_presenter.blank(index.column(), role);
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (section < 0 || section >= (orientation == Qt::Horizontal ? columnCount() : rowCount()))
        return {};
    if (orientation == Qt::Horizontal)
        return m_presenter.columnHeader(section, role);
    const bool ofRow = role == RowStateRole || role == KeyRole || role == StateSentenceRole || role == LoadedRole;
    return ofRow ? data(index(section, 0), role) : QVariant();
}

Qt::ItemFlags RowsModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Q_ASSERT(checkIndex(index, CheckIndexOption::IndexIsValid));
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    const bool field = index.column() > 0;
    if (field && !m_readOnly && m_mapping.fields[static_cast<size_t>(index.column() - 1)].editable() &&
        window().rowAt(index.row()))
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool RowsModel::setData(const QModelIndex &index, const QVariant &variant, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    const Row shown = *window().rowAt(index.row());
    const CellId cell = cellAt(index);
    const auto &column = m_mapping.fields[static_cast<size_t>(cell.field)].column;
    const Value value = variant.isNull() ? Value() : Value(normalised(column, variant.toString()));
    const auto *edit = m_editing.states().edit(cell);
    // An editor that was closed as it was opened changes nothing, whatever happened to the row meanwhile.
    const bool kept = edit && edit->typed;
    if (!kept && m_open && m_open->cell == cell && value == m_open->value)
        return true;
    run(m_editing.type(shown, cell.field, value, baseFor(cell, shown), m_clock()));
    return true;
}

PendingEdits::Base RowsModel::baseFor(const CellId &cell, const Row &shown) const
{
    // What was changed under an open editor must end in a conflict. Other columns of the row may change under it.
    const bool changedBelow =
        m_open && m_open->cell == cell && m_open->value != shown.values.at(static_cast<size_t>(cell.field));
    return {changedBelow ? m_open->version : shown.version, changedBelow};
}

void RowsModel::setReadOnly(bool readOnly)
{
    m_readOnly = readOnly;
}

void RowsModel::beginEdit(const QModelIndex &index)
{
    const Row *shown = index.isValid() && index.column() > 0 ? window().rowAt(index.row()) : nullptr;
    if (!shown)
        return;
    const CellId cell = cellAt(index);
    m_open = OpenEditor{index, cell, shown->values.at(static_cast<size_t>(cell.field)), shown->version};
}

void RowsModel::endEdit()
{
    if (!m_open)
        return;
    const auto cell = m_open->cell;
    m_open.reset();
    announceCells({cell});
    dropIfGone(cell.key);
    takeDeferredIndex();
}

void RowsModel::revertCell(const QModelIndex &index)
{
    const CellId cell = cellAt(index);
    run(m_editing.revert(cell, m_clock()));
    dropIfGone(cell.key);
}

void RowsModel::takeTheirs(const RowKey &key)
{
    run(m_editing.revertRow(key, m_clock()));
    dropIfGone(key);
}

bool RowsModel::writeMine(const RowKey &key)
{
    const auto shown = row(key);
    if (!shown || m_gone.contains(key) || m_readOnly)
        return false;
    run(m_editing.writeKept(*shown, m_clock()));
    return true;
}

std::optional<Value> RowsModel::keptText(const CellId &cell) const
{
    const auto *edit = m_editing.states().edit(cell);
    return edit ? edit->typed : std::nullopt;
}

std::vector<FieldChange> RowsModel::keptTexts(const RowKey &key) const
{
    std::vector<FieldChange> texts;
    for (const int field : m_editing.states().fieldsWithText(key))
        texts.push_back({field, *keptText({key, field})});
    return texts;
}

Value RowsModel::valueBegunOn(const CellId &cell) const
{
    if (m_open && m_open->cell == cell)
        return m_open->value;
    const auto shown = row(cell.key);
    return shown ? shown->values.at(static_cast<size_t>(cell.field)) : Value();
}

std::vector<CellId> RowsModel::problemCells() const
{
    auto cells = m_editing.states().problems();
    const auto rank = [this](const CellId &cell) {
        // Rows that are not loaded come last, in the order of their keys' bytes.
        return std::tuple(rowOf(cell.key).value_or(std::numeric_limits<int>::max()), cell.key.text, cell.field);
    };
    std::ranges::sort(cells, {}, rank);
    return cells;
}

void RowsModel::applyRows(const std::vector<Row> &rows)
{
    takeRows(rows, true);
}

void RowsModel::takeRows(const std::vector<Row> &rows, bool flash)
{
    ChangedRanges changed;
    std::vector<CellId> cells;
    for (const auto &row : rows) {
        const Row *shown = window().find(row.key);
        if (!shown)
            rememberForArrival(row);
        else if (row.version > shown->version || !shown->version.isValid())
            replaceRow(*shown, row, changed, cells);
    }
    if (flash)
        startFlashes(cells, m_clock());
    announce(std::move(changed));
    schedule();
}

void RowsModel::replaceRow(const Row &shown, const Row &row, ChangedRanges &changed, std::vector<CellId> &cells)
{
    const int at = *rowOf(row.key);
    for (int field = 0; field < static_cast<int>(row.values.size()); ++field) {
        if (row.values[static_cast<size_t>(field)] == shown.values.at(static_cast<size_t>(field)))
            continue;
        changed.add(at, columnOf(field), columnOf(field));
        if (isInView(at))
            cells.push_back({row.key, field});
    }
    window().replace(*window().cache().locate(row.key), row);
    // What the stores differed in was said of the version that went.
    auto touched = m_editing.states().setDifferences(row.key, {});
    const auto settled = m_editing.rowSeen(row).touched;
    touched.insert(touched.end(), settled.begin(), settled.end());
    for (const auto &cell : touched)
        changed.add(at, columnOf(cell.field), columnOf(cell.field));
}

void RowsModel::startFlashes(const std::vector<CellId> &cells, Instant now)
{
    m_flashes.start(cells, now);
    tellRate(now);
}

void RowsModel::tellRate(Instant now)
{
    if (const auto rate = m_flashes.newsOfRate(now))
        Q_EMIT changesPerSecond(*rate);
}

void RowsModel::insertRow(const Row &row)
{
    if (window().find(row.key)) {
        takeRows({row}, true);
        return;
    }
    m_gone.remove(row.key);
    if (passesFilter(m_mapping, filter(), row))
        insertAtItsPlace(row);
}

void RowsModel::removeRow(const RowKey &key)
{
    if (mustStay(key)) {
        m_gone.insert(key);
        return;
    }
    m_gone.remove(key);
    m_editing.states().clearRow(key);
    eraseRow(key);
}

void RowsModel::dropIfGone(const RowKey &key)
{
    if (m_gone.contains(key) && !mustStay(key))
        removeRow(key);
}

void RowsModel::applyOutcomes(const std::vector<Outcome> &outcomes)
{
    // The generator's rows come in thousands and are told to the views together.
    std::vector<Row> live;
    for (const auto &outcome : outcomes) {
        if (outcome.kind == EditKind::Update && outcome.row && !outcome.late && !m_editing.isOurs(outcome)) {
            live.push_back(*outcome.row);
            continue;
        }
        takeRows(std::exchange(live, {}), true);
        applyOutcome(outcome);
    }
    takeRows(live, true);
}

void RowsModel::applyOutcome(const Outcome &outcome)
{
    const bool committed = outcome.isCommitted();
    if (outcome.kind == EditKind::Delete && committed)
        return removeRow(outcome.key);
    if (outcome.kind != EditKind::Insert)
        return applyUpdate(outcome);
    // What was shown when the cache was still to follow may have been changed or deleted since.
    const bool shownBefore = m_shownInserts.remove(outcome.op);
    if (committed && outcome.row && !shownBefore)
        insertRow(*outcome.row);
    if (outcome.verdict == Verdict::CommittedCachePending)
        m_shownInserts.insert(outcome.op);
}

void RowsModel::applyUpdate(const Outcome &outcome)
{
    const bool committed = outcome.isCommitted();
    const bool ours = outcome.late || m_editing.isOurs(outcome);
    const auto mine = m_open ? keptText(m_open->cell) : std::nullopt;
    // Before the row is taken, which may settle an unknown outcome by itself.
    const auto effects = outcome.late ? m_editing.answerLate(outcome, m_clock()) : m_editing.answer(outcome, m_clock());
    if (outcome.row)
        takeRows({*outcome.row}, !(ours && committed));
    else if (outcome.verdict == Verdict::Conflict && !outcome.error)
        m_gone.insert(outcome.key);
    else
        showWritten(outcome.key, effects);
    const auto stands = outcome.row ? outcome.row : row(outcome.key);
    if (m_open && committed && stands && std::ranges::find(effects.touched, m_open->cell) != effects.touched.end()) {
        // Our own earlier text under an editor that was opened again is no change by somebody else. With a late answer
        // comes the row of now, which may be one.
        const Value &value = stands->values.at(static_cast<size_t>(m_open->cell.field));
        if (!outcome.late || mine == value)
            m_open->value = value;
    }
    run(effects);
    dropIfGone(outcome.key);
}

/// Every newer row takes the place of what is shown by this.
void RowsModel::showWritten(const RowKey &key, const RowEditing::Effects &effects)
{
    auto shown = row(key);
    if (!shown || effects.written.empty() || shown->version != effects.base)
        return;
    for (const auto &change : effects.written)
        shown->values.at(static_cast<size_t>(change.field)) = change.value;
    window().replace(*window().cache().locate(key), *shown);
}

void RowsModel::setDifferences(const RowKey &key, const RowComparison &comparison, const CachedRow &cached)
{
    const auto notes = differenceNotes(m_mapping, row(key), comparison, cached, m_clock());
    announceCells(m_editing.states().setDifferences(key, notes));
    if (comparison.row == RowDifference::Same)
        cacheFollowed(key);
}

void RowsModel::cacheFollowed(const RowKey &key)
{
    std::vector<CellId> cells;
    for (int field = 0; field < columnCount() - 1; ++field) {
        const CellId cell{key, field};
        const auto *edit = m_editing.states().edit(cell);
        if (edit && edit->state == CellState::CachePending)
            cells.push_back(cell);
    }
    for (const auto &cell : cells)
        m_editing.states().clear(cell);
    announceCells(cells);
}

void RowsModel::advance()
{
    const auto now = m_clock();
    announceCells(m_editing.states().advance(now));
    announceCells(m_flashes.advance(now), {FlashRole});
    tellRate(now);
    schedule();
}

bool RowsModel::mustStay(const RowKey &key) const
{
    return (m_open && m_open->cell.key == key) || m_editing.states().keepsText(key);
}

std::optional<QModelIndex> RowsModel::editedCell() const
{
    return m_open && m_open->index.isValid() ? std::optional(QModelIndex(m_open->index)) : std::nullopt;
}

void RowsModel::rowArrived(const Row &row)
{
    announceCells(m_editing.rowSeen(row).touched);
}

void RowsModel::run(const RowEditing::Effects &effects)
{
    announceCells(effects.touched);
    for (const auto &edit : effects.toSend)
        Q_EMIT editSubmitted(edit);
    schedule();
}

void RowsModel::announceCells(const std::vector<CellId> &cells, const QList<int> &roles)
{
    ChangedRanges changed;
    for (const auto &cell : cells) {
        const auto row = rowOf(cell.key);
        if (!row)
            continue;
        changed.add(*row, columnOf(cell.field), columnOf(cell.field));
    }
    announce(std::move(changed), roles);
}

void RowsModel::schedule()
{
    const auto now = m_clock();
    auto due = m_editing.states().nextDue();
    const auto flash = m_flashes.nextDue(now);
    if (flash && (!due || *flash < *due))
        due = flash;
    if (!due) {
        m_timer->stop();
        return;
    }
    const auto wait = std::chrono::ceil<milliseconds>(std::max(*due - now, Instant::duration(0)));
    m_timer->start(std::max(wait, milliseconds(1)));
}

} // namespace throughline
