// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/bulkwriter.h"

#include "base/faultpoint.h"
#include "engine/writeplan.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace throughline {

namespace {

std::vector<size_t> allOf(const BulkUpdate &update)
{
    std::vector<size_t> rows(update.rows());
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
}

/// Spreads what WriteThrough answered over the rows it was asked for.
void take(const std::vector<Outcome> &outcomes, const std::vector<size_t> &rows, BulkOutcome &into)
{
    for (size_t i = 0; i < rows.size(); ++i) {
        into.verdicts[rows[i]] = outcomes[i].verdict;
        into.versions[rows[i]] = outcomes[i].row ? outcomes[i].row->version : RowVersion();
        if (outcomes[i].error)
            into.errors[rows[i]] = *outcomes[i].error;
    }
}

BulkOutcome blank(BulkUpdate update)
{
    BulkOutcome outcome;
    outcome.verdicts.assign(update.rows(), Verdict::Unknown);
    outcome.versions.resize(update.rows());
    outcome.update = std::move(update);
    return outcome;
}

} // namespace

BulkWriter::BulkWriter(WriteThrough &engine, Mapping mapping, const EngineSettings &settings)
    : m_engine(engine)
    , m_mapping(std::move(mapping))
    , m_settings(settings)
    , m_store(engine.postgres().connection(), m_mapping)
    , m_patcher(engine.redis().context(), m_mapping)
{
}

std::vector<BulkOutcome> BulkWriter::write(BulkUpdate next)
{
    std::vector<BulkOutcome> outcomes;
    const Instant start = Clock::now();
    const auto open = ready();
    if (!open || !m_patches) {
        outcomes = finish();
        outcomes.push_back(carry(std::move(next), open ? std::nullopt : std::optional(open.error())));
        return outcomes;
    }
    faultPoint(FaultPoint::BeforeStatement);
    const auto sent = m_store.send(next, start + m_settings.statementDeadline);
    std::optional<Pushed> pushed;
    if (m_before)
        pushed = push(*std::exchange(m_before, std::nullopt));
    const Instant waited = Clock::now();
    auto rows = sent.and_then([&] { return m_store.receive(next, waited + m_settings.statementDeadline); });
    const Instant committed = Clock::now();
    m_patches = m_patches && !(rows && rows->changesMore);
    if (pushed)
        outcomes.push_back(answer(std::move(*pushed)));
    if (rows)
        m_before = Written{std::move(next), std::move(*rows), start, committed};
    else
        outcomes.push_back(carry(std::move(next), rows.error()));
    return outcomes;
}

std::vector<BulkOutcome> BulkWriter::finish()
{
    std::vector<BulkOutcome> outcomes;
    if (m_before)
        outcomes.push_back(answer(push(*std::exchange(m_before, std::nullopt))));
    return outcomes;
}

/// Whether the connection stands; it is tuned once.
Result<void> BulkWriter::ready()
{
    if (const auto open = m_engine.postgres().ensure(); !open)
        return open;
    const int node = m_engine.postgres().connection().node();
    if (node == m_tunedNode)
        return {};
    const auto tuned = m_store.tune(Clock::now() + m_settings.statementDeadline);
    if (!tuned) {
        StoreError error = tuned.error();
        error.sent = false;
        return Failure(error);
    }
    m_tunedNode = node;
    return {};
}

// E4, without the rows that need more than a patch.
BulkWriter::Pushed BulkWriter::push(Written written)
{
    if (!m_patches) {
        std::vector<PatchReply> stale(written.update.rows(), PatchReply::Stale);
        return {std::move(written), std::move(stale), Clock::now()};
    }
    const Instant deadline = Clock::now() + m_settings.ackDeadline;
    faultPoint(FaultPoint::BeforePush);
    auto replies = m_engine.redis().ensure(m_settings.ackDeadline).and_then([&] {
        return m_patcher.patch(written.update, written.rows, deadline);
    });
    faultPoint(FaultPoint::AfterPush);
    return {std::move(written), std::move(replies), Clock::now()};
}

