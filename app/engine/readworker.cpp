// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/readworker.h"

#include "engine/rowreader.h"

#include <utility>

namespace throughline {

namespace {

constexpr milliseconds pingInterval{2000};

} // namespace

ReadWorker::ReadWorker(Mapping mapping, EngineSettings settings, Callbacks callbacks)
    : m_mapping(std::move(mapping))
    , m_settings(std::move(settings))
    , m_callbacks(std::move(callbacks))
    , m_thread([this] { run(); })
{
}

ReadWorker::~ReadWorker()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
        m_interrupt.raise();
        m_changed.notify_all();
    }
    m_thread.join();
}

void ReadWorker::wantIndex(quint64 generation, const RowFilter &filter)
{
    const std::lock_guard lock(m_mutex);
    m_generation = generation;
    m_filter = filter;
    m_wishes.index = IndexWish{generation, filter};
    m_wishes.begun.reset();
    m_wishes.pages.clear();
    // Counting a large table, or a search, takes long and its answer is not wanted any more.
    if (m_readingIndex)
        m_interrupt.raise();
    m_changed.notify_all();
}

void ReadWorker::wantPages(quint64 generation, std::vector<PageRequest> pages)
{
    const std::lock_guard lock(m_mutex);
    if (generation != m_generation)
        return;
    m_wishes.pages = std::move(pages);
    m_changed.notify_all();
}

void ReadWorker::wantPair(const RowKey &key)
{
    const std::lock_guard lock(m_mutex);
    m_wishes.pair = key;
    m_changed.notify_all();
}

void ReadWorker::wantStaged(const QByteArrayList &labels)
{
    const std::lock_guard lock(m_mutex);
    m_wishes.staged = labels;
    m_changed.notify_all();
}

void ReadWorker::cancel()
{
    const std::lock_guard lock(m_mutex);
    m_wishes = {};
    if (m_reading)
        m_interrupt.raise();
}

void ReadWorker::retryNow()
{
    const std::lock_guard lock(m_mutex);
    m_hurry = true;
    m_changed.notify_all();
}

void ReadWorker::run()
{
    RowReader reader(m_mapping, m_settings, &m_interrupt);
    std::unique_lock lock(m_mutex);
    Instant nextPing = Clock::now();
    while (!m_stopping) {
        if (std::exchange(m_hurry, false)) {
            reader.postgres().backoff().hurry(Clock::now());
            reader.redis().backoff().hurry(Clock::now());
            nextPing = Clock::now();
        }
        m_interrupt.clear();
        if (Clock::now() >= nextPing) {
            lock.unlock();
            reader.postgres().ping();
            reader.redis().ping();
            reportStates(reader);
            const bool bothUp = reader.postgres().health().isUp() && reader.redis().health().isUp();
            nextPing = Clock::now() + (bothUp ? pingInterval : m_settings.firstRetry);
            lock.lock();
        } else if (m_wishes.any()) {
            m_reading = true;
            serveOne(reader, lock);
            m_reading = false;
            // Before the next attempt to connect, which may take long.
            if (reader.postgres().health().isUp() != m_reportedUp.first ||
                reader.redis().health().isUp() != m_reportedUp.second)
                reportStates(reader);
        } else {
            m_changed.wait_until(lock, nextPing, [this] { return m_stopping || m_hurry || m_wishes.any(); });
        }
    }
}

/// A new index first, because it makes the rest stale; then the row under the cursor, what is in view, the verdicts on
/// staged writes, and last the size of the table.
void ReadWorker::serveOne(RowReader &reader, std::unique_lock<std::mutex> &lock)
{
    if (const auto wish = std::exchange(m_wishes.index, std::nullopt)) {
        m_readingIndex = true;
        lock.unlock();
        serveIndex(reader, *wish);
    } else if (const auto key = std::exchange(m_wishes.pair, std::nullopt)) {
        lock.unlock();
        m_callbacks.pair(reader.pair(*key));
    } else if (!m_wishes.pages.empty()) {
        const PageRequest request = m_wishes.pages.front();
        m_wishes.pages.erase(m_wishes.pages.begin());
        const RowFilter filter = m_filter;
        const quint64 generation = m_generation;
        lock.unlock();
        servePage(reader, request, filter, generation);
    } else if (const auto labels = std::exchange(m_wishes.staged, std::nullopt)) {
        lock.unlock();
        serveStaged(reader, *labels);
    } else {
        const TableIndex begun = *std::exchange(m_wishes.begun, std::nullopt);
        m_readingIndex = true;
        lock.unlock();
        serveRest(reader, begun);
    }
    lock.lock();
    m_readingIndex = false;
}

void ReadWorker::serveIndex(RowReader &reader, const IndexWish &wish)
{
    auto index = reader.beginIndex(wish.filter);
    if (!index) {
        reportFailure(index.error());
        return;
    }
    index->generation = wish.generation;
    m_callbacks.index(*index);
    const std::lock_guard lock(m_mutex);
    if (!index->complete && wish.generation == m_generation)
        m_wishes.begun = std::move(*index);
}

void ReadWorker::serveRest(RowReader &reader, const TableIndex &begun)
{
    auto index = reader.completeIndex(begun);
    if (index)
        m_callbacks.index(std::move(*index));
    else
        reportFailure(index.error());
}

void ReadWorker::servePage(RowReader &reader, const PageRequest &request, const RowFilter &filter, quint64 generation)
{
    auto rows = reader.page(filter, request);
    if (!rows) {
        reportFailure(rows.error());
        return;
    }
    const bool outgrown = std::ssize(*rows) > reader.mostRowsOfPage();
    if (outgrown)
        rows->clear();
    m_callbacks.page({generation, request, std::move(*rows), outgrown});
}

/// Without an answer there is nothing to say: it is asked again in a while, and a store that is away says so itself.
void ReadWorker::serveStaged(RowReader &reader, const QByteArrayList &labels)
{
    if (auto records = reader.stagedRecords(labels))
        m_callbacks.staged(std::move(*records));
}

void ReadWorker::reportStates(RowReader &reader)
{
    const StoreStates states{reader.postgres().health(), reader.redis().health()};
    m_reportedUp = {states.postgres.isUp(), states.redis.isUp()};
    m_callbacks.statesChanged(states);
}

void ReadWorker::reportFailure(const StoreError &error)
{
    // A read that was superseded or cancelled has nobody who waits for it.
    if (error.kind != ErrorKind::Interrupted)
        m_callbacks.failed(error);
}

} // namespace throughline
