// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/writepath.h"
#include "messaging/messageapplier.h"
#include "messaging/redisstreamsink.h"
#include "messaging/redisstreamsource.h"

namespace throughline {

/// Producer and consumer of one worker: puts a batch on a stream of its own, reads it back as a group, applies it
/// through the gate and acknowledges it, before the next one. Other consumers know nothing of the stream, which is
/// deleted at the end with what the gate has noted for it. Belongs to its worker's thread.
class MessagePath final : public WritePath
{
public:
    MessagePath(const Mapping &mapping, const EngineSettings &settings, const StopSignal &signal, QByteArray stream);
    ~MessagePath() override;

    void open() override;
    [[nodiscard]] std::vector<WriteAnswers> send(WriteBatch batch) override;
    [[nodiscard]] std::vector<WriteAnswers> finish(Instant until) override;
    void upkeep() override;
    [[nodiscard]] bool repeatsRows() const override { return true; }

private:
    using Fates = std::vector<std::optional<MessageFate>>; ///< in the order of the batch
    [[nodiscard]] QByteArray valueOf(const std::vector<FieldChange> &changes) const;
    [[nodiscard]] Result<void> consume(Fates &fates);
    [[nodiscard]] Result<void> settle(const std::vector<Message> &messages, const std::vector<MessageFate> &fates);
    [[nodiscard]] static WriteAnswers answersOf(const WriteBatch &batch, const Fates &fates,
                                                const std::optional<StoreError> &error);

    Mapping m_mapping;
    EngineSettings m_settings;
    const StopSignal &m_signal;
    QByteArray m_stream;
    PostgresLink m_postgres;
    RedisLink m_redis;
    Patience m_patience;
    RedisStreamSink m_sink;
    RedisStreamSource m_source;
    MessageApplier m_applier;
    qint64 m_sent = 0; ///< messages; their numbers name them when they come back
};

} // namespace throughline
