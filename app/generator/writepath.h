// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/outcome.h"
#include "generator/loadsettings.h"

#include <vector>

namespace throughline {

/// Writes that leave together: updates of the same fields, or one insert or delete. `tickets` are the sender's names
/// for them, in the same order.
struct WriteBatch
{
    std::vector<size_t> tickets;
    std::vector<Edit> edits;
};

/// Answers that came together.
struct WriteAnswers
{
    std::vector<size_t> tickets;
    std::vector<Outcome> outcomes; ///< in the same order; a path without versions leaves `row` out
    std::vector<size_t> coalesced; ///< tickets of writes that another one has replaced before anybody carried them out
    Instant at{};

    [[nodiscard]] bool empty() const noexcept { return tickets.empty() && coalesced.empty(); }
};

/// A way from the generator to both stores. Blocks its thread, the only one that may use it. Every write that was sent
/// is answered once, by this call or a later one.
class WritePath
{
public:
    virtual ~WritePath() = default;

    /// Connects, so that the first operations do not wait for it. What fails now is tried again by who sends.
    virtual void open() {}
    /// Sends a batch, and returns what is answered by now: these, or those of the batch before.
    [[nodiscard]] virtual std::vector<WriteAnswers> send(WriteBatch batch) = 0;
    /// Waits for the answers that are outstanding, or for some of them: a path that can stop waiting does so about
    /// `until`, when something else is due. Nothing is returned when nothing is outstanding.
    [[nodiscard]] virtual std::vector<WriteAnswers> finish(Instant until) = 0;
    /// What is left to do after the answers: to be called about once a second.
    virtual void upkeep() {}
    /// Writes that it takes in one batch.
    [[nodiscard]] virtual size_t mostAtOnce() const { return static_cast<size_t>(mostLoadBatch); }
    /// Whether a row may be written again before it has answered.
    [[nodiscard]] virtual bool repeatsRows() const { return false; }
};

} // namespace throughline
