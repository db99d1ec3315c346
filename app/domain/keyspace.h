// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"

#include <optional>
#include <vector>

namespace throughline {

/// Which names in Redis belong to a mapping. What another mapping with a longer prefix has, what holds braces and what
/// cannot be a key of the table's type is not ours, whoever put it there.
class Keyspace final
{
public:
    /// `otherPrefixes` are those of the other mappings.
    Keyspace(const Mapping &mapping, const std::vector<QByteArray> &otherPrefixes);

    /// The key of the row whose hash has this name.
    [[nodiscard]] std::optional<RowKey> keyOfHash(const QByteArray &name) const;
    /// The same for the name of a lease.
    [[nodiscard]] std::optional<RowKey> keyOfLease(const QByteArray &name) const;
    /// The same for what a client has staged, and for the work in progress that it becomes. The key may be none of the
    /// table's type: whoever staged it is told so.
    [[nodiscard]] std::optional<RowKey> keyOfStaged(const QByteArray &name) const;
    [[nodiscard]] std::optional<RowKey> keyOfWork(const QByteArray &name) const;
    /// Whether it can be a key of the table's type.
    [[nodiscard]] bool isKey(const RowKey &key) const;
    /// A name that looks like a staged write of this mapping, but is none.
    [[nodiscard]] bool looksStaged(const QByteArray &name) const;

    // Patterns for SCAN and PSUBSCRIBE; they find more than what is ours.
    [[nodiscard]] QByteArray hashPattern() const;
    [[nodiscard]] QByteArray leasePattern() const;
    [[nodiscard]] QByteArray stagedPattern() const;
    /// Staged writes, work in progress, leases and answers.
    [[nodiscard]] QByteArray bracedPattern() const;
    /// What begins like a staged write, whether it is one or not.
    [[nodiscard]] QByteArray looksStagedPattern() const;

private:
    [[nodiscard]] std::optional<RowKey> keyBetweenBraces(const QByteArray &name, QByteArrayView end) const;

    QByteArray m_prefix;
    QByteArray m_stagingPrefix;
    std::vector<QByteArray> m_longerPrefixes;
    ColumnInfo m_key;
};

/// The prefixes of the mappings, each for the keyspaces of the others.
[[nodiscard]] std::vector<QByteArray> prefixesOf(const std::vector<Mapping> &mappings);

} // namespace throughline
