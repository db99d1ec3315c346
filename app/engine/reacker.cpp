// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/reacker.h"

#include "engine/rowpusher.h"

#include <QSet>

#include <limits>

namespace throughline {

namespace {

constexpr int answersPerChunk = 500;
constexpr milliseconds clientsWait{300'000}; ///< nobody waits longer for an answer

} // namespace

Reacker::Reacker(CachedTable &table, const EngineSettings &settings)
    : m_table(table)
    , m_settings(settings)
{
}

Result<qint64> Reacker::run()
{
    qint64 given = 0;
    VerdictPlace place;
    for (;;) {
        const auto answers =
            m_table.verdicts.next(place, clientsWait, answersPerChunk, Clock::now() + m_settings.statementDeadline);
        if (!answers)
            return Failure(answers.error());
        if (answers->empty())
            return given;
        const auto missing = m_table.answers.missing(*answers, Clock::now() + m_settings.readDeadline);
        const auto done = missing ? answer(*missing) : Result<qint64>(Failure(missing.error()));
        if (!done)
            return done;
        given += *done;
    }
}

Result<qint64> Reacker::answer(std::span<const GivenAnswer> answers)
{
    if (answers.empty())
        return 0;
    if (const auto pushed = push(answers); !pushed)
        return Failure(pushed.error());
    return m_table.answers.give(answers, Clock::now() + m_settings.readDeadline);
}

Result<void> Reacker::push(std::span<const GivenAnswer> answers)
{
    QSet<RowKey> seen;
    std::vector<OutboxKey> keys;
    for (const GivenAnswer &answer : answers) {
        if (!m_table.keyspace.isKey(answer.key) || seen.contains(answer.key)) // what is no key was refused
            continue;
        seen.insert(answer.key);
        // Where the row is gone any hash goes: which delete it was nobody needs to know.
        keys.push_back({answer.key, {std::numeric_limits<qint64>::max()}});
    }
    RowPusher pusher(m_table.rows, m_table.cache, m_settings);
    const auto left = pusher.push(keys);
    if (!left)
        return Failure(left.error());
    if (!left->empty())
        return Failure(pusher.notAnswered());
    return {};
}

} // namespace throughline
