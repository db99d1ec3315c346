// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/warmcommand.h"

#include "cli/exitcodes.h"
#include "cli/outcometext.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

WarmCommand::WarmCommand()
    : Command({u"warm"_s, tr("put rows that are not cached into the cache"), u"[--keys K,K...]"_s,
               u"throughlinectl warm --keys 1,2,3"_s, true})
{
}

void WarmCommand::addOptions(QCommandLineParser &parser)
{
    KeyList::addOption(parser);
}

QString WarmCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    if (!arguments.isEmpty())
        return tr("\"warm\" takes options only; name rows with --keys.");
    return m_keys.take(parser);
}

void WarmCommand::run(Session &session, Console &console)
{
    const Instant start = Clock::now();
    FillCounts counts;
    const auto done = fill(session, console, counts);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (console.wantsJson()) {
        QJsonObject json{{u"rows"_s, counts.rows},
                         {u"filled"_s, counts.filled},
                         {u"complete"_s, done.has_value()},
                         {u"elapsed_s"_s, seconds}};
        if (!done)
            json.insert(u"error"_s, done.error().message);
        console.json(json);
    } else {
        console.line(tr("%1 rows looked at in %2 s: %3 put into the cache")
                         .arg(counts.rows)
                         .arg(seconds, 0, 'f', 1)
                         .arg(counts.filled));
    }
    if (!done)
        console.message(errorSentence(done.error()));
    Q_EMIT finished(done ? exitcode::done : codeOf(done.error()));
}

Result<void> WarmCommand::fill(Session &session, Console &console, FillCounts &counts) const
{
    Filler filler(session.mapping(), session.engineSettings(), interrupt());
    const auto progress = [&](const FillCounts &now) {
        counts = now;
        console.progress(tr("%1 rows looked at, %2 put into the cache").arg(now.rows).arg(now.filled));
    };
    if (!m_keys.isGiven())
        return filler.fillAfter(std::nullopt, progress);
    return m_keys.read(session, interrupt()).and_then([&](const std::vector<RowKey> &keys) {
        return filler.fillEach(keys, progress);
    });
}

} // namespace throughline::cli
