// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"
#include "domain/outcome.h"
#include "domain/stagedrecord.h"
#include "engine/rowpair.h"
#include "engine/stagedevent.h"
#include "engine/stagedreport.h"
#include "engine/storestate.h"
#include "engine/tableindex.h"
#include "engine/upkeepreport.h"

#include <QObject>

#include <memory>
#include <vector>

namespace throughline {

struct EngineSettings;

/// The window's one way to the stores: values go in, signals with values come out. Lives on the UI thread and never
/// waits; the edits, reads, upkeep and staged threads behind it own the connections.
///
/// Every submitted edit is answered by exactly one Outcome, also when it is cancelled and at shutdown; one that was not
/// final is followed by a late Outcome when more is known, also for edits of an earlier run of the program. Reads are
/// answered only while they are the newest of their kind.
class StoreService final : public QObject
{
    Q_OBJECT

public:
    StoreService(Mapping mapping, const EngineSettings &settings, QObject *parent = nullptr);
    /// Edits and reads are of the first table; the upkeep serves all of them.
    StoreService(std::vector<Mapping> mappings, const EngineSettings &settings, QObject *parent = nullptr);
    ~StoreService() override;

    [[nodiscard]] const Mapping &mapping() const noexcept;
    [[nodiscard]] StoreStates states() const;

    /// Queues an edit. While PostgreSQL is away it waits in the queue until it is back or is cancelled.
    void submit(Edit edit);
    [[nodiscard]] int unansweredEdits() const noexcept;
    /// Answers every queued edit with Cancelled and breaks off the one being written (its outcome may be Unknown).
    void cancelEdits();

    /// Reads the index of the table; answered by indexReady, once with the first page only and once complete.
    /// Starts a new generation: pages of older ones are not delivered any more.
    quint64 requestIndex(const RowFilter &filter);
    /// The pages that are wanted now; replaces the pages that were wanted before and are not yet being read.
    void wantPages(quint64 generation, std::vector<PageRequest> pages);
    /// Reads one row from both stores; a request that is not yet being read is replaced.
    void wantPair(const RowKey &key);
    /// Reads the verdicts of the last day on staged writes to all tables, whoever gave them; answered by stagedListed,
    /// or not at all.
    void wantStaged();
    /// Breaks off the read that runs now (a search without an index may take long).
    void cancelReads();

    /// Tries to connect now instead of after the back-off.
    void retryNow();

Q_SIGNALS:
    void outcomesReady(const std::vector<throughline::Outcome> &outcomes);
    void indexReady(const throughline::TableIndex &index);
    void pageReady(const throughline::RowPage &page);
    void pairReady(const throughline::RowPair &pair);
    /// In no order, and some twice.
    void stagedListed(const std::vector<throughline::StagedRecord> &records);
    void readFailed(const throughline::StoreError &error);
    void statesChanged(const throughline::StoreStates &states);
    /// What the upkeep of the cache has found; every few seconds, and when it changes.
    void upkeepReported(const throughline::UpkeepReport &report);
    /// What became of writes that clients have staged in Redis, and those that were answered since the last time.
    void stagedReported(const throughline::StagedReport &report, const std::vector<throughline::StagedEvent> &events);

private:
    Q_INVOKABLE void deliver();

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace throughline
