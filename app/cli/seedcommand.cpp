// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/seedcommand.h"

#include "cli/exitcodes.h"
#include "cli/outcometext.h"
#include "engine/filler.h"
#include "engine/writethrough.h"
#include "session/originalusers.h"
#include "session/sampleusers.h"
#include "stores/postgres/pgstatements.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds longWork{1'800'000};

} // namespace

SeedCommand::SeedCommand()
    : Command({u"seed"_s, tr("add the three users of the original, or N made-up ones"), u"[--users N] [--warm]"_s,
               u"throughlinectl seed --users 1000"_s, true})
{
}

void SeedCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"users"_s, tr("Add this many made-up users with fixed values."), u"N"_s});
    parser.addOption({u"warm"_s, tr("Put the added users into the cache as well.")});
}

QString SeedCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    m_warm = parser.isSet(u"warm"_s);
    if (!arguments.isEmpty())
        return tr("\"seed\" takes no arguments.");
    if (!parser.isSet(u"users"_s))
        return {};
    bool good = false;
    m_users = parser.value(u"users"_s).toLongLong(&good);
    return good && m_users > 0 ? QString() : tr("--users takes a whole number above 0.");
}

void SeedCommand::run(Session &session, Console &console)
{
    const auto pending = m_users > 0 ? seedMany(session, console) : seedOriginal(session, console);
    if (!pending)
        console.message(errorSentence(pending.error()));
    Q_EMIT finished(!pending ? codeOf(pending.error()) : *pending > 0 ? exitcode::unsettled : exitcode::done);
}

Result<qint64> SeedCommand::seedOriginal(Session &session, Console &console) const
{
    const auto users = originalUsers(session.mapping());
    if (!users)
        return Failure(users.error());
    WriteThrough engine(session.mapping(), session.engineSettings(), interrupt());
    qint64 added = 0, pending = 0;
    for (const Edit &user : *users) {
        const Outcome outcome = engine.write(user);
        const bool thereAlready = outcome.error && outcome.error->kind == ErrorKind::Duplicate;
        if (!outcome.isCommitted() && !thereAlready)
            return Failure(outcome.error.value_or(StoreError()));
        added += outcome.isCommitted();
        pending += outcome.verdict == Verdict::CommittedCachePending;
    }
    if (console.wantsJson())
        console.json({{u"added"_s, added}, {u"cache_pending"_s, pending}});
    console.message(tr("%1 of the 3 users of the original were added; the others were there.").arg(added));
    if (pending > 0)
        console.message(tr("Redis did not answer for %1 of them; the cache follows.").arg(pending));
    return pending;
}

Result<qint64> SeedCommand::seedMany(Session &session, Console &console) const
{
    const EngineSettings &settings = session.engineSettings();
    PgConnection connection({settings.conninfo, settings.applicationName, settings.connectTimeout}, interrupt());
    const Instant deadline = Clock::now() + longWork;
    if (const auto open = connection.open(); !open)
        return Failure(open.error());
    const QByteArray table = PgStatements(session.mapping()).table();
    const QByteArray key = quotedIdentifier(session.mapping().key.name);
    const auto highest = connection.run({"SELECT coalesce(max(" + key + ")::text,'') FROM " + table, {}}, deadline);
    if (!highest)
        return Failure(highest.error());
    const RowKey last{highest->text(0, 0)};
    const Instant start = Clock::now();
    if (const auto copied =
            copySampleUsers(connection, session.mapping(), last.text.toLongLong() + 1, m_users, deadline);
        !copied)
        return Failure(copied.error());
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    console.message(tr("%1 users added in %2 s.").arg(m_users).arg(seconds, 0, 'f', 1));
    qint64 cached = 0;
    if (m_warm) {
        const auto filled = warm(session, console, last);
        if (!filled)
            return Failure(filled.error());
        cached = *filled;
        console.message(tr("%1 of them are cached.").arg(cached));
    }
    if (console.wantsJson())
        console.json({{u"added"_s, m_users}, {u"cached"_s, cached}});
    return 0;
}

Result<qint64> SeedCommand::warm(Session &session, Console &console, const RowKey &after) const
{
    Filler filler(session.mapping(), session.engineSettings(), interrupt());
    qint64 filled = 0;
    const auto progress = [&](const FillCounts &counts) {
        filled = counts.filled;
        console.progress(tr("%1 of about %2 users cached").arg(counts.filled).arg(m_users));
    };
    const auto done = filler.fillAfter(after.text.isEmpty() ? std::nullopt : std::optional(after), progress);
    if (!done)
        return Failure(done.error());
    return filled;
}

} // namespace throughline::cli
