// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/verifycommand.h"

#include "cli/exitcodes.h"
#include "cli/outcometext.h"
#include "cli/verifytext.h"
#include "engine/verifier.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

VerifyCommand::VerifyCommand()
    : Command({u"verify"_s, tr("compare every row with its hash, both ways"), u"[--quick] [--repair] [--keys K,K...]"_s,
               u"throughlinectl verify --repair"_s})
{
}

void VerifyCommand::addOptions(QCommandLineParser &parser)
{
    parser.addOption({u"quick"_s, tr("Compare keys and versions only.")});
    parser.addOption({u"repair"_s, tr("Drop what differs from the cache and fill it again.")});
    KeyList::addOption(parser);
}

QString VerifyCommand::take(const QCommandLineParser &parser, const QStringList &arguments)
{
    if (!arguments.isEmpty())
        return tr("\"verify\" takes options only; name rows with --keys.");
    m_quick = parser.isSet(u"quick"_s);
    m_repair = parser.isSet(u"repair"_s);
    return m_keys.take(parser);
}

void VerifyCommand::run(Session &session, Console &console)
{
    const auto report = verify(session, console);
    if (!report) {
        if (console.wantsJson())
            console.json({{u"error"_s, report.error().message}});
        console.message(errorSentence(report.error()));
        Q_EMIT finished(codeOf(report.error()));
        return;
    }
    if (console.wantsJson()) {
        console.json(verifyJson(session.mapping(), *report));
    } else {
        for (const QString &line : verifyLines(session.mapping(), *report))
            console.line(line);
    }
    for (const QString &advice : verifyAdvice(*report))
        console.message(advice);
    Q_EMIT finished(exitCodeOf(*report));
}

Result<VerifyReport> VerifyCommand::verify(Session &session, Console &console) const
{
    VerifyOptions options;
    options.quick = m_quick;
    options.repair = m_repair;
    options.otherPrefixes = otherPrefixes(session);
    options.progress = [&console](const VerifyReport &report) {
        // PostgreSQL's estimate may be missing or old.
        const QString rows = report.rows < report.estimatedRows
                                 ? tr("%1 of about %2 rows").arg(report.rows).arg(report.estimatedRows)
                                 : tr("%1 rows").arg(report.rows);
        console.progress(rows + tr(", %1 keys differ").arg(report.differing));
    };
    Verifier verifier(session.mapping(), session.engineSettings(), std::move(options), interrupt());
    if (!m_keys.isGiven())
        return verifier.verifyAll();
    const auto keys = m_keys.read(session, interrupt());
    if (!keys)
        return Failure(keys.error());
    return verifier.verify(*keys);
}

int VerifyCommand::exitCodeOf(const VerifyReport &report) const
{
    if (report.error)
        return codeOf(*report.error);
    return report.storesAgree() ? exitcode::done : exitcode::differs;
}

} // namespace throughline::cli
