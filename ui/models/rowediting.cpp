// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/rowediting.h"

#include "domain/validation.h"
#include "ui/models/statesentences.h"

#include <algorithm>

namespace throughline {

namespace {

bool waitsForMore(const CellRemark &remark)
{
    return remark.state == CellState::Unknown || remark.state == CellState::CachePending;
}

void append(std::vector<CellId> &cells, const std::vector<CellId> &more)
{
    cells.insert(cells.end(), more.begin(), more.end());
}

} // namespace

RowEditing::Effects RowEditing::type(const Row &shown, int field, const Value &value, PendingEdits::Base base,
                                     Instant now)
{
    const CellId cell{shown.key, field};
    Effects effects{{cell}, {}, {}, {}};
    append(effects.touched, m_states.clearTextless(shown.key));
    m_pending.forget(shown.key, field);
    const Value *inFlight = m_pending.inFlight(shown.key, field);
    if (value == (inFlight ? *inFlight : shown.values.at(static_cast<size_t>(field)))) {
        m_states.clear(cell);
        if (inFlight)
            keep(shown.key, {field, value}, CellState::Pending, {}, now);
        return effects;
    }
    const auto &column = m_mapping.fields.at(static_cast<size_t>(field)).column;
    if (auto fault = validate(column, value)) {
        // The sentence may quote what was typed, and a secret is shown nowhere.
        if (isSecret(field) && value && !value->isEmpty())
            fault->replace(QString::fromUtf8(*value), StateSentences::bullets());
        keep(shown.key, {field, value}, CellState::Failed, *fault, now);
        return effects;
    }
    keep(shown.key, {field, value}, CellState::Pending, {}, now);
    if (const auto edit = m_pending.add(shown.key, {field, value}, base, now))
        effects.toSend.push_back(*edit);
    return effects;
}

bool RowEditing::isOurs(const Outcome &outcome) const
{
    return m_pending.isInFlight(outcome);
}

RowEditing::Effects RowEditing::answer(const Outcome &outcome, Instant now)
{
    const auto answer = m_pending.answer(outcome, now);
    if (!answer)
        return {};
    Effects effects;
    for (const auto &change : answer->answered) {
        effects.touched.push_back({outcome.key, change.field});
        settle(outcome, change, answer->base, now);
    }
    if (outcome.isCommitted() && !outcome.row) {
        effects.written = answer->answered;
        effects.base = answer->base;
    }
    for (const auto &change : answer->dropped) {
        effects.touched.push_back({outcome.key, change.field});
        const bool conflict = outcome.verdict == Verdict::Conflict;
        const QString yours = StateSentences::named(change.value, isSecret(change.field));
        keep(outcome.key, change, conflict ? CellState::Conflict : CellState::Failed,
             conflict ? StateSentences::ofOutcome(outcome, yours) : StateSentences::notSentAfter(outcome.verdict), now);
    }
    if (outcome.verdict == Verdict::Rejected)
        markNamedColumn(outcome, effects, now);
    if (answer->next)
        effects.toSend.push_back(*answer->next);
    return effects;
}

RowEditing::Effects RowEditing::answerLate(const Outcome &outcome, Instant now)
{
    Effects effects;
    for (int field = 0; field < static_cast<int>(m_mapping.fields.size()); ++field) {
        const CellId cell{outcome.key, field};
        const CellRemark *found = m_states.edit(cell);
        // Another edit of the row has an answer of its own.
        if (!found || !waitsForMore(*found) || found->op != outcome.op)
            continue;
        const CellRemark before = *found;
        if (!before.typed && !outcome.isCommitted())
            continue;
        effects.touched.push_back(cell);
        if (before.typed && outcome.isCommitted() && !outcome.row) {
            effects.written.push_back({field, *before.typed});
            effects.base = before.base;
        }
        tell(outcome, {field, before.typed.value_or(Value())}, before.base, now);
    }
    return effects;
}

RowEditing::Effects RowEditing::revert(const CellId &cell, Instant now)
{
    Effects effects{{cell}, {}, {}, {}};
    m_pending.forget(cell.key, cell.field);
    m_states.clear(cell);
    if (const Value *inFlight = m_pending.inFlight(cell.key, cell.field))
        keep(cell.key, {cell.field, *inFlight}, CellState::Pending, {}, now);
    append(effects.touched, m_states.clearTextless(cell.key));
    return effects;
}

RowEditing::Effects RowEditing::revertRow(const RowKey &key, Instant now)
{
    Effects effects;
    for (const int field : m_states.fieldsWithText(key))
        append(effects.touched, revert({key, field}, now).touched);
    return effects;
}

RowEditing::Effects RowEditing::writeKept(const Row &shown, Instant now)
{
    Effects effects;
    for (const int field : m_states.fieldsWithText(shown.key)) {
        const CellRemark note = *m_states.edit({shown.key, field});
        if (note.state == CellState::Pending)
            continue;
        const auto written = type(shown, field, *note.typed, {shown.version}, now);
        append(effects.touched, written.touched);
        effects.toSend.insert(effects.toSend.end(), written.toSend.begin(), written.toSend.end());
    }
    return effects;
}

RowEditing::Effects RowEditing::rowSeen(const Row &row)
{
    Effects effects;
    for (const int field : m_states.fieldsWithText(row.key)) {
        const CellId cell{row.key, field};
        const auto *note = m_states.edit(cell);
        if (note->state == CellState::Unknown && *note->typed == row.values.at(static_cast<size_t>(field))) {
            m_states.clear(cell);
            effects.touched.push_back(cell);
        }
    }
    return effects;
}

void RowEditing::settle(const Outcome &outcome, const FieldChange &change, RowVersion base, Instant now)
{
    // Something else was typed into the cell since: that text has a story of its own.
    if (isAbout({outcome.key, change.field}, change.value))
        tell(outcome, change, base, now);
}

void RowEditing::tell(const Outcome &outcome, const FieldChange &change, RowVersion base, Instant now)
{
    CellRemark remark;
    remark.state = stateAfter(outcome.verdict);
    remark.since = now;
    remark.op = outcome.op;
    remark.base = base;
    if (outcome.isCommitted()) {
        remark.took = outcome.timings.total();
    } else {
        remark.typed = change.value;
        remark.sentence =
            StateSentences::ofOutcome(outcome, StateSentences::named(change.value, isSecret(change.field)));
    }
    m_states.set({outcome.key, change.field}, remark);
}

void RowEditing::keep(const RowKey &key, const FieldChange &change, CellState state, const QString &sentence,
                      Instant now)
{
    const bool shown = state != CellState::Pending;
    m_states.set({key, change.field}, {state, change.value, sentence, now, nanoseconds(0), shown});
}

bool RowEditing::isAbout(const CellId &cell, const Value &value) const
{
    const auto *note = m_states.edit(cell);
    return !note || (note->state == CellState::Pending && note->typed == value);
}

void RowEditing::markNamedColumn(const Outcome &outcome, Effects &effects, Instant now)
{
    const auto named = outcome.error ? m_mapping.fieldNamed(outcome.error->column) : std::nullopt;
    if (!named || outcome.error->column.isEmpty())
        return;
    const CellId cell{outcome.key, *named};
    if (m_states.edit(cell))
        return;
    m_states.set(cell, {CellState::Failed, std::nullopt, StateSentences::ofOutcome(outcome, {}), now});
    effects.touched.push_back(cell);
}

} // namespace throughline
