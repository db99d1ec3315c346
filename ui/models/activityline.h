// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/outcome.h"
#include "domain/stagedrecord.h"
#include "engine/stagedevent.h"
#include "ui/models/cellstate.h"

#include <QDateTime>

#include <optional>

namespace throughline {

/// Who wanted a write.
enum class ActivityOrigin {
    Window,
    Client,  ///< staged it in Redis, and this window has carried it out
    Gateway, ///< the same, but another program has carried it out, or this one before it started
};

enum class ActivityWork { Write, Add, Delete, DropFromCache, CacheOnly, Unknown };

/// One write and what became of it. Holds no value of a row.
struct ActivityLine
{
    OpId id;
    QDateTime at; ///< UTC
    ActivityOrigin origin = ActivityOrigin::Window;
    QByteArray label; ///< of the table
    RowKey key;
    ActivityWork work = ActivityWork::Unknown;
    CellState result = CellState::None; ///< Saved, CachePending, Failed, Conflict or Unknown
    QString reason;
    std::optional<nanoseconds> took;

    /// Not done, or not known to be.
    [[nodiscard]] bool isFailure() const noexcept
    {
        return result == CellState::Failed || result == CellState::Conflict || result == CellState::Unknown;
    }
};

[[nodiscard]] ActivityLine activityLine(const StagedEvent &event);
[[nodiscard]] ActivityLine activityLine(const StagedRecord &record);
/// None for a write that was taken back before anything was sent.
[[nodiscard]] std::optional<ActivityLine> activityLine(const Outcome &outcome, const QByteArray &label);

} // namespace throughline
