// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/ownpushes.h"
#include "engine/storelink.h"
#include "messaging/messageplan.h"
#include "messaging/patience.h"
#include "stores/postgres/messagestore.h"

#include <span>
#include <vector>

namespace throughline {

/// What became of one message.
struct MessageFate
{
    enum class Kind {
        Superseded, ///< newer messages have set all of its fields, or it had been applied before
        Applied,    ///< at least one field is as it said
        Dead,       ///< it can never be applied; `reason` says why
    };
    Kind kind = Kind::Superseded;
    QString reason;
};

/// Carries messages through both stores: PostgreSQL first, then the hashes, as WriteThrough does it for edits. The
/// difference is what protects from older writers: not the version a row was read with, but the position of the newest
/// message per field. Any batch may be given again, as a whole or in part. Blocks its thread; the links belong to
/// whoever calls.
class MessageApplier final
{
public:
    MessageApplier(Mapping mapping, const EngineSettings &settings, QByteArray stream, PostgresLink &postgres,
                   RedisLink &redis, Patience &patience);

    /// One fate for each message; when they are known, what was changed is in the cache as well. Fails only when the
    /// run ends while a store is away, or for a reason that does not pass: then no message may be settled.
    [[nodiscard]] Result<std::vector<MessageFate>> apply(std::span<const Message> messages);
    /// Takes what is safe out of the outbox: to be called now and then.
    void upkeep();

    /// Versions of rows that were committed.
    [[nodiscard]] qint64 committed() const noexcept { return m_committed; }

private:
    using Group = std::vector<messageplan::MergedWish>;

    [[nodiscard]] Result<void> applyGroup(Group group);
    [[nodiscard]] Result<void> applyOneByOne(std::vector<size_t> wishes);
    /// The refusal when there is one; then nothing of the group was changed.
    [[nodiscard]] Result<std::optional<StoreError>> attempt(const Group &group);
    [[nodiscard]] Result<void> take(const Group &group, const OpId &op, std::vector<WishApplied> applied);
    [[nodiscard]] Result<std::vector<Row>> settleOthers(const Group &group, const std::vector<WishApplied> &applied);
    [[nodiscard]] Result<void> push(const OpId &op, std::span<const Row> changed, std::span<const Row> others);
    [[nodiscard]] Result<std::vector<RowKey>> putAll(std::span<const CachePut> puts);
    void bury(const messageplan::MergedWish &merged, const QString &reason);
    void noteApplied(const messageplan::MergedWish &merged, const std::vector<bool> &passed);
    [[nodiscard]] Instant late() const { return Clock::now() + m_settings.statementDeadline; }

    Mapping m_mapping;
    EngineSettings m_settings;
    PostgresLink &m_postgres;
    RedisLink &m_redis;
    Patience &m_patience;
    MessageStore m_store;
    OwnPushes m_pushes;
    qint64 m_committed = 0;

    // Of the batch in hand:
    std::vector<RowWish> m_wishes;
    std::vector<size_t> m_messages; ///< for each wish, the index of its message
    std::vector<MessageFate> m_fates;
    std::vector<size_t> m_refused; ///< wishes that stood in a row which was refused alone
    int m_unseenRows = 0;          ///< how often a row was there after a statement had not found it
};

} // namespace throughline
