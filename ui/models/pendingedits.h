// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/outcome.h"

#include <QHash>

#include <optional>
#include <vector>

namespace throughline {

/// One edit per row is on its way; what is typed into the row meanwhile waits here, so that it is made on the version
/// that our own edit brings and does not collide with it. Of one cell the last text wins.
class PendingEdits final
{
public:
    struct Answer
    {
        std::vector<FieldChange> answered; ///< the changes that the outcome speaks of
        std::vector<FieldChange> dropped;  ///< waited for it and can no longer be sent
        std::optional<Edit> next;          ///< to be sent now
        RowVersion base;                   ///< what `answered` was made on
    };

    /// What a change was made on.
    struct Base
    {
        RowVersion version;
        bool changedBelow = false; ///< somebody changed the cell since; the edit has to end in a conflict
    };

    /// The edit to send now, or nothing when the row has one on its way.
    [[nodiscard]] std::optional<Edit> add(const RowKey &key, const FieldChange &change, Base base, Instant now);
    /// Takes back a change that has not been sent.
    void forget(const RowKey &key, int field);
    /// None for an outcome of an edit that was not added here.
    [[nodiscard]] std::optional<Answer> answer(const Outcome &outcome, Instant now);

    [[nodiscard]] bool isInFlight(const Outcome &outcome) const;
    [[nodiscard]] bool has(const RowKey &key) const { return m_rows.contains(key); }
    /// The value of this cell that is on its way; null when there is none.
    [[nodiscard]] const Value *inFlight(const RowKey &key, int field) const;

private:
    struct Waiting
    {
        FieldChange change;
        Base base;
    };
    struct RowEdits
    {
        Edit inFlight;
        std::vector<Waiting> waiting; ///< the oldest first, one per field
    };

    QHash<RowKey, RowEdits> m_rows;
};

} // namespace throughline
