// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/enginesettings.h"
#include "stores/postgres/stagedstore.h"

#include <optional>
#include <span>
#include <vector>

namespace throughline {

/// What PostgreSQL has said to one staged write.
struct StagedFate
{
    std::optional<StagedVerdict> verdict; ///< none: nothing is decided, it is to be tried again
    std::optional<StoreError> error;      ///< why not
    OpId statement;                       ///< that carried it, when it was applied now
};

/// Carries staged writes to PostgreSQL (PROTOCOL.md, S3 and S4): many in one statement, and alone what is refused.
/// Sending a write again is always safe, since its verdict is committed with it. Blocks its thread.
class StagedApplier final
{
public:
    StagedApplier(StagedStore &store, const Mapping &mapping, const EngineSettings &settings);

    /// Writes to different rows; one fate for each, in order. Those that are refused already get their verdict only.
    [[nodiscard]] std::vector<StagedFate> apply(std::vector<StagedWrite> writes);
    /// The same for writes that had to wait before: each alone, and those last whose rows are still locked.
    [[nodiscard]] std::vector<StagedFate> applyAgain(std::vector<StagedWrite> writes);

private:
    using Group = std::vector<size_t>; ///< indexes of writes that one statement can carry
    [[nodiscard]] std::vector<Group> grouped(const Group &sent) const;
    [[nodiscard]] Group begin(std::vector<StagedWrite> writes);
    [[nodiscard]] std::vector<StagedFate> end();
    void applyGroup(Group group);
    /// Those of the group that have no verdict yet.
    [[nodiscard]] Group takeVerdicts(const Group &group, const OpId &statement,
                                     std::vector<std::optional<StagedVerdict>> &verdicts);
    /// Leaves those whose rows are locked for later, and returns the others.
    [[nodiscard]] Group withoutLocked(const Group &group, const StoreError &error);
    void separate(const Group &group, const StoreError &error);
    void refuse(const Group &refused);
    void refuseLater(size_t index, const StoreError &error);
    void leave(const Group &group, const StoreError &error);
    [[nodiscard]] bool isConcurrent(const StoreError &error) const;
    [[nodiscard]] std::vector<StagedWrite> writesOf(const Group &group) const;
    [[nodiscard]] Instant late() const;

    StagedStore &m_store;
    Mapping m_mapping;
    EngineSettings m_settings;
    std::vector<StagedWrite> m_writes; ///< of the present call
    std::vector<StagedFate> m_fates;
    Group m_refused; ///< whose verdicts are still to be written
};

} // namespace throughline
