// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/outcome.h"
#include "engine/storelink.h"

namespace throughline {

/// Carries one edit through both stores: PostgreSQL first, then the hash (PROTOCOL.md, E1..E5). Blocks its thread, the
/// only one that may use it; the interrupt it was given ends a wait.
class WriteThrough final
{
public:
    WriteThrough(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt);

    /// Always returns one outcome, whatever happens.
    [[nodiscard]] Outcome write(Edit edit);

    [[nodiscard]] PostgresLink &postgres() noexcept { return m_postgres; }
    [[nodiscard]] RedisLink &redis() noexcept { return m_redis; }

private:
    [[nodiscard]] Result<void> takeKeyAndLease(Edit &edit, Outcome &outcome, QByteArray &token);
    [[nodiscard]] Result<WrittenRow> writeRow(const Edit &edit);
    void answerRepeatedInsert(const Edit &edit, Outcome &outcome);
    void answerConflict(const Edit &edit, Outcome &outcome);
    void push(const Edit &edit, const WrittenRow &written, const QByteArray &token, Outcome &outcome);
    [[nodiscard]] Result<PutReply> putOnce(const WrittenRow &written, const QByteArray &token, Instant deadline);
    [[nodiscard]] Result<PutReply> putUntil(const WrittenRow &written, const QByteArray &token, Instant deadline);
    void warmUp(const RowKey &key, Instant deadline);

    Mapping m_mapping;
    EngineSettings m_settings;
    PostgresLink m_postgres;
    RedisLink m_redis;
};

} // namespace throughline
