// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/stagedcommand.h"

#include "cli/exitcodes.h"
#include "cli/outcometext.h"
#include "stores/postgres/stagedlog.h"
#include "stores/redis/strayscan.h"

#include <QJsonArray>

#include <algorithm>
#include <iterator>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostRecords = 100'000;
constexpr size_t mostStrays = 1000;

QString operationWord(StagedOp op)
{
    switch (op) {
    case StagedOp::Upsert:
        return u"write"_s;
    case StagedOp::Delete:
        return u"delete"_s;
    case StagedOp::DropFromCache:
        return u"drop"_s;
    case StagedOp::CacheOnly:
        return u"cache-only"_s;
    case StagedOp::Unknown:
        break;
    }
    return u"unknown"_s;
}

QString textOf(const QDateTime &time)
{
    return time.toUTC().toString(Qt::ISODateWithMs);
}

QJsonObject jsonOf(const StagedRecord &record)
{
    QJsonObject json{{u"at"_s, textOf(record.at)},
                     {u"table"_s, QString::fromUtf8(record.label)},
                     {u"key"_s, QString::fromUtf8(record.key.text)},
                     {u"operation"_s, operationWord(record.op)},
                     {u"status"_s, record.done ? u"done"_s : u"failed"_s}};
    if (!record.uuid.isEmpty())
        json.insert(u"id"_s, QString::fromUtf8(record.uuid));
    if (!record.done)
        json.insert(u"error"_s, record.failure);
    return json;
}

QString lineOf(const StagedRecord &record)
{
    return u"%1  %2  %3  %4:%5  %6"_s
        .arg(textOf(record.at), (record.done ? u"done"_s : u"failed"_s).leftJustified(6),
             operationWord(record.op).leftJustified(10), QString::fromUtf8(record.label),
             QString::fromUtf8(record.key.text), record.failure)
        .trimmed();
}

void print(const std::vector<StagedRecord> &records, const std::vector<QByteArray> &strays, Console &console)
{
    for (const StagedRecord &record : records)
        console.line(lineOf(record));
    if (records.empty())
        console.line(StagedCommand::tr("No verdict on a staged write is kept; they are kept for a day."));
    for (const QByteArray &name : strays)
        console.line(StagedCommand::tr("%1 looks staged, and nobody serves it.").arg(QString::fromUtf8(name)));
}

} // namespace

StagedCommand::StagedCommand()
    : Command({u"staged"_s, tr("what became of the writes that clients have staged in Redis"),
               u"[--failed] [--limit N]"_s, u"throughlinectl staged --failed"_s})
{
}

void StagedCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOptions(
        {{u"failed"_s, tr("Only those that failed.")}, {u"limit"_s, tr("At most so many; 100 without it."), u"N"_s}});
}

QString StagedCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    if (!arguments.isEmpty())
        return tr("\"staged\" takes options only.");
    m_onlyFailed = parser.isSet(u"failed"_s);
    if (!parser.isSet(u"limit"_s))
        return {};
    bool isNumber = false;
    m_limit = parser.value(u"limit"_s).toInt(&isNumber);
    return isNumber && m_limit >= 1 && m_limit <= mostRecords
               ? QString()
               : tr("--limit is a number from 1 to %1.").arg(mostRecords);
}

SessionOptions StagedCommand::sessionOptions() const
{
    SessionOptions options;
    options.opensAllTables = true;
    return options;
}

/// Those that failed first: the newest done are asked for only where there is room.
Result<std::vector<StagedRecord>> StagedCommand::read(const Session &session) const
{
    const EngineSettings &settings = session.engineSettings();
    PgConnection connection({settings.conninfo, settings.applicationName, settings.connectTimeout}, interrupt());
    if (const auto open = connection.open(); !open)
        return Failure(open.error());
    QByteArrayList labels;
    for (const Mapping &mapping : session.mappings())
        labels << mapping.config.label.toUtf8();
    StagedLog log(connection, session.mapping().protocolSchema);
    const Instant deadline = Clock::now() + settings.statementDeadline;
    auto records = log.recent(labels, true, m_limit, deadline);
    if (!records || m_onlyFailed)
        return records;
    const auto newest = log.recent(labels, false, m_limit, deadline);
    if (!newest)
        return newest;
    std::ranges::copy_if(*newest, std::back_inserter(*records), &StagedRecord::done);
    records->resize(std::min(records->size(), static_cast<size_t>(m_limit)));
    return records;
}

Result<std::vector<QByteArray>> StagedCommand::findStrays(const Session &session) const
{
    const EngineSettings &settings = session.engineSettings();
    RedisContext redis({settings.redis, settings.applicationName, settings.connectTimeout}, interrupt());
    if (const auto open = redis.open(); !open)
        return Failure(open.error());
    const std::vector<QByteArray> prefixes = prefixesOf(session.mappings());
    std::vector<QByteArray> found;
    for (const Mapping &mapping : session.mappings()) {
        auto strays =
            strayKeys(redis, Keyspace(mapping, prefixes), mostStrays, Clock::now() + settings.statementDeadline);
        if (!strays)
            return strays;
        std::ranges::move(*strays, std::back_inserter(found));
    }
    return found;
}

void StagedCommand::run(Session &session, Console &console)
{
    const auto records = read(session);
    const auto strays = records ? findStrays(session) : Result<std::vector<QByteArray>>();
    if (!records || !strays) {
        const StoreError &error = records ? strays.error() : records.error();
        console.message(errorSentence(error));
        Q_EMIT finished(codeOf(error));
        return;
    }
    if (!console.wantsJson()) {
        print(*records, *strays, console);
    } else {
        QJsonArray verdicts, names;
        for (const StagedRecord &record : *records)
            verdicts << jsonOf(record);
        for (const QByteArray &name : *strays)
            names << QString::fromUtf8(name);
        console.json({{u"staged"_s, verdicts}, {u"stray"_s, names}});
    }
    Q_EMIT finished(exitcode::done);
}

} // namespace throughline::cli
