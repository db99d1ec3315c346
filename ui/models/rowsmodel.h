// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/cachedrow.h"
#include "domain/mapping.h"
#include "domain/rowcompare.h"
#include "ui/models/cellflashes.h"
#include "ui/models/cellpresenter.h"
#include "ui/models/pagedmodel.h"
#include "ui/models/rowediting.h"

#include <QSet>

#include <functional>
#include <optional>
#include <vector>

namespace throughline {

/// The grid's rows: column 0 is the key, then the mapping's fields in their order. Takes what people type, sends it as
/// edits, and shows what became of them. Lives on the UI thread and knows neither engine nor stores: pages, rows and
/// outcomes come in by slots, requests and edits go out by signals.
class RowsModel final : public PagedModel
{
    Q_OBJECT

public:
    using ClockFunction = std::function<Instant()>;

    explicit RowsModel(Mapping mapping, QObject *parent = nullptr, ClockFunction clock = &Clock::now,
                       int maxPages = defaultMaxPages);

    [[nodiscard]] const Mapping &mapping() const noexcept { return m_mapping; }
    [[nodiscard]] static constexpr int columnOf(int field) noexcept { return field + 1; }
    [[nodiscard]] CellId cellAt(const QModelIndex &index) const; ///< of a loaded row
    [[nodiscard]] QModelIndex indexOf(const CellId &cell) const; ///< invalid while the row is not loaded

    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// EditRole: a QString, or a null QVariant for NULL. An invalid text is kept and marked, not sent.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

    void setReadOnly(bool readOnly);
    /// An editor is open on this cell: it is left alone, and the edit will be made on what it showed.
    void beginEdit(const QModelIndex &index);
    void endEdit();

    /// Drops the kept text of a cell and shows the table's value again.
    void revertCell(const QModelIndex &index);
    /// Ends a conflict: the kept texts of the row go.
    void takeTheirs(const RowKey &key);
    /// Sends the kept texts of the row, made on the row as it is shown now. False when the row is gone or not loaded.
    bool writeMine(const RowKey &key);
    [[nodiscard]] std::optional<Value> keptText(const CellId &cell) const;
    [[nodiscard]] std::vector<FieldChange> keptTexts(const RowKey &key) const;
    /// What the cell showed when its editor was opened; without an open editor, what it shows now.
    [[nodiscard]] Value valueBegunOn(const CellId &cell) const;
    /// Cells with a conflict, a failure or an unknown outcome, in the order of the grid.
    [[nodiscard]] std::vector<CellId> problemCells() const;

public Q_SLOTS:
    /// Rows as somebody else, or the generator, committed them.
    void applyRows(const std::vector<throughline::Row> &rows);
    void insertRow(const throughline::Row &row);
    void removeRow(const throughline::RowKey &key);
    void applyOutcome(const throughline::Outcome &outcome);
    void applyOutcomes(const std::vector<throughline::Outcome> &outcomes);
    /// What reading the row from both stores found; `cached` gives the words their values.
    void setDifferences(const throughline::RowKey &key, const throughline::RowComparison &comparison,
                        const throughline::CachedRow &cached = {});
    /// The cache has taken over what was committed in this row.
    void cacheFollowed(const throughline::RowKey &key);
    /// Lets signs appear, fade and go; called by a timer of the model.
    void advance();

Q_SIGNALS:
    void editSubmitted(const throughline::Edit &edit);
    /// How many cells others changed in the last second while that is too much to flash; 0 when it has become quiet.
    void changesPerSecond(int changes);

private:
    struct OpenEditor
    {
        QPersistentModelIndex index;
        CellId cell;
        Value value;
        RowVersion version;
    };

    [[nodiscard]] bool mustStay(const RowKey &key) const override;
    [[nodiscard]] std::optional<QModelIndex> editedCell() const override;
    void rowArrived(const Row &row) override;

    [[nodiscard]] PendingEdits::Base baseFor(const CellId &cell, const Row &shown) const;
    void takeRows(const std::vector<Row> &rows, bool flash);
    void replaceRow(const Row &shown, const Row &row, ChangedRanges &changed, std::vector<CellId> &cells);
    void startFlashes(const std::vector<CellId> &cells, Instant now);
    void tellRate(Instant now);
    void applyUpdate(const Outcome &outcome);
    void showWritten(const RowKey &key, const RowEditing::Effects &effects);
    void run(const RowEditing::Effects &effects);
    void announceCells(const std::vector<CellId> &cells, const QList<int> &roles = {});
    void dropIfGone(const RowKey &key);
    void schedule();

    Mapping m_mapping;
    ClockFunction m_clock;
    RowEditing m_editing;
    CellFlashes m_flashes;
    CellPresenter m_presenter;
    QTimer *m_timer;
    std::optional<OpenEditor> m_open;
    QSet<RowKey> m_gone;       ///< rows that are shown only for the sake of a kept text
    QSet<OpId> m_shownInserts; ///< their rows are shown already, and a late answer follows
    bool m_readOnly = false;
};

} // namespace throughline
