// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/pendingedits.h"

#include <algorithm>
#include <utility>

namespace throughline {

namespace {

Edit updateOf(const RowKey &key, const FieldChange &change, RowVersion base, Instant now)
{
    return Edit{OpId::create(), EditKind::Update, key, base, {change}, Origin::Grid, now};
}

/// The version that the next edit of the row can be made on; none when nobody knows what stands in the table.
std::optional<RowVersion> nextBase(const Outcome &outcome, RowVersion base)
{
    switch (outcome.verdict) {
    case Verdict::Committed:
    case Verdict::CommittedCachePending:
        return outcome.row ? outcome.row->version : base;
    case Verdict::Rejected:
        return base;
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<Edit> PendingEdits::add(const RowKey &key, const FieldChange &change, Base base, Instant now)
{
    const auto row = m_rows.find(key);
    if (row == m_rows.end()) {
        const Edit edit = updateOf(key, change, base.version, now);
        m_rows.insert(key, {edit, {}});
        return edit;
    }
    forget(key, change.field);
    row->waiting.push_back({change, base});
    return std::nullopt;
}

void PendingEdits::forget(const RowKey &key, int field)
{
    if (const auto row = m_rows.find(key); row != m_rows.end())
        std::erase_if(row->waiting, [field](const Waiting &waiting) { return waiting.change.field == field; });
}

std::optional<PendingEdits::Answer> PendingEdits::answer(const Outcome &outcome, Instant now)
{
    const auto row = m_rows.find(outcome.key);
    if (row == m_rows.end() || row->inFlight.op != outcome.op)
        return std::nullopt;
    Answer answer{row->inFlight.changes, {}, std::nullopt, row->inFlight.base};
    const auto base = nextBase(outcome, row->inFlight.base);
    if (!base) {
        for (const auto &waiting : row->waiting)
            answer.dropped.push_back(waiting.change);
    }
    if (!base || row->waiting.empty()) {
        m_rows.erase(row);
        return answer;
    }
    const auto &first = row->waiting.front();
    answer.next = updateOf(outcome.key, first.change, first.base.changedBelow ? first.base.version : *base, now);
    row->waiting.erase(row->waiting.begin());
    row->inFlight = *answer.next;
    return answer;
}

bool PendingEdits::isInFlight(const Outcome &outcome) const
{
    const auto row = m_rows.constFind(outcome.key);
    return row != m_rows.constEnd() && row->inFlight.op == outcome.op;
}

const Value *PendingEdits::inFlight(const RowKey &key, int field) const
{
    const auto row = m_rows.constFind(key);
    if (row == m_rows.constEnd())
        return nullptr;
    for (const auto &change : row->inFlight.changes) {
        if (change.field == field)
            return &change.value;
    }
    return nullptr;
}

} // namespace throughline
