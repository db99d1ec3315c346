// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stagingqueue.h"

#include <algorithm>

namespace throughline {

void StagingQueue::notice(const RowKey &key, Instant now)
{
    const auto found = m_entries.find(key);
    if (found == m_entries.end()) {
        m_entries.insert(key, {Place::Ready, now, 0, {}, {}, false});
        m_ready.push_back(key);
    } else if (found->place != Place::Ready) {
        found->isNoticedAgain = true;
    }
}

std::vector<RowKey> StagingQueue::takeDue(Instant now, size_t atMost)
{
    while (!m_waiting.empty() && m_waiting.begin()->first <= now) {
        Entry &entry = m_entries[m_waiting.begin()->second];
        entry.place = Place::Ready;
        m_ready.push_back(m_waiting.begin()->second);
        m_waiting.erase(m_waiting.begin());
    }
    std::vector<RowKey> keys;
    while (!m_ready.empty() && keys.size() < atMost) {
        keys.push_back(std::move(m_ready.front()));
        m_ready.pop_front();
        m_entries[keys.back()].place = Place::Taken;
    }
    return keys;
}

void StagingQueue::finish(const RowKey &key, Instant now)
{
    const bool again = m_entries.take(key).isNoticedAgain;
    if (again)
        notice(key, now);
}

void StagingQueue::retry(const RowKey &key, Instant due, bool isHeld)
{
    Entry &entry = m_entries[key];
    entry.place = Place::Waiting;
    ++entry.attempts;
    if (isHeld && !entry.heldSince)
        entry.heldSince = Clock::now();
    m_waiting.emplace(due, key);
}

Instant StagingQueue::noticedAt(const RowKey &key) const
{
    return m_entries.value(key).noticed;
}

bool StagingQueue::begin(const RowKey &key, const QByteArray &nonce, Instant now)
{
    Entry &entry = m_entries[key];
    if (entry.nonce == nonce)
        return false;
    // What had been in our hand was finished by somebody else, or went with the server.
    if (!entry.nonce.isEmpty()) {
        entry.noticed = now;
        entry.attempts = 0;
        entry.heldSince.reset();
    }
    entry.nonce = nonce;
    return true;
}

std::optional<Instant> StagingQueue::heldSince(const RowKey &key) const
{
    return m_entries.value(key).heldSince;
}

qint64 StagingQueue::countSince(Instant before) const
{
    return std::ranges::count_if(m_entries, [before](const Entry &entry) { return entry.noticed < before; });
}

int StagingQueue::attempts(const RowKey &key) const
{
    return m_entries.value(key).attempts;
}

std::optional<Instant> StagingQueue::nextDue() const
{
    if (!m_ready.empty())
        return Instant();
    return m_waiting.empty() ? std::optional<Instant>() : m_waiting.begin()->first;
}

} // namespace throughline
