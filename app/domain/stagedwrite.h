// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"

#include <QString>

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace throughline {

/// What a staged write asks for: the first character of its field `#`.
enum class StagedOp : char {
    Upsert = '=',        ///< write row and hash; also what an absent `#` means
    Delete = '~',        ///< delete both
    DropFromCache = '-', ///< the hash only
    CacheOnly = '+',     ///< change the hash only; refused unless the mapping allows it
    Unknown = '?',
};

/// Why a staged write failed, as the figures count it.
enum class StagedRefusal {
    None,
    Operation,    ///< `#` names no operation, or an answer that cannot be given
    Key,          ///< the name holds no key of the table
    Field,        ///< a field outside the mapping
    InvalidValue, ///< a value that its column does not take
    Constraint,
    Conflict,  ///< the row has another version than the write names
    CacheOnly, ///< `+` without allow_cache_only
    NotAHash,
    TimedOut, ///< a lock or a concurrent change stood in its way until the deadline
    Other,
};
inline constexpr int stagedRefusals = 11;

/// The word for a refusal in figures and metrics, e.g. `cache_only`; `none` for no refusal.
[[nodiscard]] QString nameOf(StagedRefusal refusal);

/// A hash that a client has staged, taken apart. A value; see parseStagedWrite().
struct StagedWrite
{
    RowKey key;
    StagedOp op = StagedOp::Upsert;
    QByteArray uuid;                  ///< names the stream of the answer; empty: nobody waits for one
    OpId id;                          ///< the same for the same content under the same uuid: applied once
    std::optional<RowVersion> base;   ///< the version that the row has to have
    std::vector<FieldChange> changes; ///< in the order of Mapping::fields
    std::vector<std::pair<QByteArray, QByteArray>> unmapped; ///< kept in the hash where the mapping says so
    StagedRefusal refusal = StagedRefusal::None;
    QString reason; ///< of the refusal: a whole sentence that holds no value
};

/// Takes the fields of a staged hash apart and checks what needs no database. `nonce` stands in for an absent uuid.
[[nodiscard]] StagedWrite parseStagedWrite(const Mapping &mapping, const RowKey &key,
                                           std::span<const std::pair<QByteArray, QByteArray>> fields,
                                           const QByteArray &nonce);

} // namespace throughline
