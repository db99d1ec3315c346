// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/messageproducer.h"

#include "messaging/redisstreamsink.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 sentAtOnce = 500;
constexpr int keysPerRead = 5000;
constexpr milliseconds betweenReports{100};
constexpr milliseconds longestPause{200};
constexpr int lowestScore = 1000;
constexpr int highestScore = 999999;

Failure impossible(const QString &sentence)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.message = sentence;
    return Failure(error);
}

Result<std::vector<RowKey>> keysOf(const Mapping &mapping, const EngineSettings &settings, const Interrupt *interrupt)
{
    PostgresLink postgres(mapping, settings, LinkRole::Reader, interrupt);
    if (const auto open = postgres.ensure(); !open)
        return Failure(open.error());
    std::vector<RowKey> keys;
    for (std::optional<RowKey> after;;) {
        const auto page =
            postgres.rows().keyVersionsAfter(after, keysPerRead, Clock::now() + settings.statementDeadline);
        if (!page)
            return Failure(page.error());
        for (const auto &[key, version] : *page)
            keys.push_back(key);
        if (std::ssize(*page) < keysPerRead)
            break;
        after = keys.back();
    }
    if (!mapping.fieldNamed(u"score"_s))
        return impossible(
            QCoreApplication::translate("MessageProducer", "%1 has no mapped field \"score\".").arg(mapping.table));
    if (keys.empty())
        return impossible(
            QCoreApplication::translate("MessageProducer", "%1 has no rows to send messages for.").arg(mapping.table));
    return keys;
}

} // namespace

MessageProducer::MessageProducer(std::vector<RowKey> keys, MessageSink &sink, const StopSignal &signal,
                                 Patience &patience, const ProduceSettings &settings,
                                 std::function<void(const ProduceReport &)> reported)
    : m_keys(std::move(keys))
    , m_sink(sink)
    , m_signal(signal)
    , m_patience(patience)
    , m_settings(settings)
    , m_reported(std::move(reported))
    , m_random(settings.seed)
{
}

ProduceReport MessageProducer::run()
{
    while (!m_patience.isEnding() && !isComplete()) {
        const Instant now = Clock::now();
        const qint64 due = dueBy(now);
        if (due <= 0) {
            std::ignore = pauseFor(untilNext(now), &m_signal.stop);
        } else {
            const std::vector<Message> messages = draw(due);
            const auto sent = m_patience.until([&] { return m_sink.send(messages); });
            if (!sent) {
                if (!m_patience.isEnding() || !messageplan::isPassing(sent.error()))
                    m_report.failed = sent.error();
                break;
            }
            m_report.sent += std::ssize(messages);
        }
        m_report.elapsedS = std::chrono::duration<double>(Clock::now() - m_start).count();
        if (Clock::now() >= m_nextReport)
            tell();
    }
    m_report.hindered.reset();
    m_report.ended = true;
    return m_report;
}

/// How many are to be sent now. The times are fixed from the start on, so a store that was away is caught up with.
qint64 MessageProducer::dueBy(Instant now) const
{
    qint64 due = sentAtOnce;
    if (m_settings.rate > 0) {
        const double elapsed = std::chrono::duration<double>(now - m_start).count();
        due = std::min(due, static_cast<qint64>(std::floor(elapsed * m_settings.rate)) + 1 - m_report.sent);
    }
    return m_settings.count > 0 ? std::min(due, m_settings.count - m_report.sent) : due;
}

milliseconds MessageProducer::untilNext(Instant now) const
{
    const std::chrono::duration<double> offset(static_cast<double>(m_report.sent) / m_settings.rate);
    const auto wait = std::chrono::ceil<milliseconds>(m_start + std::chrono::duration_cast<nanoseconds>(offset) - now);
    return std::clamp(wait, milliseconds(1), longestPause);
}

std::vector<Message> MessageProducer::draw(qint64 count)
{
    std::uniform_int_distribution<size_t> anyKey(0, m_keys.size() - 1);
    std::uniform_int_distribution<int> anyScore(lowestScore, highestScore);
    std::vector<Message> messages(static_cast<size_t>(count));
    for (Message &message : messages) {
        message.key = m_keys[anyKey(m_random)].text;
        message.value = QByteArray::number(anyScore(m_random));
    }
    return messages;
}

void MessageProducer::tellHindrance(const std::optional<StoreError> &error)
{
    m_report.hindered = error;
    tell();
}

void MessageProducer::tell()
{
    m_nextReport = Clock::now() + betweenReports;
    m_reported(m_report);
}

void produceRedisStream(const Mapping &mapping, const EngineSettings &settings, const ProduceSettings &produce,
                        const StopSignal &signal, const std::function<void(const ProduceReport &)> &reported)
{
    auto keys = keysOf(mapping, settings, &signal.stop);
    if (!keys) {
        ProduceReport report;
        if (!signal.stop.isRaised())
            report.failed = keys.error();
        report.ended = true;
        reported(report);
        return;
    }
    RedisLink redis(mapping, settings, &signal.breakOff);
    MessageProducer *told = nullptr; // made last, as it uses the others
    Patience patience(signal, [&told](const std::optional<StoreError> &error) { told->tellHindrance(error); });
    RedisStreamSink sink(redis, produce.stream, settings.readDeadline);
    MessageProducer producer(std::move(*keys), sink, signal, patience, produce, reported);
    told = &producer;
    reported(producer.run());
}

} // namespace throughline
