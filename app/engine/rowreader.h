// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/stagedrecord.h"
#include "engine/rowpair.h"
#include "engine/storelink.h"
#include "engine/tableindex.h"

namespace throughline {

/// Reads for people: pages, the page index, one row from both stores. Changes nothing in either store. Blocks its
/// thread, the only one that may use it.
class RowReader final
{
public:
    RowReader(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt);

    /// The first page and what is known cheaply of the size: enough to show something at once.
    [[nodiscard]] Result<TableIndex> beginIndex(const RowFilter &filter);
    /// The whole index, exactly counted.
    [[nodiscard]] Result<TableIndex> completeIndex(TableIndex begun);
    /// One row more than mostRowsOfPage() when there are more.
    [[nodiscard]] Result<std::vector<Row>> page(const RowFilter &filter, const PageRequest &request);
    /// Others may have put any number of rows between the keys of a page since its index was read.
    [[nodiscard]] int mostRowsOfPage() const noexcept { return 5 * m_settings.pageSize; }
    /// Never fails as a whole: each store that does not answer leaves its error in the pair.
    [[nodiscard]] RowPair pair(const RowKey &key);
    /// Rows and hashes of many keys; for comparing.
    [[nodiscard]] Result<std::vector<RowPair>> pairs(const std::vector<RowKey> &keys);

    /// The newest verdicts on staged writes, whoever gave them, and of the failed ones at least as many again; in no
    /// order, and some twice.
    [[nodiscard]] Result<std::vector<StagedRecord>> stagedRecords(const QByteArrayList &labels);

    [[nodiscard]] PostgresLink &postgres() noexcept { return m_postgres; }
    [[nodiscard]] RedisLink &redis() noexcept { return m_redis; }

private:
    [[nodiscard]] Instant soon() const;
    [[nodiscard]] Instant late() const;

    Mapping m_mapping;
    EngineSettings m_settings;
    PostgresLink m_postgres;
    RedisLink m_redis;
};

} // namespace throughline
