// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storelink.h"
#include "messaging/messagereports.h"
#include "messaging/messagesettings.h"
#include "messaging/messagesink.h"
#include "messaging/patience.h"

#include <functional>
#include <random>
#include <vector>

namespace throughline {

/// Sends random scores for rows of the table, as the original's producer did, at a steady rate or as fast as they are
/// taken. Blocks its thread, the only one that may use it.
class MessageProducer final
{
public:
    MessageProducer(std::vector<RowKey> keys, MessageSink &sink, const StopSignal &signal, Patience &patience,
                    const ProduceSettings &settings, std::function<void(const ProduceReport &)> reported);

    [[nodiscard]] ProduceReport run();
    /// What Patience tells.
    void tellHindrance(const std::optional<StoreError> &error);

private:
    [[nodiscard]] qint64 dueBy(Instant now) const;
    [[nodiscard]] milliseconds untilNext(Instant now) const;
    [[nodiscard]] std::vector<Message> draw(qint64 count);
    [[nodiscard]] bool isComplete() const noexcept { return m_settings.count > 0 && m_report.sent >= m_settings.count; }
    void tell();

    std::vector<RowKey> m_keys;
    MessageSink &m_sink;
    const StopSignal &m_signal;
    Patience &m_patience;
    ProduceSettings m_settings;
    std::function<void(const ProduceReport &)> m_reported;
    ProduceReport m_report;
    std::mt19937_64 m_random;
    Instant m_start = Clock::now();
    Instant m_nextReport{};
};

/// The whole of it with connections of its own, for a thread: a producer for a Redis Stream.
void produceRedisStream(const Mapping &mapping, const EngineSettings &settings, const ProduceSettings &produce,
                        const StopSignal &signal, const std::function<void(const ProduceReport &)> &reported);

} // namespace throughline
