// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/dropcommand.h"

#include "cli/exitcodes.h"
#include "cli/outcometext.h"
#include "engine/dropper.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

DropCommand::DropCommand()
    : Command({u"drop"_s, tr("take hashes out of the cache; the rows stay"), u"[--keys K,K...]"_s,
               u"throughlinectl drop --keys 1,2,3"_s, true})
{
}

void DropCommand::addOptions(QCommandLineParser &parser)
{
    KeyList::addOption(parser);
}

QString DropCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    if (!arguments.isEmpty())
        return tr("\"drop\" takes options only; name rows with --keys.");
    return m_keys.take(parser);
}

void DropCommand::run(Session &session, Console &console)
{
    const Instant start = Clock::now();
    qint64 dropped = 0;
    const auto done = drop(session, console, dropped);
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (console.wantsJson()) {
        QJsonObject json{{u"dropped"_s, dropped}, {u"complete"_s, done.has_value()}, {u"elapsed_s"_s, seconds}};
        if (!done)
            json.insert(u"error"_s, done.error().message);
        console.json(json);
    } else {
        console.line(tr("%1 hashes dropped from the cache in %2 s").arg(dropped).arg(seconds, 0, 'f', 1));
    }
    if (!done)
        console.message(errorSentence(done.error()));
    Q_EMIT finished(done ? exitcode::done : codeOf(done.error()));
}

Result<void> DropCommand::drop(Session &session, Console &console, qint64 &dropped) const
{
    Dropper dropper(session.mapping(), session.engineSettings(), otherPrefixes(session), interrupt());
    const auto progress = [&](qint64 now) {
        dropped = now;
        console.progress(tr("%1 hashes dropped").arg(now));
    };
    if (!m_keys.isGiven())
        return dropper.dropAll(progress);
    return m_keys.read(session, interrupt()).and_then([&](const std::vector<RowKey> &keys) {
        return dropper.drop(keys, progress);
    });
}

} // namespace throughline::cli
