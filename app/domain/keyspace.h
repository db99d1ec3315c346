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

    // Patterns for SCAN; they find more than what is ours.
    [[nodiscard]] QByteArray hashPattern() const;
    [[nodiscard]] QByteArray leasePattern() const;

private:
    QByteArray m_prefix;
    std::vector<QByteArray> m_longerPrefixes;
    ColumnInfo m_key;
};

} // namespace throughline
