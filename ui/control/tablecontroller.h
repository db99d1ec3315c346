// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storeservice.h"
#include "ui/control/grideditors.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace throughline {

class CellDelegate;
class EditController;
class GridArea;
class GridView;
class MainWindow;
class ReceiptPane;
class RowsModel;
class Session;
class StatusLine;
class StorePanes;
class TableBar;

/// One opened table in the window: joins the service of the engine with the model, the grid and the panes. Made when
/// the session is ready, destroyed before it closes.
class TableController final : public QObject
{
    Q_OBJECT

public:
    struct Parts
    {
        MainWindow &window;
        GridArea &area;
        TableBar &tableBar;
        StorePanes &panes;
        ReceiptPane &receipt;
        StatusLine &status;
    };
    TableController(const Session &session, const Parts &parts, QObject *parent = nullptr);
    ~TableController() override;

    /// Texts of the user that are in no table: waiting, failed, in conflict.
    [[nodiscard]] int unsavedTexts() const;

    [[nodiscard]] StoreService &service() noexcept { return *m_service; }

    void refresh();
    /// Makes this row the current one, if it is shown.
    void goTo(const RowKey &key);
    void search(const QString &text);
    /// Rows as the generator committed them.
    void takeLiveRows(const std::vector<Row> &rows);
    /// Rows have changed that nobody shows: the pages in view are read again, at most once a second.
    void readPagesAgain();

private:
    void connectService();
    void connectView();
    void connectActions();
    void onIndex(const TableIndex &index);
    void onPage(const RowPage &page);
    void onPair(const RowPair &pair);
    void onUpkeep(const UpkeepReport &report);
    void onStaged(const std::vector<StagedEvent> &events);
    void onStates(const StoreStates &states);
    void onReadFailed(const StoreError &error);
    void onCurrentKey(const std::optional<RowKey> &key);
    void readCurrentPair();
    void showCounts();
    void showNoticeIfEmpty();

    Parts m_parts;
    Mapping m_mapping;
    std::unique_ptr<StoreService> m_service;
    GridEditors m_editors;
    RowsModel *m_model;
    GridView *m_view;
    CellDelegate *m_delegate;
    EditController *m_edits;
    RowFilter m_filter;
    QTimer m_pairTimer;  ///< the row under the cursor may change in either store without us
    QTimer m_retryTimer; ///< asks again for pages whose reading failed
    QTimer m_pagesTimer; ///< pages that others have changed are read again once a second
    QTimer m_indexTimer; ///< the table has grown by more than pages can hold
    bool m_pagesChanged = false;
    qint64 m_pushedKeys = 0; ///< by the upkeep, for others
    bool m_indexed = false;
    bool m_postgresUp = false;
};

} // namespace throughline
