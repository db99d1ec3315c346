// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/messagepath.h"

#include "stores/postgres/pgstatements.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t readAtOnce = 1000;
constexpr milliseconds longestWait{100};
constexpr QByteArrayView numberField("number");

ConsumeSettings consumeFrom(const QByteArray &stream)
{
    ConsumeSettings settings;
    settings.stream = stream;
    settings.group = "load";
    return settings;
}

qint64 numberOf(const Message &message)
{
    const auto found =
        std::ranges::find_if(message.others, [](const auto &other) { return other.first == numberField; });
    return found == message.others.end() ? -1 : found->second.toLongLong();
}

} // namespace

MessagePath::MessagePath(const Mapping &mapping, const EngineSettings &settings, const StopSignal &signal,
                         QByteArray stream)
    : m_mapping(mapping)
    , m_settings(settings)
    , m_signal(signal)
    , m_stream(std::move(stream))
    , m_postgres(m_mapping, settings, LinkRole::Writer, &signal.breakOff)
    , m_redis(m_mapping, settings, &signal.breakOff)
    , m_patience(signal, [](const std::optional<StoreError> &) {})
    , m_sink(m_redis, m_stream, settings.readDeadline)
    , m_source(m_redis, consumeFrom(m_stream), settings.readDeadline)
    , m_applier(m_mapping, settings, m_stream, m_postgres, m_redis, m_patience)
{
}

/// A role that may not delete what the gate has noted leaves some small rows that nobody asks for again.
MessagePath::~MessagePath()
{
    if (m_redis.context().isOpen())
        std::ignore =
            m_redis.context().run({"DEL"_ba, m_stream, m_stream + "-dead"}, Clock::now() + m_settings.readDeadline);
    if (m_postgres.connection().isOpen())
        std::ignore = m_postgres.connection().run(
            {"DELETE FROM " + quotedIdentifier(m_mapping.protocolSchema) + ".wt_applied WHERE tbl=$1 AND stream=$2",
             {m_mapping.config.label.toUtf8(), m_stream}},
            Clock::now() + m_settings.statementDeadline);
}

void MessagePath::open()
{
    std::ignore = m_postgres.ensure();
    std::ignore = m_redis.ensure();
}

std::vector<WriteAnswers> MessagePath::send(WriteBatch batch)
{
    std::vector<Message> messages;
    messages.reserve(batch.edits.size());
    for (const Edit &edit : batch.edits) {
        Message message;
        message.key = edit.key.text;
        message.value = valueOf(edit.changes);
        message.others = {{numberField.toByteArray(), QByteArray::number(m_sent + std::ssize(messages))}};
        messages.push_back(std::move(message));
    }
    Fates fates(messages.size());
    const auto done = m_patience.until([&] { return m_sink.send(messages); }).and_then([&] { return consume(fates); });
    m_sent += std::ssize(messages);
    return {answersOf(batch, fates, done ? std::nullopt : std::optional(done.error()))};
}

std::vector<WriteAnswers> MessagePath::finish(Instant)
{
    return {};
}

/// A program that is killed leaves its stream for an hour, not for ever.
void MessagePath::upkeep()
{
    m_applier.upkeep();
    if (m_redis.context().isOpen())
        std::ignore = m_redis.context().run({"EXPIRE"_ba, m_stream, "3600"_ba}, Clock::now() + m_settings.readDeadline);
}

/// A bare number is a score, as the original's messages were.
QByteArray MessagePath::valueOf(const std::vector<FieldChange> &changes) const
{
    QJsonObject object;
    for (const FieldChange &change : changes) {
        const ColumnInfo &column = m_mapping.fields[static_cast<size_t>(change.field)].column;
        if (changes.size() == 1 && column.name == "score"_L1 && column.kind == ColumnKind::Integer)
            return change.value.value_or("null"_ba);
        object.insert(column.name, change.value ? QJsonValue(QString::fromUtf8(*change.value)) : QJsonValue());
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// Until the whole batch has come back and is acknowledged; or for so long that somebody must have deleted the stream.
Result<void> MessagePath::consume(Fates &fates)
{
    const Instant until = Clock::now() + m_settings.statementDeadline;
    while (!std::ranges::all_of(fates, [](const auto &fate) { return fate.has_value(); })) {
        const auto batch = m_patience.until([&] { return m_source.next(readAtOnce, longestWait); });
        if (!batch)
            return Failure(batch.error());
        if (batch->messages.empty() && (m_signal.stop.isRaised() || Clock::now() >= until))
            return {};
        const auto applied = m_applier.apply(batch->messages);
        if (!applied)
            return Failure(applied.error());
        if (const auto settled = settle(batch->messages, *applied); !settled)
            return settled;
        for (size_t i = 0; i < batch->messages.size(); ++i) {
            const qint64 index = numberOf(batch->messages[i]) - m_sent; // below 0: of an earlier batch, given up
            if (index >= 0 && index < std::ssize(fates))
                fates[static_cast<size_t>(index)] = (*applied)[i];
        }
    }
    return {};
}

Result<void> MessagePath::settle(const std::vector<Message> &messages, const std::vector<MessageFate> &fates)
{
    std::vector<QByteArray> done;
    std::vector<DeadLetter> dead;
    for (size_t i = 0; i < messages.size(); ++i) {
        if (fates[i].kind == MessageFate::Kind::Dead)
            dead.push_back({messages[i], fates[i].reason});
        else
            done.push_back(messages[i].id);
    }
    return m_patience.until([&] { return m_source.settle(done, dead); });
}

WriteAnswers MessagePath::answersOf(const WriteBatch &batch, const Fates &fates, const std::optional<StoreError> &error)
{
    WriteAnswers answers;
    answers.at = Clock::now();
    for (size_t i = 0; i < fates.size(); ++i) {
        if (fates[i] && fates[i]->kind == MessageFate::Kind::Superseded) { // by a later one of the same batch
            answers.coalesced.push_back(batch.tickets[i]);
            continue;
        }
        Outcome outcome = Outcome::cancelled(batch.edits[i]);
        outcome.verdict = fates[i] ? Verdict::Committed : Verdict::Unknown;
        outcome.error = fates[i] ? std::nullopt : error;
        if (fates[i] && fates[i]->kind == MessageFate::Kind::Dead) {
            outcome.verdict = Verdict::Rejected;
            outcome.error =
                StoreError{ErrorKind::Other, Store::Postgres, fates[i]->reason, u"dead_letter"_s, {}, {}, true};
        }
        answers.tickets.push_back(batch.tickets[i]);
        answers.outcomes.push_back(std::move(outcome));
    }
    return answers;
}

} // namespace throughline
