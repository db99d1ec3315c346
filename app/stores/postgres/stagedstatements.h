// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "domain/stagedwrite.h"
#include "stores/postgres/pgstatement.h"
#include "stores/postgres/pgstatements.h"

#include <span>

namespace throughline {

/// Writes the SQL of staged writes (PROTOCOL.md, section 8). Each statement applies what it carries together with the
/// verdicts, so that every write is applied at most once, whoever sends it again. Pure: a mapping in, text out.
class StagedStatements final
{
public:
    explicit StagedStatements(const Mapping &mapping);

    /// Writes to different rows that name the same fields, or that all delete. The result has the row, as far as there
    /// is one (PgStatements::rowOf), then the number of the write from 1, its status, the word for a failure and
    /// whether it was applied now or before. A write without a row of the result has to be sent again.
    [[nodiscard]] PgStatement apply(const OpId &statement, std::span<const StagedWrite> writes) const;
    /// Gives every write that has no verdict yet the verdict `failed`, and returns number, status and reason of those
    /// whose verdict stands.
    [[nodiscard]] PgStatement fail(std::span<const StagedWrite> writes) const;
    /// Those of the keys whose rows somebody else has locked.
    [[nodiscard]] PgStatement lockedKeys(std::span<const StagedWrite> writes) const;

private:
    /// A verdict: what is done, and the reason for which it is not, in SQL over the input t.
    [[nodiscard]] QByteArray verdicts(StagedOp op) const;
    [[nodiscard]] QByteArray upsert(std::span<const FieldChange> fields) const;
    [[nodiscard]] QByteArray remove() const;
    [[nodiscard]] QByteArray verdictOf() const;
    [[nodiscard]] QByteArray answeredBefore() const;
    [[nodiscard]] QByteArray rowOf(const QByteArray &alias) const;
    [[nodiscard]] QByteArray noRow(const QByteArray &key, const QByteArray &version) const;
    [[nodiscard]] QByteArray fieldName(int field) const;

    Mapping m_mapping;
    QByteArray m_table;
    QByteArray m_key;
    QByteArray m_keyCast;
    QByteArray m_label;
    QByteArray m_schemaPrefix;
    QByteArray m_nextVersion;
};

} // namespace throughline
