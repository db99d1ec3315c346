// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace throughline {

enum class WarmPolicy { Always, Never };

/// One line of `[fields]`: hash field = column.
struct FieldConfig
{
    QByteArray hashField;
    QString column;

    friend bool operator==(const FieldConfig &, const FieldConfig &) = default;
};

/// A mapping as it was configured: names only, not yet held against the catalog (see Mapping for that).
struct MappingConfig
{
    QString label; ///< names the mapping in the outbox: `users`, or NAME of `[mapping:NAME]`
    QString table; ///< `users` or `public.users`; quoted where SQL would need it
    QString keyColumn;
    QByteArray prefix;        ///< of the hash, e.g. `users:`
    QByteArray stagingPrefix; ///< of a staged write, e.g. `__`
    WarmPolicy warm = WarmPolicy::Always;
    qint64 ttlMs = 0; ///< policy TTL of a hash in ms; 0 leaves what the key has
    bool allowCacheOnly = false;
    bool keepUnmapped = false;
    std::vector<FieldConfig> fields;

    friend bool operator==(const MappingConfig &, const MappingConfig &) = default;

    /// The users table of the original document.
    [[nodiscard]] static MappingConfig users();
};

} // namespace throughline
