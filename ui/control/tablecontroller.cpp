// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/tablecontroller.h"

#include "session/session.h"
#include "ui/control/editcontroller.h"
#include "ui/delegates/celldelegate.h"
#include "ui/delegates/gridlook.h"
#include "ui/mainactions.h"
#include "ui/maintoolbar.h"
#include "ui/mainwindow.h"
#include "ui/models/rowsmodel.h"
#include "ui/panes/gridarea.h"
#include "ui/panes/gridview.h"
#include "ui/panes/receiptpane.h"
#include "ui/panes/statusline.h"
#include "ui/panes/storepanes.h"
#include "ui/panes/tablebar.h"
#include "ui/widgets/statepage.h"

#include <QAction>
#include <QItemSelectionModel>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace throughline {

namespace {

constexpr milliseconds pairInterval{1000};
constexpr milliseconds retryInterval{2000};
constexpr milliseconds pagesInterval{1000};

} // namespace

TableController::TableController(const Session &session, const Parts &parts, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_mapping(session.mapping())
    , m_service(std::make_unique<StoreService>(session.mappings(), session.engineSettings()))
    , m_editors(session.mapping())
    , m_model(new RowsModel(session.mapping(), this))
    , m_view(new GridView(m_model))
    , m_delegate(new CellDelegate(&m_editors, this))
{
    giveGridLook(*m_view, m_mapping, *m_delegate);
    m_model->setReadOnly(session.environment() == Environment::ReadOnly);
    parts.area.setView(m_view);
    parts.panes.setMapping(m_mapping);
    parts.panes.showNothing();
    parts.receipt.showNothing();
    parts.tableBar.setTable(m_mapping.table);
    parts.tableBar.setCountText(tr("Reading…"));
    m_edits = new EditController({*m_service, *m_model, *m_view, parts.area, parts.panes, parts.receipt}, this);
    connectService();
    connectView();
    connectActions();
    const bool writable = session.environment() != Environment::ReadOnly;
    for (const Command command : {Command::AddRow, Command::DeleteRows, Command::EditCell, Command::SetNull,
                                  Command::RevertCell, Command::TakeTheirs, Command::WriteMine})
        parts.window.actions().action(command)->setEnabled(writable);
    refresh();
}

TableController::~TableController()
{
    m_service.reset(); // its last outcomes still go to model and view
    m_parts.area.clearView();
}

int TableController::unsavedTexts() const
{
    return m_service->unansweredEdits() + static_cast<int>(m_model->problemCells().size());
}

void TableController::connectService()
{
    connect(m_service.get(), &StoreService::indexReady, this, &TableController::onIndex);
    connect(m_service.get(), &StoreService::pageReady, this, &TableController::onPage);
    connect(m_service.get(), &StoreService::pairReady, this, &TableController::onPair);
    connect(m_service.get(), &StoreService::readFailed, this, &TableController::onReadFailed);
    connect(m_service.get(), &StoreService::statesChanged, this, &TableController::onStates);
    connect(m_service.get(), &StoreService::upkeepReported, this, &TableController::onUpkeep);
    connect(m_service.get(), &StoreService::stagedReported, this,
            [this](const StagedReport &, const std::vector<StagedEvent> &events) { onStaged(events); });
    m_indexTimer.setSingleShot(true);
    m_indexTimer.setInterval(pagesInterval);
    connect(&m_indexTimer, &QTimer::timeout, this, &TableController::refresh);
    m_pagesTimer.setSingleShot(true);
    m_pagesTimer.setInterval(pagesInterval);
    connect(&m_pagesTimer, &QTimer::timeout, this, [this] {
        if (std::exchange(m_pagesChanged, false))
            readPagesAgain();
    });
    connect(m_model, &RowsModel::pagesWanted, m_service.get(), &StoreService::wantPages);
    connect(m_model, &RowsModel::countsChanged, this, &TableController::showCounts);
    connect(m_model, &RowsModel::changesPerSecond, &m_parts.tableBar, &TableBar::setChangesPerSecond);
    connect(&m_parts.status, &StatusLine::retryRequested, m_service.get(), &StoreService::retryNow);
    connect(m_edits, &EditController::rowAnswered, this, [this](const RowKey &key) {
        if (m_view->currentKey() == key)
            readCurrentPair();
    });
    connect(m_edits, &EditController::rowCountChanged, this, &TableController::showCounts);
    connect(m_edits, &EditController::statusSentence, &m_parts.status, &StatusLine::showMessage);
}

void TableController::connectView()
{
    connect(m_view, &GridView::currentKeyChanged, this, &TableController::onCurrentKey);
    connect(m_view, &GridView::statusSentence, &m_parts.status, &StatusLine::showMessage);
    connect(m_view, &GridView::searchCleared, &m_parts.window.toolBar(), &MainToolBar::clearSearch);
    connect(&m_editors.factory(), &EditorFactory::faultTyped, &m_parts.status, &StatusLine::showMessage);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, m_edits, &EditController::showCurrentCell);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, m_edits, &EditController::showCurrentCell);
    connect(m_view->horizontalScrollBar(), &QScrollBar::valueChanged, m_edits, &EditController::showCurrentCell);
    connect(&m_parts.panes, &StorePanes::currentFieldMoved, this, [this](int field) {
        const QModelIndex current = m_view->currentIndex();
        m_view->setCurrentIndex(current.siblingAtColumn(RowsModel::columnOf(field)));
    });
    connect(&m_parts.window.toolBar(), &MainToolBar::searchChanged, this, &TableController::search);
    connect(m_parts.area.notice(), &StatePage::primaryClicked, this, [this] {
        if (m_filter.contains.isEmpty())
            m_edits->addRow();
        else
            m_parts.window.toolBar().clearSearch();
    });
    m_retryTimer.setSingleShot(true);
    m_retryTimer.setInterval(retryInterval);
    connect(&m_retryTimer, &QTimer::timeout, m_model, &RowsModel::askAgain);
    m_pairTimer.setInterval(pairInterval);
    connect(&m_pairTimer, &QTimer::timeout, this, &TableController::readCurrentPair);
    m_pairTimer.start();
}

