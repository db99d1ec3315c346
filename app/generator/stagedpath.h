// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storelink.h"
#include "generator/writepath.h"

#include <deque>

namespace throughline {

/// A client of staged writes: leaves `__{users:1}` and reads the answer from `{users:1}ID`. Stages further writes while
/// others wait for their answers, as many as are carried out in about a tenth of a second: more would only wait longer.
/// Belongs to its worker's thread.
class StagedPath final : public WritePath
{
public:
    /// So many writes may be outstanding in all of a run.
    static constexpr size_t mostOutstanding = 128;

    StagedPath(const Mapping &mapping, const EngineSettings &settings, const Interrupt *interrupt, size_t outstanding);
    /// Takes away the answers that were read.
    ~StagedPath() override;

    void open() override;
    [[nodiscard]] std::vector<WriteAnswers> send(WriteBatch batch) override;
    [[nodiscard]] std::vector<WriteAnswers> finish(Instant until) override;
    [[nodiscard]] size_t mostAtOnce() const override { return m_outstanding; }
    [[nodiscard]] bool repeatsRows() const override { return true; }

private:
    struct Waiting
    {
        size_t ticket;
        OpId op;
        RowKey key;
        EditKind kind;
        QByteArray stream;
        Instant until; ///< then nobody knows what became of it
    };

    [[nodiscard]] Result<void> nameRows(std::vector<Edit> &edits);
    [[nodiscard]] RedisCommand stageCommand(const Edit &edit, const QByteArray &uuid) const;
    void stage(WriteBatch batch, WriteAnswers &refused);
    void refuse(const Waiting &write, const StoreError &error, WriteAnswers &refused) const;
    [[nodiscard]] WriteAnswers collect(Instant until);
    void takeReplies(const RedisReply &reply, WriteAnswers &answers);
    void takeOverdue(const std::optional<StoreError> &error, WriteAnswers &answers);
    [[nodiscard]] Outcome outcomeOf(const Waiting &waiting, Verdict verdict) const;
    void forgetAnswers(std::vector<RedisCommand> &commands);

    Mapping m_mapping;
    EngineSettings m_settings;
    const Interrupt *m_interrupt;
    size_t m_outstanding;
    PostgresLink m_postgres; ///< for the keys of added rows; opened by the first
    RedisLink m_redis;
    std::vector<Waiting> m_waiting; ///< in the order in which they were staged
    std::vector<QByteArray> m_read; ///< streams whose answer is known
    std::deque<RowKey> m_keyStock;
};

} // namespace throughline
