// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/value.h"

#include <vector>

namespace throughline {

enum class Reuse {
    Once,  ///< sent as it is
    Often, ///< prepared at its first use on a connection
};

/// A statement with its parameters as text.
struct PgStatement
{
    QByteArray sql;
    std::vector<Value> parameters;
    Reuse reuse = Reuse::Once;
};

} // namespace throughline
