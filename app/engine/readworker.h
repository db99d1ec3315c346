// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "domain/mapping.h"
#include "domain/stagedrecord.h"
#include "engine/enginesettings.h"
#include "engine/rowpair.h"
#include "engine/storestate.h"
#include "engine/tableindex.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace throughline {

class RowReader;

/// The reads thread: one connection to each store. Holds at most one wish of each kind, so the newest request wins;
/// pings both stores while it is idle.
///
/// The functions may be called from any thread; the callbacks run on the reads thread.
class ReadWorker final
{
public:
    struct Callbacks
    {
        std::function<void(TableIndex)> index;
        std::function<void(RowPage)> page;
        std::function<void(RowPair)> pair;
        std::function<void(std::vector<StagedRecord>)> staged;
        std::function<void(StoreError)> failed;
        std::function<void(StoreStates)> statesChanged;
    };

    ReadWorker(Mapping mapping, EngineSettings settings, Callbacks callbacks);
    ~ReadWorker();
    ReadWorker(const ReadWorker &) = delete;
    ReadWorker &operator=(const ReadWorker &) = delete;

    void wantIndex(quint64 generation, const RowFilter &filter);
    void wantPages(quint64 generation, std::vector<PageRequest> pages);
    void wantPair(const RowKey &key);
    void wantStaged(const QByteArrayList &labels);
    void cancel();
    void retryNow();

private:
    struct IndexWish
    {
        quint64 generation = 0;
        RowFilter filter;
    };
    struct Wishes
    {
        std::optional<IndexWish> index;  ///< begin it
        std::optional<TableIndex> begun; ///< complete it, when nothing else waits
        std::optional<RowKey> pair;
        std::vector<PageRequest> pages;
        std::optional<QByteArrayList> staged; ///< labels of the tables
        [[nodiscard]] bool any() const { return index || begun || pair || !pages.empty() || staged; }
    };

    void run();
    void serveOne(RowReader &reader, std::unique_lock<std::mutex> &lock);
    void serveIndex(RowReader &reader, const IndexWish &wish);
    void serveRest(RowReader &reader, const TableIndex &begun);
    void servePage(RowReader &reader, const PageRequest &request, const RowFilter &filter, quint64 generation);
    void serveStaged(RowReader &reader, const QByteArrayList &labels);
    void reportStates(RowReader &reader);
    void reportFailure(const StoreError &error);

    Mapping m_mapping;
    EngineSettings m_settings;
    Callbacks m_callbacks;
    Interrupt m_interrupt;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    Wishes m_wishes;
    quint64 m_generation = 0;
    RowFilter m_filter;
    bool m_readingIndex = false;
    bool m_reading = false;
    bool m_stopping = false;
    bool m_hurry = false;
    std::pair<bool, bool> m_reportedUp{false, false}; ///< PostgreSQL, Redis; the thread's own
    std::thread m_thread;                             ///< last: starts when everything above is there
};

} // namespace throughline
