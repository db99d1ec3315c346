// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "messaging/messageapplier.h"
#include "messaging/messagereports.h"
#include "messaging/messagesettings.h"
#include "messaging/messagesource.h"

#include <functional>

namespace throughline {

/// Applies what a source gives out until it is told to end. A message is settled only when its change is in both stores
/// or it lies with the dead letters; whatever ends the program before that, another consumer gets it again, and the
/// gate in PostgreSQL lets it through once. Blocks its thread, the only one that may use it.
class MessageConsumer final
{
public:
    MessageConsumer(MessageSource &source, MessageApplier &applier, Patience &patience, const ConsumeSettings &settings,
                    std::function<void(const ConsumeReport &)> reported);

    /// Until the run is told to end, or for a reason that does not pass; the report says which.
    [[nodiscard]] ConsumeReport run();
    /// What Patience tells.
    void tellHindrance(const std::optional<StoreError> &error);

private:
    [[nodiscard]] Result<bool> step();
    [[nodiscard]] Result<void> handle(const std::vector<Message> &messages);
    void count(const std::vector<MessageFate> &fates);
    void end(const Result<bool> &last);
    void tell();

    MessageSource &m_source;
    MessageApplier &m_applier;
    Patience &m_patience;
    ConsumeSettings m_settings;
    std::function<void(const ConsumeReport &)> m_reported;
    ConsumeReport m_report;
    std::optional<Instant> m_firstMessage;
    Instant m_nextReport{};
};

/// The whole of it with connections of its own, for a thread: a consumer of a Redis Stream.
void consumeRedisStream(const Mapping &mapping, const EngineSettings &settings, const ConsumeSettings &consume,
                        const StopSignal &signal, const std::function<void(const ConsumeReport &)> &reported);

} // namespace throughline
