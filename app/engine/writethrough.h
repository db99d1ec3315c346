// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/outcome.h"
#include "engine/operationjournal.h"
#include "engine/outcomeresolver.h"
#include "engine/ownpushes.h"
#include "engine/statement.h"
#include "engine/storelink.h"
#include "stores/postgres/keysequence.h"

#include <deque>
#include <vector>

namespace throughline {

/// Carries edits through both stores: PostgreSQL first, then the hashes (PROTOCOL.md, E1..E6 and U1..U4). Blocks its
/// thread, the only one that may use it; the interrupt it was given ends a wait.
class WriteThrough final
{
public:
    WriteThrough(Mapping mapping, const EngineSettings &settings, const Interrupt *interrupt);

    /// Always returns one outcome, whatever happens.
    [[nodiscard]] Outcome write(Edit edit);
    /// The same for updates of the same fields of different rows: one statement, one outbox row, one outcome for each.
    [[nodiscard]] std::vector<Outcome> writeBatch(std::vector<Edit> edits);

    // For what has carried a statement by itself (BulkWriter).
    /// Goes on with a statement whose first attempt ended so.
    [[nodiscard]] std::vector<Outcome> resume(Statement statement, const StoreError &ended);
    /// The rest of a statement of which this is known: pushes, and answers.
    [[nodiscard]] std::vector<Outcome> complete(const Statement &statement, const std::vector<Fate> &fates);
    /// Takes the statement's row out of the outbox in time; every key of it was pushed.
    void retain(RetainedPush push) { m_pushes.add(std::move(push), {}); }
    /// Fills what has no hash, where the policy wants every row cached.
    void warm(const std::vector<RowKey> &keys) { warmUp(keys, Clock::now() + m_settings.ackDeadline); }

    /// What is left to do after the answers, as far as it can be done now: to be called about ten times in the
    /// retention time. Returns the later answers of what was Unknown or CommittedCachePending.
    [[nodiscard]] std::vector<Outcome> upkeep();
    [[nodiscard]] bool needsUpkeep() const noexcept { return !m_pushes.empty() || !m_unsettled.empty(); }
    /// Answers from now on for the operations of unknown outcome that ended programs left; upkeep() settles them.
    void adoptUnsettled();
    [[nodiscard]] size_t unsettled() const noexcept { return m_unsettled.size(); }

    [[nodiscard]] PostgresLink &postgres() noexcept { return m_postgres; }
    [[nodiscard]] RedisLink &redis() noexcept { return m_redis; }

private:
    struct Unsettled
    {
        Statement statement;
        std::vector<Outcome> outcomes; ///< as far as they are known
        QDateTime since;
        bool isNotResent = false; ///< its values are gone, or it was cancelled
    };
    struct PushResult
    {
        std::vector<RowKey> unanswered;
        std::vector<RowKey> absent; ///< have no hash, and should have one
        std::optional<StoreError> error;
    };
    struct Lease
    {
        QByteArray token;
        quint64 connection = 0; ///< a token is worth nothing over another one
    };

    [[nodiscard]] std::vector<Outcome> writeStatement(Statement statement);
    [[nodiscard]] Result<void> prepare(Edit &edit, Lease &lease, Outcome &outcome);
    [[nodiscard]] std::vector<Outcome> blankOutcomes(const Statement &statement) const;
    [[nodiscard]] std::vector<Outcome> answerAll(Statement statement, const Result<std::vector<Fate>> &fates,
                                                 const Lease &lease, const QDateTime &since,
                                                 std::vector<Outcome> outcomes);
    [[nodiscard]] Result<std::vector<Fate>> execute(const Statement &statement);
    [[nodiscard]] Result<std::vector<Fate>> attempts(const Statement &statement, std::optional<StoreError> ended);
    void answer(const Statement &statement, const std::vector<Fate> &fates, const Lease &lease,
                std::vector<Outcome> &outcomes);
    void answerFailure(const Statement &statement, const StoreError &error, const QDateTime &since,
                       std::vector<Outcome> &outcomes);
    [[nodiscard]] bool isReadAgain(const Fate &fate) const;
    [[nodiscard]] Result<RowKey> nextKey();
    void raiseSequence(const Statement &statement, const std::vector<Fate> &fates);
    void answerNotWritten(const Statement &statement, const std::vector<Fate> &fates, std::vector<Outcome> &outcomes);
    void push(const Statement &statement, const std::vector<Fate> &fates, const Lease &lease,
              std::vector<Outcome> &outcomes);
    [[nodiscard]] PushResult putUntil(std::span<const CachePut> puts, const Lease &lease, Instant deadline);
    [[nodiscard]] Result<std::vector<Result<PutReply>>> putOnce(std::span<const CachePut> puts, const Lease &lease,
                                                                Instant deadline);
    void warmUp(const std::vector<RowKey> &keys, Instant deadline);
    [[nodiscard]] std::vector<Outcome> settle();
    void pushTouched();

    Mapping m_mapping;
    EngineSettings m_settings;
    PostgresLink m_postgres;
    RedisLink m_redis;
    OutcomeResolver m_resolver;
    OwnPushes m_pushes;
    OperationJournal m_journal;
    KeySequence m_sequence;
    std::vector<Unsettled> m_unsettled;
    std::deque<RowKey> m_keyStock; ///< drawn from the table's sequence
    int m_keyBlock = 1;
};

} // namespace throughline
