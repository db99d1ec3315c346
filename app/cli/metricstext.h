// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/gatewayfigures.h"

namespace throughline::cli {

/// The figures in Prometheus' text form, version 0.0.4. Holds counts and times, never a value of a row or a key.
[[nodiscard]] QByteArray metricsText(const GatewayFigures &figures);

} // namespace throughline::cli
