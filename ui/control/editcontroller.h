// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/outcome.h"

#include "ui/models/editstates.h"

#include <QHash>
#include <QObject>
#include <QPointer>

#include <optional>
#include <vector>

namespace throughline {

class GridArea;
class GridView;
class ReceiptPane;
class RowDialog;
class RowsModel;
class StorePanes;
class StoreService;

/// Edits of a person on their way: from grid and dialogs to the service, and from the outcome back to grid, receipt,
/// panes and the note at the cell.
class EditController final : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        StoreService &service;
        RowsModel &model;
        GridView &view;
        GridArea &area;
        StorePanes &panes;
        ReceiptPane &receipt;
    };
    EditController(const Parts &parts, QObject *parent);

    void addRow();
    void deleteSelectedRows();
    void takeTheirs();
    void writeMine();
    void revertCell();
    /// The cell under the cursor, or its state, is another one now.
    void showCurrentCell();

Q_SIGNALS:
    void statusSentence(const QString &sentence);
    /// A row was written, by whatever verdict: whoever shows it should read it again.
    void rowAnswered(const throughline::RowKey &key);
    void rowCountChanged();

private:
    void submit(Edit edit, const QString &what);
    void onOutcomes(const std::vector<Outcome> &outcomes);
    void onOutcome(const Outcome &outcome);
    void answerDialog(const Outcome &outcome);
    void insertRow(const RowKey &key, const std::vector<FieldChange> &changes);
    void removeRows(const std::vector<RowKey> &keys);
    void editCurrent();
    [[nodiscard]] std::vector<RowKey> selectedKeys() const;
    void updateNote();

    Parts m_parts;
    QHash<OpId, QString> m_described; ///< what each unanswered edit changes, for its receipt
    QHash<CellId, Value> m_begunOn;   ///< what each edited cell showed before, for the conflict dialog
    QPointer<RowDialog> m_rowDialog;
    OpId m_dialogOp;
    bool m_noteWrites = false; ///< the note's second button means "write mine"
};

} // namespace throughline
