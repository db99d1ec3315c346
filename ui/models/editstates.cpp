// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/editstates.h"

#include <algorithm>

namespace throughline {

namespace {

using Notes = QMap<int, CellRemark>;

const CellRemark *find(const QHash<RowKey, Notes> &rows, const CellId &cell)
{
    const auto row = rows.constFind(cell.key);
    if (row == rows.constEnd())
        return nullptr;
    const auto note = row->constFind(cell.field);
    return note == row->constEnd() ? nullptr : &*note;
}

CellState stateOf(const CellRemark &note)
{
    return note.shown ? note.state : CellState::None;
}

CellState mostUrgent(const QHash<RowKey, Notes> &rows, const RowKey &key)
{
    auto state = CellState::None;
    if (const auto row = rows.constFind(key); row != rows.constEnd()) {
        for (const auto &note : *row)
            state = std::min(state, stateOf(note));
    }
    return state;
}

bool isProblem(CellState state)
{
    return state == CellState::Conflict || state == CellState::Failed || state == CellState::Unknown;
}

std::optional<Instant> dueOf(const CellRemark &note)
{
    if (note.state == CellState::Saved)
        return note.since + EditStates::savedFor;
    if (note.state == CellState::Pending && !note.shown)
        return note.since + EditStates::pendingDelay;
    return std::nullopt;
}

} // namespace

const CellRemark *EditStates::edit(const CellId &cell) const
{
    return find(m_edits, cell);
}

const CellRemark *EditStates::note(const CellId &cell) const
{
    const auto *mine = find(m_edits, cell);
    const auto *difference = find(m_differences, cell);
    if (!mine || !difference)
        return mine ? mine : difference;
    return stateOf(*mine) <= stateOf(*difference) ? mine : difference;
}

CellState EditStates::state(const CellId &cell) const
{
    const auto *found = note(cell);
    return found ? stateOf(*found) : CellState::None;
}

CellState EditStates::rowState(const RowKey &key) const
{
    return std::min(mostUrgent(m_edits, key), mostUrgent(m_differences, key));
}

bool EditStates::keepsText(const RowKey &key) const
{
    const auto row = m_edits.constFind(key);
    return row != m_edits.constEnd() &&
           std::any_of(row->cbegin(), row->cend(), [](const CellRemark &note) { return note.typed.has_value(); });
}

std::vector<int> EditStates::fieldsWithText(const RowKey &key) const
{
    std::vector<int> fields;
    const auto notes = m_edits.value(key);
    for (auto note = notes.cbegin(); note != notes.cend(); ++note) {
        if (note->typed)
            fields.push_back(note.key());
    }
    return fields;
}

std::vector<CellId> EditStates::problems() const
{
    std::vector<CellId> cells;
    for (auto row = m_edits.cbegin(); row != m_edits.cend(); ++row) {
        for (auto note = row->cbegin(); note != row->cend(); ++note) {
            if (isProblem(note->state))
                cells.push_back({row.key(), note.key()});
        }
    }
    return cells;
}

void EditStates::set(const CellId &cell, const CellRemark &note)
{
    m_edits[cell.key][cell.field] = note;
}

void EditStates::clear(const CellId &cell)
{
    const auto row = m_edits.find(cell.key);
    if (row == m_edits.end())
        return;
    row->remove(cell.field);
    if (row->isEmpty())
        m_edits.erase(row);
}

std::vector<CellId> EditStates::clearTextless(const RowKey &key)
{
    std::vector<CellId> cells;
    const auto notes = m_edits.value(key);
    for (auto note = notes.cbegin(); note != notes.cend(); ++note) {
        if (isProblem(note->state) && !note->typed)
            cells.push_back({key, note.key()});
    }
    for (const auto &cell : cells)
        clear(cell);
    return cells;
}

void EditStates::clearRow(const RowKey &key)
{
    m_edits.remove(key);
    m_differences.remove(key);
}

std::vector<CellId> EditStates::setDifferences(const RowKey &key, const QMap<int, CellRemark> &notes)
{
    std::vector<CellId> cells;
    const auto before = m_differences.value(key);
    for (auto note = before.cbegin(); note != before.cend(); ++note)
        cells.push_back({key, note.key()});
    for (auto note = notes.cbegin(); note != notes.cend(); ++note) {
        if (!before.contains(note.key()))
            cells.push_back({key, note.key()});
    }
    if (notes.isEmpty())
        m_differences.remove(key);
    else
        m_differences.insert(key, notes);
    return cells;
}

std::vector<CellId> EditStates::advance(Instant now)
{
    std::vector<CellId> cells;
    std::vector<CellId> over;
    for (auto row = m_edits.begin(); row != m_edits.end(); ++row) {
        for (auto note = row->begin(); note != row->end(); ++note) {
            const auto due = dueOf(*note);
            if (!due || *due > now)
                continue;
            cells.push_back({row.key(), note.key()});
            note->shown = true;
            if (note->state == CellState::Saved)
                over.push_back(cells.back());
        }
    }
    for (const auto &cell : over)
        clear(cell);
    return cells;
}

std::optional<Instant> EditStates::nextDue() const
{
    std::optional<Instant> next;
    for (const auto &row : m_edits) {
        for (const auto &note : row) {
            if (const auto due = dueOf(note); due && (!next || *due < *next))
                next = due;
        }
    }
    return next;
}

} // namespace throughline
