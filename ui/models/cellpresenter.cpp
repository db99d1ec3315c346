// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cellpresenter.h"

#include "ui/models/cellview.h"
#include "ui/models/rowroles.h"
#include "ui/models/statesentences.h"

namespace throughline {

const ColumnInfo &CellPresenter::columnInfo(int column) const
{
    return column == 0 ? m_mapping.key : m_mapping.fields.at(static_cast<size_t>(column - 1)).column;
}

QVariant CellPresenter::loaded(const Row &row, int column, int role, const RowFilter &filter, Instant now) const
{
    const CellId cell{row.key, column - 1};
    switch (role) {
    case LoadedRole:
        return true;
    case Qt::TextAlignmentRole:
        return CellView::alignment(columnInfo(column));
    case SearchTextRole:
        return isSearched(column) ? filter.contains : QString();
    case RowStateRole:
        return static_cast<int>(m_states.rowState(row.key));
    case KeyRole:
        return row.key.text;
    case FlashRole:
        return m_flashes.strength(cell, now);
    default:
        return stated(row, cell, role, now);
    }
}

QVariant CellPresenter::stated(const Row &row, const CellId &cell, int role, Instant now) const
{
    const auto *note = m_states.note(cell);
    const bool visible = note && note->shown;
    const QString sentence = visible ? StateSentences::ofNote(*note, now) : QString();
    const auto state = visible ? note->state : CellState::None;
    if (cell.field == CellId::keyColumn)
        return CellView{m_mapping.key, false, row.key.text, state, sentence}.data(role);
    const auto field = static_cast<size_t>(cell.field);
    const auto *edit = m_states.edit(cell);
    const Value &value = edit && edit->typed ? *edit->typed : row.values.at(field);
    return CellView{m_mapping.fields[field].column, m_mapping.fields[field].secret, value, state, sentence}.data(role);
}

bool CellPresenter::isSearched(int column) const
{
    if (column == 0)
        return false;
    const auto &field = m_mapping.fields.at(static_cast<size_t>(column - 1));
    return !field.secret && field.column.kind == ColumnKind::Text;
}

QVariant CellPresenter::blank(int column, int role) const
{
    switch (role) {
    case LoadedRole:
        return false;
    case Qt::TextAlignmentRole:
        return CellView::alignment(columnInfo(column));
    case Qt::AccessibleTextRole:
        return tr("%1, not read yet").arg(columnInfo(column).name);
    case CellStateRole:
    case RowStateRole:
        return static_cast<int>(CellState::None);
    default:
        return {};
    }
}

QVariant CellPresenter::columnHeader(int column, int role) const
{
    const auto &info = columnInfo(column);
    switch (role) {
    case Qt::DisplayRole:
        return info.name;
    case Qt::ToolTipRole:
        return info.typeName.isEmpty() ? info.name : tr("%1: %2").arg(info.name, info.typeName);
    case Qt::TextAlignmentRole:
        return CellView::alignment(info);
    default:
        return {};
    }
}

} // namespace throughline
