// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "domain/outcome.h"
#include "domain/row.h"
#include "ui/models/editstates.h"
#include "ui/models/pendingedits.h"

#include <vector>

namespace throughline {

/// From the text a person typed to the outcome of its edit: what is validated, sent, kept waiting, kept as text, and
/// what the cells say meanwhile. Knows no view; the time is given to it.
class RowEditing final
{
public:
    struct Effects
    {
        std::vector<CellId> touched; ///< look different now
        std::vector<Edit> toSend;
        std::vector<FieldChange> written; ///< known to be in the table, though the answer came without the row
        RowVersion base;                  ///< what these were written on
    };

    /// `mapping` must outlive this object.
    explicit RowEditing(const Mapping &mapping)
        : m_mapping(mapping)
    {
    }

    [[nodiscard]] const EditStates &states() const noexcept { return m_states; }
    [[nodiscard]] EditStates &states() noexcept { return m_states; }

    /// A value was typed into a field of `shown`; `base` is what the person saw.
    [[nodiscard]] Effects type(const Row &shown, int field, const Value &value, PendingEdits::Base base, Instant now);
    [[nodiscard]] bool isOurs(const Outcome &outcome) const;
    [[nodiscard]] Effects answer(const Outcome &outcome, Instant now);
    /// What was unknown, or saved without the cache, is known now; says so in the cells of that very edit.
    [[nodiscard]] Effects answerLate(const Outcome &outcome, Instant now);
    /// Drops the kept text of a cell; a write that is on its way stays on its way.
    [[nodiscard]] Effects revert(const CellId &cell, Instant now);
    [[nodiscard]] Effects revertRow(const RowKey &key, Instant now);
    /// Sends the kept texts of the row again, made on the row as it stands now.
    [[nodiscard]] Effects writeKept(const Row &shown, Instant now);
    /// The row came in a newer state: tells whether it settles what was unknown.
    [[nodiscard]] Effects rowSeen(const Row &row);

private:
    void settle(const Outcome &outcome, const FieldChange &change, RowVersion base, Instant now);
    void tell(const Outcome &outcome, const FieldChange &change, RowVersion base, Instant now);
    void keep(const RowKey &key, const FieldChange &change, CellState state, const QString &sentence, Instant now);
    [[nodiscard]] bool isAbout(const CellId &cell, const Value &value) const;
    void markNamedColumn(const Outcome &outcome, Effects &effects, Instant now);
    [[nodiscard]] bool isSecret(int field) const { return m_mapping.fields[static_cast<size_t>(field)].secret; }

    const Mapping &m_mapping;
    EditStates m_states;
    PendingEdits m_pending;
};

} // namespace throughline
