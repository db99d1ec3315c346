// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/value.h"

#include <vector>

namespace throughline {

enum class Reuse {
    Once,  ///< sent as it is
    Often, ///< prepared at its first use on a connection
};

enum class PgFormat {
    Text,
    Binary, ///< as the type's send function writes it
};

/// A statement with its parameters.
struct PgStatement
{
    QByteArray sql;
    std::vector<Value> parameters;
    Reuse reuse = Reuse::Once;
    PgFormat arrays = PgFormat::Text; ///< of all parameters behind the first one, which is text
    PgFormat results = PgFormat::Text;
};

} // namespace throughline