BulkOutcome BulkWriter::answer(Pushed pushed)
{
    Written &written = pushed.written;
    const auto &versions = written.rows.versions;
    const auto needsRow = [&](size_t row) {
        return versions[row].isValid() && (*pushed.replies)[row] == PatchReply::Stale;
    };
    const std::vector<size_t> rows = allOf(written.update);
    if (!m_patches || !pushed.replies || std::ranges::any_of(rows, needsRow))
        return answerAnew(std::move(written));
    retain(written);
    std::vector<RowKey> absent;
    if (m_mapping.config.warm == WarmPolicy::Always) {
        for (const size_t row : rows) {
            if (versions[row].isValid() && (*pushed.replies)[row] == PatchReply::Absent)
                absent.push_back(written.update.key(row));
        }
    }
    if (!absent.empty())
        m_engine.warm(absent);
    BulkOutcome outcome = blank(std::move(written.update));
    outcome.postgres = written.committed - written.sent;
    outcome.redis = pushed.answered - written.committed;
    for (const size_t row : rows) {
        if (versions[row].isValid()) {
            outcome.verdicts[row] = Verdict::Committed;
            outcome.versions[row] = versions[row];
        }
    }
    answerConflicts(outcome, written.rows);
    return outcome;
}

/// Redis did not answer, or a hash is not what it should be: WriteThrough reads the rows again and pushes them whole.
BulkOutcome BulkWriter::answerAnew(Written written)
{
    std::vector<Fate> fates(written.update.rows());
    for (size_t row = 0; row < fates.size(); ++row) {
        const RowVersion version = written.rows.versions[row];
        if (version.isValid())
            fates[row] = {Fate::Kind::AppliedBefore, {}, {version.number + 1}, {}};
    }
    const std::vector<size_t> rows = allOf(written.update);
    const auto outcomes = m_engine.complete(statementOf(written.update, rows), fates);
    BulkOutcome outcome = blank(std::move(written.update));
    take(outcomes, rows, outcome);
    outcome.postgres = written.committed - written.sent;
    outcome.redis = Clock::now() - written.committed;
    return outcome;
}

// E3 for the rows that were not as their base says.
void BulkWriter::answerConflicts(BulkOutcome &outcome, const BulkWritten &written)
{
    std::vector<size_t> rows;
    for (size_t row = 0; row < written.versions.size(); ++row) {
        if (!written.versions[row].isValid())
            rows.push_back(row);
    }
    if (!rows.empty())
        take(m_engine.complete(statementOf(outcome.update, rows), std::vector<Fate>(rows.size())), rows, outcome);
}

void BulkWriter::retain(const Written &written)
{
    RetainedPush push{0,
                      written.update.op,
                      {std::numeric_limits<qint64>::max()},
                      {},
                      {},
                      true,
                      Clock::now(),
                      m_engine.redis().number()};
    push.keys.reserve(written.update.rows());
    for (size_t row = 0; row < written.update.rows(); ++row) {
        const RowVersion version = written.rows.versions[row];
        if (!version.isValid())
            continue;
        push.lowest = std::min(push.lowest, RowVersion{version.number - 1});
        push.keys.push_back({written.update.key(row), version});
    }
    if (!push.keys.empty())
        m_engine.retain(std::move(push));
}

/// The whole way by WriteThrough; `ended` says how the attempt ended that was made here.
BulkOutcome BulkWriter::carry(BulkUpdate update, std::optional<StoreError> ended)
{
    const std::vector<size_t> rows = allOf(update);
    Statement statement = statementOf(update, rows);
    const auto outcomes =
        ended ? m_engine.resume(std::move(statement), *ended) : m_engine.writeBatch(std::move(statement.edits));
    BulkOutcome outcome = blank(std::move(update));
    take(outcomes, rows, outcome);
    outcome.postgres = outcomes.front().timings.postgres;
    outcome.redis = outcomes.front().timings.redis;
    return outcome;
}

Statement BulkWriter::statementOf(const BulkUpdate &update, const std::vector<size_t> &rows) const
{
    Statement statement{update.op, {}};
    statement.edits.reserve(rows.size());
    for (const size_t row : rows) {
        Edit edit;
        edit.op = rows.size() == 1 ? update.op : OpId::create();
        edit.origin = Origin::Generator;
        edit.key = update.key(row);
        edit.base = update.bases[row];
        for (size_t i = 0; i < update.fields.size(); ++i)
            edit.changes.push_back({update.fields[i], update.values.value(row * update.fields.size() + i)});
        statement.edits.push_back(std::move(edit));
    }
    return statement;
}

} // namespace throughline