void TableController::connectActions()
{
    const auto on = [this](Command command, auto work) {
        connect(m_parts.window.actions().action(command), &QAction::triggered, this, work);
    };
    on(Command::Refresh, [this] { refresh(); });
    on(Command::AddRow, [this] { m_edits->addRow(); });
    on(Command::DeleteRows, [this] { m_edits->deleteSelectedRows(); });
    on(Command::TakeTheirs, [this] { m_edits->takeTheirs(); });
    on(Command::WriteMine, [this] { m_edits->writeMine(); });
    on(Command::RevertCell, [this] { m_edits->revertCell(); });
    on(Command::EditCell, [this] { m_view->edit(m_view->currentIndex()); });
    on(Command::SetNull, [this] { m_view->setCurrentNull(); });
    on(Command::Copy, [this] { m_view->copySelection(); });
    on(Command::SelectAll, [this] { m_view->selectAll(); });
    on(Command::CancelWork, [this] {
        m_service->cancelEdits();
        m_service->cancelReads();
    });
}

void TableController::refresh()
{
    m_service->requestIndex(m_filter);
    readCurrentPair();
}

void TableController::goTo(const RowKey &key)
{
    const auto row = m_model->rowNear(key);
    const bool isLoaded = m_model->rowOf(key).has_value();
    if (!row || (!isLoaded && m_model->keyAt(*row))) { // its page is there, and it is not
        m_parts.status.showMessage(tr("The row is not among those that are shown."));
        return;
    }
    m_view->goToKey(key);
    if (!isLoaded)
        m_view->scrollTo(m_model->index(*row, 0)); // its page is read, and then it is gone to
    m_view->setFocus(Qt::OtherFocusReason);
}

