// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/editcontroller.h"

#include "engine/storeservice.h"
#include "ui/control/edittext.h"
#include "ui/dialogs/conflictdialog.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/rowdialog.h"
#include "ui/models/rowroles.h"
#include "ui/models/rowsmodel.h"
#include "ui/panes/gridarea.h"
#include "ui/panes/gridview.h"
#include "ui/panes/receiptpane.h"
#include "ui/panes/storepanes.h"
#include "ui/widgets/cellnote.h"

#include <QItemSelectionModel>

#include <algorithm>

namespace throughline {

namespace {

constexpr qsizetype mostRowsAtOnce = 1000;

bool asksForAction(CellState state)
{
    return state == CellState::Failed || state == CellState::Conflict || state == CellState::Unknown;
}

} // namespace

EditController::EditController(const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
{
    connect(&parts.model, &RowsModel::editSubmitted, this, [this](const Edit &edit) {
        for (const FieldChange &change : edit.changes) {
            const CellId cell{edit.key, change.field};
            if (!m_begunOn.contains(cell)) // a second try still began where the first did
                m_begunOn.insert(cell, m_parts.model.valueBegunOn(cell));
        }
        submit(edit, describeEdit(m_parts.model.mapping(), edit, m_parts.model.row(edit.key)));
    });
    connect(&parts.service, &StoreService::outcomesReady, this, &EditController::onOutcomes);
    connect(&parts.model, &RowsModel::dataChanged, this, [this](const QModelIndex &first, const QModelIndex &last) {
        const QModelIndex current = m_parts.view.currentIndex();
        if (current.row() >= first.row() && current.row() <= last.row())
            showCurrentCell();
    });
    connect(&parts.receipt, &ReceiptPane::takeTheirsRequested, this, &EditController::takeTheirs);
    connect(&parts.receipt, &ReceiptPane::writeMineRequested, this, &EditController::writeMine);
    connect(&parts.receipt, &ReceiptPane::editRequested, this, &EditController::editCurrent);
    connect(&parts.receipt, &ReceiptPane::discardRequested, this, &EditController::revertCell);
    connect(parts.area.note(), &CellNote::primaryClicked, this,
            [this] { m_noteWrites ? takeTheirs() : editCurrent(); });
    connect(parts.area.note(), &CellNote::secondaryClicked, this,
            [this] { m_noteWrites ? writeMine() : revertCell(); });
}

void EditController::submit(Edit edit, const QString &what)
{
    m_described.insert(edit.op, what);
    edit.submitted = Clock::now();
    m_parts.service.submit(std::move(edit));
}

void EditController::onOutcomes(const std::vector<Outcome> &outcomes)
{
    m_parts.model.applyOutcomes(outcomes);
    for (const Outcome &outcome : outcomes)
        onOutcome(outcome);
    showCurrentCell();
}

void EditController::onOutcome(const Outcome &outcome)
{
    const bool mayFollow =
        (outcome.verdict == Verdict::Unknown && !outcome.late) || outcome.verdict == Verdict::CommittedCachePending;
    QString what = mayFollow ? m_described.value(outcome.op) : m_described.take(outcome.op);
    if (outcome.kind == EditKind::Insert)
        what = describeInsert(m_parts.model.mapping(), outcome);
    if (what.isEmpty()) // of an earlier run of the program, whose values are not kept
        what = describeEarlier(m_parts.model.mapping(), outcome);
    m_parts.receipt.showOutcome(outcome, what);
    if (outcome.late)
        Q_EMIT statusSentence(lateSentence(m_parts.model.mapping(), outcome));
    if (m_rowDialog && outcome.op == m_dialogOp)
        answerDialog(outcome);
    const bool written = outcome.isCommitted();
    if (written)
        m_begunOn.removeIf([&](const auto &begun) { return begun.key().key == outcome.key; });
    if (written && outcome.kind == EditKind::Insert && !outcome.late) // later, the person is elsewhere
        m_parts.view.goToKey(outcome.key);
    if (written && outcome.kind != EditKind::Update)
        Q_EMIT rowCountChanged();
    Q_EMIT rowAnswered(outcome.key);
}

/// The form stays open until its row is in the table, so that nothing typed is lost. While nobody knows whether the row
/// is there it cannot be sent: that would be a second row.
void EditController::answerDialog(const Outcome &outcome)
{
    if (outcome.isCommitted())
        m_rowDialog->accept();
    else if (outcome.verdict == Verdict::Unknown && outcome.late)
        m_rowDialog->showError(tr("Nobody can tell any more whether the row was added. Look in the table before you "
                                  "add it again."));
    else if (outcome.verdict == Verdict::Unknown)
        m_rowDialog->showUnknown(tr("The connection broke. Whether the row was added is being found out. You can wait "
                                    "here, or close the form: the receipt will show the answer."));
    else if (outcome.error && !outcome.error->column.isEmpty())
        m_rowDialog->showFieldError(outcome.error->column, outcome.error->message);
    else
        m_rowDialog->showError(outcome.error ? outcome.error->message : tr("The row was not added."));
}

void EditController::addRow()
{
    const Mapping &mapping = m_parts.model.mapping();
    m_dialogOp = {}; // an answer to an earlier form is not one to this
    m_rowDialog = new RowDialog(mapping, tr("Add to %1").arg(mapping.table), m_parts.view.window());
    m_rowDialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_rowDialog, &RowDialog::submitted, this, &EditController::insertRow);
    m_rowDialog->open();
}

void EditController::insertRow(const RowKey &key, const std::vector<FieldChange> &changes)
{
    Edit edit;
    edit.op = m_dialogOp = OpId::create();
    edit.kind = EditKind::Insert;
    edit.key = key;
    edit.changes = changes;
    submit(std::move(edit), {});
}

std::vector<RowKey> EditController::selectedKeys() const
{
    std::vector<int> rows;
    for (const QItemSelectionRange &range : m_parts.view.selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom() && std::ssize(rows) <= mostRowsAtOnce; ++row)
            rows.push_back(row);
    }
    if (rows.empty() && m_parts.view.currentIndex().isValid())
        rows.push_back(m_parts.view.currentIndex().row());
    std::ranges::sort(rows);
    rows.erase(std::ranges::unique(rows).begin(), rows.end());
    std::vector<RowKey> keys;
    for (const int row : rows) {
        if (const auto key = m_parts.model.keyAt(row))
            keys.push_back(*key);
    }
    return keys;
}

