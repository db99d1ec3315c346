// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/bulkwriter.h"
#include "generator/writepath.h"

#include <QHash>

namespace throughline {

/// The engine itself: single edits as the grid makes them, batches by its BulkWriter. Knows the staleness: what Redis'
/// answer took after PostgreSQL's.
class DirectPath final : public WritePath
{
public:
    DirectPath(const Mapping &mapping, const EngineSettings &settings, const Interrupt *interrupt);

    void open() override;
    [[nodiscard]] std::vector<WriteAnswers> send(WriteBatch batch) override;
    [[nodiscard]] std::vector<WriteAnswers> finish(Instant until) override;
    void upkeep() override;

private:
    [[nodiscard]] WriteAnswers answersOf(BulkOutcome outcome);
    [[nodiscard]] std::vector<WriteAnswers> answersOf(std::vector<BulkOutcome> outcomes);

    WriteThrough m_engine;
    BulkWriter m_bulk;
    QHash<OpId, std::vector<size_t>> m_tickets; ///< of the batches that are not answered
};

} // namespace throughline
