// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/storestatus.h"

namespace throughline::cli {

/// Whether the cache is being kept up to date by anybody. A plain value.
struct GatewayHealth
{
    int exitCode = 0;
    QStringList reasons; ///< why it is not; a sentence each

    [[nodiscard]] bool good() const { return reasons.isEmpty(); }
    [[nodiscard]] static GatewayHealth of(const StoreStatus &status);
};

[[nodiscard]] QJsonObject healthJson(const GatewayHealth &health, const StoreStatus &status);

} // namespace throughline::cli
