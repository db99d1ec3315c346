// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/messageconsumer.h"

#include "messaging/redisstreamsource.h"

#include <utility>

namespace throughline {

namespace {

constexpr milliseconds idleWait{200}; ///< how long an end is not noticed while nothing comes
constexpr milliseconds betweenReports{100};

} // namespace

MessageConsumer::MessageConsumer(MessageSource &source, MessageApplier &applier, Patience &patience,
                                 const ConsumeSettings &settings, std::function<void(const ConsumeReport &)> reported)
    : m_source(source)
    , m_applier(applier)
    , m_patience(patience)
    , m_settings(settings)
    , m_reported(std::move(reported))
{
}

ConsumeReport MessageConsumer::run()
{
    Result<bool> goesOn = true;
    while (goesOn && *goesOn && !m_patience.isEnding())
        goesOn = step();
    end(goesOn);
    return m_report;
}

/// False when nothing waits and that is the end.
Result<bool> MessageConsumer::step()
{
    const milliseconds wait = m_settings.once ? milliseconds(0) : idleWait;
    const auto batch = m_patience.until([&] { return m_source.next(m_settings.batch, wait); });
    if (!batch)
        return Failure(batch.error());
    m_report.gone += batch->gone;
    if (!batch->messages.empty()) {
        if (!m_firstMessage)
            m_firstMessage = Clock::now();
        if (const auto handled = handle(batch->messages); !handled)
            return Failure(handled.error());
    }
    m_applier.upkeep();
    if (Clock::now() >= m_nextReport)
        tell();
    return !m_settings.once || !batch->messages.empty() || batch->gone > 0;
}

Result<void> MessageConsumer::handle(const std::vector<Message> &messages)
{
    const auto fates = m_applier.apply(messages);
    m_report.committed = m_applier.committed();
    if (!fates)
        return Failure(fates.error());
    std::vector<QByteArray> done;
    std::vector<DeadLetter> dead;
    for (size_t i = 0; i < messages.size(); ++i) {
        if ((*fates)[i].kind == MessageFate::Kind::Dead)
            dead.push_back({messages[i], (*fates)[i].reason});
        else
            done.push_back(messages[i].id);
    }
    const auto settled = m_patience.until([&] { return m_source.settle(done, dead); });
    if (!settled)
        return settled;
    count(*fates);
    return {};
}

void MessageConsumer::count(const std::vector<MessageFate> &fates)
{
    m_report.received += std::ssize(fates);
    for (const MessageFate &fate : fates) {
        switch (fate.kind) {
        case MessageFate::Kind::Applied:
            ++m_report.applied;
            break;
        case MessageFate::Kind::Superseded:
            ++m_report.superseded;
            break;
        case MessageFate::Kind::Dead:
            ++m_report.dead;
            break;
        }
    }
    m_report.elapsedS = std::chrono::duration<double>(Clock::now() - *m_firstMessage).count();
}

void MessageConsumer::end(const Result<bool> &last)
{
    // Told to end while a store is away: what is in hand stays pending, and is nobody's mistake.
    if (!last && !(m_patience.isEnding() && messageplan::isPassing(last.error())))
        m_report.failed = last.error();
    std::ignore = m_source.leave();
    m_report.pending = m_source.pending().value_or(0);
    m_report.hindered.reset();
    m_report.ended = true;
}

void MessageConsumer::tellHindrance(const std::optional<StoreError> &error)
{
    m_report.hindered = error;
    tell();
}

void MessageConsumer::tell()
{
    m_nextReport = Clock::now() + betweenReports;
    m_reported(m_report);
}

void consumeRedisStream(const Mapping &mapping, const EngineSettings &settings, const ConsumeSettings &consume,
                        const StopSignal &signal, const std::function<void(const ConsumeReport &)> &reported)
{
    PostgresLink postgres(mapping, settings, LinkRole::Writer, &signal.breakOff);
    RedisLink redis(mapping, settings, &signal.breakOff);
    MessageConsumer *told = nullptr; // made last, as it uses the others
    Patience patience(signal, [&told](const std::optional<StoreError> &error) { told->tellHindrance(error); });
    RedisStreamSource source(redis, consume, settings.readDeadline);
    MessageApplier applier(mapping, settings, consume.stream, postgres, redis, patience);
    MessageConsumer consumer(source, applier, patience, consume, reported);
    told = &consumer;
    reported(consumer.run());
}

} // namespace throughline
