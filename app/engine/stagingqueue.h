// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/strongids.h"

#include <QHash>

#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace throughline {

/// Which keys have something staged, as far as this program knows, and when each is to be looked at. Pure; belongs to
/// one thread.
class StagingQueue final
{
public:
    /// Something was staged under the key, or perhaps was.
    void notice(const RowKey &key, Instant now);
    /// Removes and returns keys whose time has come, in the order they were noticed.
    [[nodiscard]] std::vector<RowKey> takeDue(Instant now, size_t atMost);
    /// Nothing is left to do for the key that was taken, unless more was noticed meanwhile.
    void finish(const RowKey &key, Instant now);
    /// The key that was taken is to be looked at again; `isHeld` when its write is in our hand.
    void retry(const RowKey &key, Instant due, bool isHeld);

    /// When the key that was taken was noticed.
    [[nodiscard]] Instant noticedAt(const RowKey &key) const;
    /// What was taken for the key is named by `nonce`. False when it is what was in our hand before; else its time
    /// begins now, whatever had been there.
    [[nodiscard]] bool begin(const RowKey &key, const QByteArray &nonce, Instant now);
    /// Since when the write of the key is in our hand and waits; none when this is the first attempt.
    [[nodiscard]] std::optional<Instant> heldSince(const RowKey &key) const;
    /// How often the key that was taken has been retried.
    [[nodiscard]] int attempts(const RowKey &key) const;
    /// When the next key is due; none without any.
    [[nodiscard]] std::optional<Instant> nextDue() const;
    /// How many keys were noticed before this time and are not finished.
    [[nodiscard]] qint64 countSince(Instant before) const;

private:
    enum class Place { Ready, Taken, Waiting };
    struct Entry
    {
        Place place = Place::Ready;
        Instant noticed{};
        int attempts = 0;
        std::optional<Instant> heldSince;
        QByteArray nonce;            ///< of what was taken last
        bool isNoticedAgain = false; ///< while it was taken or waiting
    };

    QHash<RowKey, Entry> m_entries;
    std::deque<RowKey> m_ready;
    std::multimap<Instant, RowKey> m_waiting;
};

} // namespace throughline
