// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/writethrough.h"
#include "generator/writepath.h"

namespace throughline {

/// The engine itself, as the grid's edits use it. Knows the staleness: what Redis' answer took after PostgreSQL's.
class DirectPath final : public WritePath
{
public:
    DirectPath(const Mapping &mapping, const EngineSettings &settings, const Interrupt *interrupt);

    void open() override;
    [[nodiscard]] std::vector<WriteAnswers> send(WriteBatch batch) override;
    [[nodiscard]] std::vector<WriteAnswers> finish(Instant until) override;
    void upkeep() override;

private:
    WriteThrough m_engine;
};

} // namespace throughline
