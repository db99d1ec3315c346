// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/strongids.h"
#include "domain/value.h"
#include "ui/models/cellstate.h"

#include <QHash>
#include <QMap>
#include <QString>

#include <optional>
#include <vector>

namespace throughline {

/// One cell, named so that it survives sorting, paging and refreshing.
struct CellId
{
    static constexpr int keyColumn = -1; ///< the row as a whole; shown at its key

    RowKey key;
    int field = keyColumn; ///< index into Mapping::fields

    friend bool operator==(const CellId &, const CellId &) = default;
    friend size_t qHash(const CellId &cell, size_t seed = 0) noexcept { return qHashMulti(seed, cell.key, cell.field); }
};

/// What one cell has to say.
struct CellRemark
{
    CellState state = CellState::None;
    std::optional<Value> typed; ///< the person's text that is not in the table, or not yet
    QString sentence;           ///< empty where the words depend on the time
    Instant since;
    nanoseconds took{0}; ///< of a saved write
    bool shown = true;   ///< false for a pending write that is too young to be worth a sign
    OpId op{};           ///< of the write whose outcome this is
    RowVersion base{};   ///< what that write was made on
};

/// The states of cells, held only for cells that have one. Texts of people stay here until they are saved or taken
/// back, whatever becomes of the page their row stood on.
class EditStates final
{
public:
    static constexpr milliseconds pendingDelay{120};
    static constexpr milliseconds savedFor{4000};

    /// The note of an edit of ours; null when there is none.
    [[nodiscard]] const CellRemark *edit(const CellId &cell) const;
    /// The most urgent of a cell: an edit of ours or a difference between the stores.
    [[nodiscard]] const CellRemark *note(const CellId &cell) const;
    [[nodiscard]] CellState state(const CellId &cell) const;
    [[nodiscard]] CellState rowState(const RowKey &key) const;
    [[nodiscard]] bool keepsText(const RowKey &key) const;
    [[nodiscard]] std::vector<int> fieldsWithText(const RowKey &key) const;
    /// Conflicts, failures and unknown outcomes: what F4 goes through.
    [[nodiscard]] std::vector<CellId> problems() const;

    void set(const CellId &cell, const CellRemark &note);
    void clear(const CellId &cell);
    /// Notes without a text of their own, such as a refusal that names another column than the edited one.
    std::vector<CellId> clearTextless(const RowKey &key);
    void clearRow(const RowKey &key);

    /// What the stores were found to differ in; replaces what was known of the row. Returns the cells concerned.
    std::vector<CellId> setDifferences(const RowKey &key, const QMap<int, CellRemark> &notes);

    /// Shows pending writes that have become old enough, drops what was said long enough. Returns those cells.
    std::vector<CellId> advance(Instant now);
    /// When advance() has something to do next.
    [[nodiscard]] std::optional<Instant> nextDue() const;

private:
    using Notes = QMap<int, CellRemark>; ///< by field

    QHash<RowKey, Notes> m_edits;
    QHash<RowKey, Notes> m_differences;
};

} // namespace throughline
