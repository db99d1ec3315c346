// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <QByteArray>

namespace throughline {

/// What the original called them.
inline constexpr auto defaultStream = "score-changes";
inline constexpr auto defaultGroup = "score-changes-consumer-group";

/// How messages are consumed.
struct ConsumeSettings
{
    QByteArray stream = defaultStream;
    QByteArray group = defaultGroup;
    size_t batch = 1000;             ///< messages read at once
    milliseconds claimAfter{30'000}; ///< a consumer that has settled nothing for so long is taken to be gone
    bool once = false;               ///< ends when nothing waits
};

/// How messages are produced.
struct ProduceSettings
{
    QByteArray stream = defaultStream;
    double rate = 1;  ///< messages per second, 0 = unlimited
    qint64 count = 0; ///< messages, 0 = no limit
    quint64 seed = 1; ///< the same seed and rows, the same sequence
};

} // namespace throughline
