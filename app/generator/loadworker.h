// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/cachereader.h"
#include "generator/dispatcher.h"
#include "generator/keypool.h"
#include "generator/loadmeter.h"
#include "generator/opids.h"
#include "generator/workload.h"
#include "generator/writepath.h"

#include <atomic>
#include <memory>
#include <vector>

namespace throughline {

/// One sender of a run: takes what is due, draws what it is, sends it in batches and counts the answers, also of the
/// batch before while the next one is under way. Belongs to its thread, and so do the rows of its pool.
class LoadWorker final
{
public:
    struct Means
    {
        KeyPool &pool;
        Dispatcher &dispatcher;
        LoadMeter &meter;
        const std::atomic<bool> &collectsRows;
    };
    LoadWorker(const Mapping &mapping, const EngineSettings &settings, const LoadSettings &load, const MakerOf &of,
               std::unique_ptr<WritePath> path, const Interrupt *interrupt, const Means &means);

    /// Until the run is over and everything that was sent is answered.
    void run();

private:
    /// A write that was sent.
    struct InFlight
    {
        size_t slot;
        LoadOperation::Kind kind;
        Instant due;
        Instant sent;
        bool hasRow; ///< alone, until the answer
    };

    void plan();
    [[nodiscard]] bool sendPlanned();
    [[nodiscard]] bool needsRowAlone(LoadOperation::Kind kind) const;
    [[nodiscard]] bool mayLeave(LoadOperation &operation);
    void send(std::vector<LoadOperation> operations);
    void read(const LoadOperation &operation);
    [[nodiscard]] Edit editOf(LoadOperation &operation, Instant sent);
    [[nodiscard]] size_t ticketFor(const LoadOperation &operation, Instant sent);
    void take(std::vector<WriteAnswers> answers);
    void count(LoadTally &tally, WriteAnswers &answers);
    void show(LoadTally &tally, const InFlight &write, Outcome &outcome) const;
    void noteInPool(const InFlight &write, const Outcome &outcome);
    void release(size_t ticket);
    void upkeep();

    Mapping m_mapping;
    EngineSettings m_settings;
    size_t m_batch;
    size_t m_mostRows; ///< that are shown of this worker in a tenth of a second
    bool m_onlyReads;
    Means m_means;
    Workload m_workload;
    OpIds m_ids;
    std::unique_ptr<WritePath> m_path;
    CacheReader m_reader;

    std::vector<LoadOperation> m_planned; ///< drawn and not sent, the oldest first
    std::vector<Instant> m_times;
    std::vector<InFlight> m_inFlight; ///< by ticket
    std::vector<size_t> m_freeTickets;
    Dispatcher::Turn m_turn = Dispatcher::Turn::Taken; ///< how the last one went
    bool m_storeIsAway = false;
    Instant m_nextUpkeep;
};

} // namespace throughline