void TableController::search(const QString &text)
{
    if (text == m_filter.contains)
        return;
    m_filter.contains = text;
    m_parts.tableBar.setCountText(tr("Searching…"));
    m_service->requestIndex(m_filter);
}

void TableController::takeLiveRows(const std::vector<Row> &rows)
{
    m_model->applyRows(rows);
    const auto current = m_view->currentKey();
    if (current && std::ranges::find(rows, *current, &Row::key) != rows.end())
        readCurrentPair();
}

void TableController::onIndex(const TableIndex &index)
{
    m_model->setIndex(index);
    m_indexed = true;
    showCounts();
    if (!m_view->currentIndex().isValid() && m_model->rowCount() > 0)
        m_view->setCurrentIndex(m_model->index(0, std::min(1, m_model->columnCount() - 1)));
}

void TableController::onPage(const RowPage &page)
{
    if (!page.outgrown)
        m_model->addPage(page);
    else if (!m_indexTimer.isActive()) // not at once: it may go on growing
        m_indexTimer.start();
}

void TableController::onPair(const RowPair &pair)
{
    if (m_view->currentKey() != pair.key)
        return;
    m_parts.panes.showPair(pair);
    if (pair.row)
        m_model->applyRows({*pair.row});
    if (!pair.postgresError && !pair.redisError)
        m_model->setDifferences(pair.key, pair.comparison, pair.cached);
    m_edits->showCurrentCell();
}

void TableController::onStates(const StoreStates &states)
{
    m_parts.status.setStates(states);
    const bool up = states.postgres.isUp();
    if (up && !m_postgresUp && m_indexed) // it is back: what was asked for meanwhile was not answered
        refresh();
    m_postgresUp = up;
}

/// Pushed keys are rows that others have written.
void TableController::onUpkeep(const UpkeepReport &report)
{
    m_parts.status.setUpkeep(report);
    if (std::exchange(m_pushedKeys, report.pushedKeys) != report.pushedKeys)
        readPagesAgain();
}

void TableController::onStaged(const std::vector<StagedEvent> &events)
{
    const QByteArray label = m_mapping.config.label.toUtf8();
    if (std::ranges::any_of(events, [&](const StagedEvent &event) { return event.done && event.label == label; }))
        readPagesAgain();
}

/// At once, and then at most once in a while.
void TableController::readPagesAgain()
{
    if (m_pagesTimer.isActive()) {
        m_pagesChanged = true;
        return;
    }
    m_pagesTimer.start();
    m_model->readAgain();
}

void TableController::onReadFailed(const StoreError &error)
{
    m_retryTimer.start(); // not at once: a store that is away fails at once as well
    m_parts.status.showMessage(error.message);
    if (!m_indexed)
        m_parts.tableBar.setCountText(tr("not read yet"));
}

void TableController::onCurrentKey(const std::optional<RowKey> &key)
{
    if (!key) {
        m_parts.panes.showNothing();
        return;
    }
    m_parts.panes.showReading(*key);
    m_service->wantPair(*key);
    m_edits->showCurrentCell();
}

void TableController::readCurrentPair()
{
    if (const auto key = m_view->currentKey())
        m_service->wantPair(*key);
}

void TableController::showCounts()
{
    if (!m_indexed)
        return;
    m_parts.tableBar.setCount(m_model->rowCount(), m_model->totalRows(), m_filter.contains);
    showNoticeIfEmpty();
}

void TableController::showNoticeIfEmpty()
{
    if (m_model->rowCount() > 0)
        m_parts.area.hideNotice();
    else if (!m_filter.contains.isEmpty())
        m_parts.area.showNotice(tr("No row of %1 matches “%2”.").arg(m_mapping.table, m_filter.contains), {},
                                tr("Clear search"));
    else
        m_parts.area.showNotice(tr("%1 has no rows.").arg(m_mapping.qualifiedName()), {}, tr("Add one…"));
}

} // namespace throughline
