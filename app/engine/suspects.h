// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "domain/cachedrow.h"
#include "domain/rowcompare.h"

#include <QSet>

#include <vector>

namespace throughline {

/// One key as both stores held it at one look.
struct KeyLook
{
    RowKey key;
    RowComparison comparison;
    CachedRow::State state = CachedRow::State::Absent;
    QByteArray version;    ///< of the hash
    RowVersion rowVersion; ///< none without a row
};

/// A key that differed at its last look.
struct Suspect
{
    RowKey key;
    CachedRow::State state = CachedRow::State::Absent;
    QByteArray version;
    RowVersion rowVersion;
    int looks = 1;
};

enum class NextLook {
    Agrees,    ///< the stores agree now
    Differs,   ///< they differ still, and no edit can be the reason
    Changing,  ///< they differ, but an edit came between the looks: to be looked at again
    Unsettled, ///< the same, too often
};

/// What another look at a suspect tells: one that read the hash before the row, when the edits of the look before must
/// have arrived.
[[nodiscard]] NextLook judge(const Suspect &before, const KeyLook &look);

/// Keys to be looked at again: an edit may stand between the two stores. Pure: it is told what was seen and when.
class Suspects final
{
public:
    explicit Suspects(milliseconds settleTime) noexcept;

    /// `looks` is how often the key was looked at, this time included. A key is kept once.
    void add(const KeyLook &look, int looks, Instant now);
    [[nodiscard]] qsizetype size() const noexcept { return std::ssize(m_waiting); }
    /// Memory stays bounded, however much differs.
    [[nodiscard]] bool full() const noexcept { return m_waiting.size() >= 50'000; }
    /// When an edit in flight at the last add() must have arrived.
    [[nodiscard]] Instant due() const noexcept { return m_due; }
    /// In the order in which they were added.
    [[nodiscard]] std::vector<Suspect> takeAll();

private:
    milliseconds m_settleTime;
    Instant m_due{};
    std::vector<Suspect> m_waiting;
    QSet<RowKey> m_keys; ///< of those
};

} // namespace throughline
