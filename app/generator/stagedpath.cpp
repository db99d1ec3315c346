// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/stagedpath.h"

#include "stores/redis/rediserror.h"
#include "stores/redis/replyview.h"

#include <QCoreApplication>
#include <QHash>
#include <QSet>

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds longestLook{100}; ///< for answers at once: so soon an interrupt or a deadline is noticed
constexpr milliseconds grace{5000};      ///< beyond the time after which a gateway gives a write up
constexpr int keysAtOnce = 64;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(StagedPath)
};

StoreError noAnswer()
{
    StoreError error;
    error.kind = ErrorKind::Timeout;
    error.store = Store::Redis;
    error.sent = true;
    error.message = Words::tr("No gateway has answered the staged write.");
    return error;
}

/// What the client is told: a word, a colon and a sentence.
StoreError failureOf(const QByteArray &text)
{
    StoreError error;
    error.store = Store::Postgres;
    error.code = QString::fromUtf8(text).section(u':', 0, 0);
    error.message = QString::fromUtf8(text).section(u':', 1).trimmed();
    return error;
}

/// [status, failed, error, ...]: the text of the field.
QByteArray fieldOf(const ReplyView &fields, QByteArrayView name)
{
    for (size_t i = 0; i + 1 < fields.size(); i += 2) {
        if (fields.at(i).text() == name)
            return fields.at(i + 1).text();
    }
    return {};
}

} // namespace

StagedPath::StagedPath(const Mapping &mapping, const EngineSettings &settings, const Interrupt *interrupt,
                       size_t outstanding)
    : m_mapping(mapping)
    , m_settings(settings)
    , m_interrupt(interrupt)
    , m_outstanding(outstanding)
    , m_postgres(mapping, settings, LinkRole::Reader, interrupt)
    , m_redis(mapping, settings, interrupt)
{
}

StagedPath::~StagedPath()
{
    std::vector<RedisCommand> commands;
    forgetAnswers(commands);
    if (!commands.empty() && m_redis.context().isOpen())
        std::ignore = m_redis.context().runAll(commands, Clock::now() + m_settings.readDeadline);
}

void StagedPath::open()
{
    std::ignore = m_redis.ensure();
}

std::vector<WriteAnswers> StagedPath::send(WriteBatch batch)
{
    std::vector<WriteAnswers> answers;
    while (!m_waiting.empty() && m_waiting.size() + batch.edits.size() > m_outstanding)
        answers.push_back(collect(Instant::max()));
    answers.emplace_back();
    stage(std::move(batch), answers.back());
    answers.back().at = Clock::now();
    return answers;
}

std::vector<WriteAnswers> StagedPath::finish(Instant until)
{
    if (m_waiting.empty())
        return {};
    return {collect(until)};
}

/// What could not be staged is answered at once.
void StagedPath::stage(WriteBatch batch, WriteAnswers &refused)
{
    const Instant until = Clock::now() + m_settings.stagedDeadline + grace;
    const auto named = nameRows(batch.edits).and_then([&] { return m_redis.ensure(); });
    std::vector<RedisCommand> commands;
    forgetAnswers(commands);
    const size_t first = commands.size();
    std::vector<Waiting> staged;
    for (size_t i = 0; i < batch.edits.size(); ++i) {
        const Edit &edit = batch.edits[i];
        const QByteArray uuid = edit.op.uuid.toByteArray(QUuid::Id128);
        staged.push_back({batch.tickets[i], edit.op, edit.key, edit.kind, m_mapping.answerKey(edit.key, uuid), until});
        if (named)
            commands.push_back(stageCommand(edit, uuid));
    }
    const auto sent = named ? m_redis.context().pipeline(commands, Clock::now() + m_settings.readDeadline)
                            : Result<std::vector<RedisReply>>(Failure(named.error()));
    for (size_t i = 0; i < staged.size(); ++i) {
        const bool isRefused = sent && (*sent)[first + i].isError();
        if (isRefused)
            refuse(staged[i], rediserror::fromReply((*sent)[first + i].text()), refused);
        else if (sent || sent.error().outcomeUnknown()) // it may be there: its answer is waited for
            m_waiting.push_back(std::move(staged[i]));
        else
            refuse(staged[i], sent.error(), refused);
    }
}

/// Redis has said no to this one, or nothing has left: it is certainly not staged.
void StagedPath::refuse(const Waiting &write, const StoreError &error, WriteAnswers &refused) const
{
    refused.tickets.push_back(write.ticket);
    refused.outcomes.push_back(outcomeOf(write, error.unavailable() ? Verdict::Unavailable : Verdict::Rejected));
    refused.outcomes.back().error = error;
}

