// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/outcomeresolver.h"

#include "engine/writeplan.h"

#include <algorithm>
#include <utility>

namespace throughline {

namespace {

constexpr milliseconds betweenAttempts{50};

} // namespace

RowVersion Statement::lowestBase() const
{
    RowVersion lowest = first().base;
    for (const Edit &edit : edits)
        lowest = std::min(lowest, edit.base);
    return lowest;
}

OutcomeResolver::OutcomeResolver(PostgresLink &postgres, const Mapping &mapping, const EngineSettings &settings,
                                 const Interrupt *interrupt)
    : m_postgres(postgres)
    , m_label(mapping.config.label.toUtf8())
    , m_settings(settings)
    , m_interrupt(interrupt)
{
}

Instant OutcomeResolver::late() const
{
    return Clock::now() + m_settings.statementDeadline;
}

std::vector<std::pair<OpId, OutboxKey>> OutcomeResolver::takeTouched()
{
    return std::exchange(m_touched, {});
}

Result<std::vector<Fate>> OutcomeResolver::resolve(const Statement &statement, Instant deadline)
{
    for (;;) {
        // U1: a new connection is a new node, so what the old one left in the outbox can be claimed at once.
        auto fates = m_postgres.ensure().and_then([&] { return resolveOnce(statement); });
        if (fates || fates.error().kind == ErrorKind::Interrupted)
            return fates;
        const milliseconds wait = std::max(betweenAttempts, m_postgres.backoff().untilDue(Clock::now()));
        if (Clock::now() + wait >= deadline || !pauseFor(wait, m_interrupt))
            return fates;
    }
}

Result<std::vector<WrittenRow>> OutcomeResolver::send(const Statement &statement)
{
    if (statement.edits.size() > 1)
        return m_postgres.rows().writeMany(statement.op, statement.edits, late());
    Edit edit = statement.first();
    edit.op = statement.op;
    return m_postgres.rows().write(edit, late()).map([](WrittenRow row) { return std::vector{std::move(row)}; });
}

Result<std::vector<Fate>> OutcomeResolver::resolveOnce(const Statement &statement)
{
    if (statement.isInsert())
        return resolveInsert(statement);
    // U2: the same statement, the same op id, the same bases.
    const auto written = send(statement);
    std::vector<Fate> fates(statement.edits.size());
    if (!written) {
        if (!writeplan::isRefusal(written.error()))
            return Failure(written.error());
        // It was refused now; the lost attempt may still come and meet other circumstances.
        if (const auto fenced = fence(statement); !fenced)
            return Failure(fenced.error());
        for (Fate &fate : fates) {
            fate.kind = Fate::Kind::Refused;
            fate.refusal = written.error();
        }
    } else {
        for (size_t i = 0; i < fates.size(); ++i) {
            if (!(*written)[i].nothing())
                fates[i] = {Fate::Kind::Written, (*written)[i], {}, {}};
        }
    }
    // U3: what was not returned has moved past its base, so no attempt can match it any more.
    if (const auto asked = askJournal(statement, fates); !asked)
        return Failure(asked.error());
    return fates;
}

Result<std::vector<Fate>> OutcomeResolver::resolveInsert(const Statement &statement)
{
    const auto written = send(statement);
    std::vector<Fate> fates(1);
    if (written && !written->front().nothing()) {
        fates.front() = {Fate::Kind::Written, written->front(), {}, {}};
        return fates;
    }
    if (!written && !writeplan::isRefusal(written.error()))
        return Failure(written.error());
    // Without a verdict row, another attempt could add the row after all, once what refused it is gone.
    const auto failed = m_postgres.outbox().failOperation(statement.op, m_label, statement.first().key, late());
    if (!failed)
        return Failure(failed.error());
    if (!*failed) {
        fates.front().kind = Fate::Kind::AppliedBefore;
    } else if (!written) {
        fates.front().kind = Fate::Kind::Refused;
        fates.front().refusal = written.error();
    }
    return fates;
}

Result<void> OutcomeResolver::askJournal(const Statement &statement, std::vector<Fate> &fates)
{
    std::vector<RowKey> unanswered;
    for (size_t i = 0; i < fates.size(); ++i) {
        if (fates[i].kind != Fate::Kind::Written)
            unanswered.push_back(statement.edits[i].key);
    }
    if (unanswered.empty())
        return {};
    const auto found =
        m_postgres.outbox().committedKeys(statement.op, m_label, statement.lowestBase(), unanswered, late());
    if (!found)
        return Failure(found.error());
    for (const OutboxKey &committed : *found) {
        for (size_t i = 0; i < fates.size(); ++i) {
            if (fates[i].kind != Fate::Kind::Written && statement.edits[i].key == committed.key)
                fates[i] = {Fate::Kind::AppliedBefore, {}, committed.version, {}};
        }
    }
    return {};
}

Result<void> OutcomeResolver::fence(const Statement &statement)
{
    for (const Edit &edit : statement.edits) {
        const OpId op = OpId::create();
        const auto touched = m_postgres.rows().touch(op, edit.key, edit.base, late());
        if (!touched)
            return Failure(touched.error());
        if (*touched)
            m_touched.push_back({op, {edit.key, edit.base}});
    }
    return {};
}

Result<std::vector<Fate>> OutcomeResolver::settle(const Statement &statement, Instant deadline)
{
    std::vector<Fate> fates(statement.edits.size());
    const auto once = [&]() -> Result<void> {
        if (statement.isInsert()) {
            return m_postgres.outbox()
                .failOperation(statement.op, m_label, statement.first().key, late())
                .map([&](bool failed) {
                    fates.front().kind = failed ? Fate::Kind::NotApplied : Fate::Kind::AppliedBefore;
                });
        }
        if (const auto fenced = fence(statement); !fenced)
            return fenced;
        return askJournal(statement, fates);
    };
    for (;;) {
        const auto done = m_postgres.ensure().and_then(once);
        if (done)
            return fates;
        const milliseconds wait = std::max(betweenAttempts, m_postgres.backoff().untilDue(Clock::now()));
        if (Clock::now() + wait >= deadline || !pauseFor(wait, m_interrupt))
            return Failure(done.error());
    }
}

} // namespace throughline
