// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/faultpoint.h"

#include <QByteArray>
#include <QByteArrayList>

#include <functional>
#include <optional>

/// The other side of base/faultpoint.h: who is told of the points, and which bug is switched on.
namespace throughline::faults {

using FaultHook = std::function<void(FaultPoint)>;

/// Called by whichever thread passes a point. To be set before such threads run.
void setFaultHook(FaultHook hook);
void setMutation(std::optional<Mutation> mutation);

/// As the command line names them: POPULATE, NOLEASE, ...
[[nodiscard]] std::optional<Mutation> mutationNamed(const QByteArray &name);
[[nodiscard]] std::optional<FaultPoint> faultPointNamed(const QByteArray &name);
[[nodiscard]] QByteArrayList mutationNames();

} // namespace throughline::faults