/// A staged write names its row, so a row that is to be added gets its key here, as WriteThrough gives it one.
Result<void> StagedPath::nameRows(std::vector<Edit> &edits)
{
    for (Edit &edit : edits) {
        if (!edit.key.text.isEmpty())
            continue;
        if (m_keyStock.empty()) {
            const auto keys = m_postgres.ensure().and_then(
                [&] { return m_postgres.rows().nextKeys(keysAtOnce, Clock::now() + m_settings.statementDeadline); });
            if (!keys)
                return Failure(keys.error());
            m_keyStock.assign(keys->begin(), keys->end());
        }
        edit.key = m_keyStock.front();
        m_keyStock.pop_front();
    }
    return {};
}

RedisCommand StagedPath::stageCommand(const Edit &edit, const QByteArray &uuid) const
{
    RedisCommand command{"HSET"_ba, m_mapping.stagedKey(edit.key)};
    for (const FieldChange &change : edit.changes) {
        if (change.value)
            command.insert(command.end(),
                           {m_mapping.fields[static_cast<size_t>(change.field)].hashField, *change.value});
    }
    command.insert(command.end(), {"#"_ba, (edit.kind == EditKind::Delete ? '~' : '=') + uuid});
    return command;
}

/// The streams that were read would stay for an hour.
void StagedPath::forgetAnswers(std::vector<RedisCommand> &commands)
{
    if (m_read.empty())
        return;
    commands.push_back({"UNLINK"_ba});
    commands.back().insert(commands.back().end(), m_read.begin(), m_read.end());
    m_read.clear();
}

/// Waits for the first answers, and takes all that are there.
WriteAnswers StagedPath::collect(Instant until)
{
    WriteAnswers answers;
    const Instant now = Clock::now();
    const auto left = until > now + longestLook ? longestLook : std::chrono::floor<milliseconds>(until - now);
    RedisCommand command{"XREAD"_ba,
                         "COUNT"_ba,
                         "1"_ba,
                         "BLOCK"_ba,
                         QByteArray::number(static_cast<qlonglong>(std::max<qint64>(left.count(), 1))),
                         "STREAMS"_ba};
    for (const Waiting &waiting : m_waiting)
        command.push_back(waiting.stream);
    command.insert(command.end(), m_waiting.size(), "0-0"_ba);
    const auto reply = m_redis.ensure().and_then(
        [&] { return m_redis.context().run(command, Clock::now() + longestLook + m_settings.readDeadline); });
    answers.at = Clock::now();
    if (reply)
        takeReplies(*reply, answers);
    else if (reply.error().kind != ErrorKind::Interrupted)
        std::ignore = pauseFor(milliseconds(10), m_interrupt); // the link's back-off answers at once
    const bool isBrokenOff = m_interrupt && m_interrupt->isRaised();
    takeOverdue(isBrokenOff && !reply ? std::optional(reply.error()) : std::nullopt, answers);
    return answers;
}

/// [[stream, [[id, fields]]], ...]. Writes of one row are carried out in their order, so what was staged before an
/// answered one and has no answer was merged with it in one hash.
void StagedPath::takeReplies(const RedisReply &reply, WriteAnswers &answers)
{
    const ReplyView streams(reply);
    QHash<QByteArray, ReplyView> answered;
    for (size_t i = 0; i < streams.size(); ++i)
        answered.insert(streams.at(i).at(0).text(), streams.at(i).at(1).at(0).at(1));
    std::vector<Waiting> left;
    QSet<QByteArray> laterAnswered; // rows, going backwards
    for (auto one = m_waiting.rbegin(); one != m_waiting.rend(); ++one) {
        const auto found = answered.constFind(one->stream);
        if (found != answered.cend()) {
            const bool isDone = fieldOf(*found, "status") == "done";
            answers.tickets.push_back(one->ticket);
            answers.outcomes.push_back(outcomeOf(*one, isDone ? Verdict::Committed : Verdict::Rejected));
            if (!isDone)
                answers.outcomes.back().error = failureOf(fieldOf(*found, "error"));
            laterAnswered.insert(one->key.text);
            m_read.push_back(one->stream);
        } else if (laterAnswered.contains(one->key.text)) {
            answers.coalesced.push_back(one->ticket);
        } else {
            left.push_back(std::move(*one));
        }
    }
    std::ranges::reverse(left);
    m_waiting = std::move(left);
}

/// All of them when the run is broken off.
void StagedPath::takeOverdue(const std::optional<StoreError> &error, WriteAnswers &answers)
{
    const auto isLost = [&](const Waiting &waiting) { return error || answers.at >= waiting.until; };
    for (const Waiting &waiting : m_waiting) {
        if (!isLost(waiting))
            continue;
        answers.tickets.push_back(waiting.ticket);
        answers.outcomes.push_back(outcomeOf(waiting, Verdict::Unknown));
        answers.outcomes.back().error = error.value_or(noAnswer());
    }
    std::erase_if(m_waiting, isLost);
}

Outcome StagedPath::outcomeOf(const Waiting &waiting, Verdict verdict) const
{
    Outcome outcome;
    outcome.op = waiting.op;
    outcome.kind = waiting.kind;
    outcome.key = waiting.key;
    outcome.origin = Origin::Generator;
    outcome.verdict = verdict;
    return outcome;
}

} // namespace throughline