void EditController::deleteSelectedRows()
{
    const std::vector<RowKey> keys = selectedKeys();
    if (keys.empty()) {
        Q_EMIT statusSentence(tr("Choose the rows to delete first."));
        return;
    }
    if (std::ssize(keys) > mostRowsAtOnce) {
        Q_EMIT statusSentence(tr("At most %1 rows can be deleted at once; choose fewer.").arg(mostRowsAtOnce));
        return;
    }
    QStringList names;
    for (const RowKey &key : keys)
        names << QString::fromUtf8(key.text);
    auto *dialog = new DeleteDialog(m_parts.model.mapping().table, names, m_parts.view.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, keys] { removeRows(keys); });
    dialog->open();
}

void EditController::removeRows(const std::vector<RowKey> &keys)
{
    for (const RowKey &key : keys) {
        const auto row = m_parts.model.row(key);
        if (!row)
            continue;
        Edit edit;
        edit.op = OpId::create();
        edit.kind = EditKind::Delete;
        edit.key = key;
        edit.base = row->version;
        submit(edit, describeEdit(m_parts.model.mapping(), edit, row));
    }
}

void EditController::takeTheirs()
{
    if (const auto key = m_parts.view.currentKey())
        m_parts.model.takeTheirs(*key);
    m_parts.receipt.showNothing();
    showCurrentCell();
}

void EditController::writeMine()
{
    const auto key = m_parts.view.currentKey();
    const auto row = key ? m_parts.model.row(*key) : std::nullopt;
    const auto mine = key ? m_parts.model.keptTexts(*key) : std::vector<FieldChange>();
    if (!row || mine.empty()) {
        Q_EMIT statusSentence(tr("There is no text of yours in this row that could be written."));
        return;
    }
    std::vector<ConflictField> fields;
    for (const FieldChange &change : mine) {
        const Value &theirs = row->values[static_cast<size_t>(change.field)];
        const Value base = m_begunOn.value({*key, change.field}, theirs);
        fields.push_back({change.field, base, change.value, theirs});
    }
    const Mapping &mapping = m_parts.model.mapping();
    auto *dialog =
        new ConflictDialog(mapping, mapping.table + u' ' + QString::fromUtf8(key->text), fields, m_parts.view.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, key = *key] {
        if (!m_parts.model.writeMine(key))
            Q_EMIT statusSentence(tr("The row is gone; your text is kept until you discard it."));
    });
    dialog->open();
}

void EditController::revertCell()
{
    m_parts.model.revertCell(m_parts.view.currentIndex());
    m_parts.receipt.showNothing();
    showCurrentCell();
}

void EditController::editCurrent()
{
    m_parts.view.setFocus();
    m_parts.view.edit(m_parts.view.currentIndex());
}

void EditController::showCurrentCell()
{
    const QModelIndex current = m_parts.view.currentIndex();
    const int field = current.column() - 1;
    m_parts.panes.setCurrentField(field);
    const auto state = static_cast<CellState>(current.data(CellStateRole).toInt());
    const bool mine = current.isValid() && field >= 0 && (asksForAction(state) || state == CellState::Pending);
    m_parts.panes.showEditOf(field, mine ? state : CellState::None,
                             current.data(IsSecretRole).toBool() ? QString(8, u'\u2022')
                                                                 : current.data(Qt::DisplayRole).toString());
    updateNote();
}

void EditController::updateNote()
{
    CellNote &note = *m_parts.area.note();
    const QModelIndex current = m_parts.view.currentIndex();
    const auto state = static_cast<CellState>(current.data(CellStateRole).toInt());
    const QRect cell = m_parts.view.visualRect(current);
    if (!current.isValid() || !asksForAction(state) || cell.isEmpty()) {
        note.hide();
        return;
    }
    m_noteWrites = state == CellState::Conflict;
    const QString column = current.model()->headerData(current.column(), Qt::Horizontal, Qt::DisplayRole).toString();
    NoteContent content;
    content.state = state;
    content.text = current.data(StateSentenceRole).toString();
    content.title = state == CellState::Conflict  ? tr("%1: conflict").arg(column)
                    : state == CellState::Unknown ? tr("%1: outcome unknown").arg(column)
                                                  : tr("%1 is not saved").arg(column);
    content.primary = m_noteWrites ? tr("Take theirs") : tr("Edit");
    content.secondary = m_noteWrites ? tr("Write mine…") : tr("Discard");
    note.showAt(cell.translated(m_parts.view.viewport()->pos()), content);
}

} // namespace throughline
