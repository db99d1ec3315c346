// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strongids.h"

#include <QByteArray>
#include <QString>

namespace throughline {

/// What a client that has staged a write under an id finds there, as its verdict in PostgreSQL has it.
struct GivenAnswer
{
    RowKey key;
    QByteArray uuid;
    bool done = false;
    QString failure; ///< see failureText(); holds no value
};

} // namespace throughline
