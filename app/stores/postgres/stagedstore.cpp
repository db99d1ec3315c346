// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/stagedstore.h"

namespace throughline {

namespace {

/// The place of the write with this number, from 1.
std::optional<StagedVerdict> &placeOf(std::vector<std::optional<StagedVerdict>> &verdicts, const QByteArray &number)
{
    return verdicts.at(static_cast<size_t>(number.toLongLong() - 1));
}

} // namespace

StagedStore::StagedStore(PgConnection &connection, const Mapping &mapping)
    : m_connection(connection)
    , m_rows(mapping)
    , m_statements(mapping)
    , m_fields(mapping.fields.size())
{
}

Result<void> StagedStore::tune(PgConnection &connection, milliseconds lockTimeout, Instant deadline)
{
    // Planning the statement anew each time takes longer than running it. The plan is kept, so rows are to be found by
    // index however few there were when it was made.
    const auto set = connection.runScript("SET plan_cache_mode=force_generic_plan;SET enable_seqscan=off;SET jit=off;"
                                          "SET lock_timeout=" +
                                              QByteArray::number(static_cast<qint64>(lockTimeout.count())),
                                          deadline);
    return set ? Result<void>() : Failure(set.error());
}

Result<std::vector<std::optional<StagedVerdict>>>
StagedStore::apply(const OpId &statement, std::span<const StagedWrite> writes, Instant deadline)
{
    const auto result = m_connection.run(m_statements.apply(statement, writes), deadline);
    if (!result)
        return Failure(result.error());
    const int behind = static_cast<int>(m_fields) + 2; // key and version
    std::vector<std::optional<StagedVerdict>> verdicts(writes.size());
    for (int i = 0; i < result->rows(); ++i) {
        StagedVerdict verdict;
        verdict.done = result->text(i, behind + 1) == "done";
        verdict.failure = QString::fromUtf8(result->text(i, behind + 2));
        verdict.before = result->text(i, behind + 3) == "before";
        const bool hasVersion = result->value(i, 1).has_value();
        if (hasVersion && writes.front().op == StagedOp::Delete && !verdict.before) {
            verdict.deleted = RowVersion{result->text(i, 1).toLongLong()};
            verdict.deletedKey = {result->text(i, 0)};
        } else if (hasVersion)
            verdict.row = m_rows.rowOf(*result, i);
        placeOf(verdicts, result->text(i, behind)) = std::move(verdict);
    }
    return verdicts;
}

Result<std::vector<std::optional<StagedVerdict>>> StagedStore::fail(std::span<const StagedWrite> writes,
                                                                    Instant deadline)
{
    const auto result = m_connection.run(m_statements.fail(writes), deadline);
    if (!result)
        return Failure(result.error());
    std::vector<std::optional<StagedVerdict>> verdicts(writes.size());
    for (int i = 0; i < result->rows(); ++i) {
        StagedVerdict verdict;
        verdict.done = result->text(i, 1) == "done";
        verdict.failure = QString::fromUtf8(result->text(i, 2));
        placeOf(verdicts, result->text(i, 0)) = std::move(verdict);
    }
    return verdicts;
}

Result<std::vector<RowKey>> StagedStore::lockedKeys(std::span<const StagedWrite> writes, Instant deadline)
{
    const auto result = m_connection.run(m_statements.lockedKeys(writes), deadline);
    if (!result)
        return Failure(result.error());
    std::vector<RowKey> keys;
    for (int i = 0; i < result->rows(); ++i)
        keys.push_back({result->text(i, 0)});
    return keys;
}

} // namespace throughline
