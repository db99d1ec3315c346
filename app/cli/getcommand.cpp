// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/getcommand.h"

#include "cli/exitcodes.h"
#include "cli/outcometext.h"
#include "cli/pairtext.h"
#include "cli/rowarguments.h"
#include "engine/rowreader.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

GetCommand::GetCommand()
    : Command({u"get"_s, tr("show one row of both stores side by side"), u"KEY"_s, u"throughlinectl get 1"_s})
{
}

QString GetCommand::take(const QCommandLineParser &, const QStringList &arguments)
{
    if (arguments.size() != 1)
        return tr("\"get\" takes one key.");
    m_key = arguments.front();
    return {};
}

int GetCommand::exitCodeOf(const RowPair &pair)
{
    if (pair.postgresError || pair.redisError)
        return exitcode::unavailable;
    if (pair.comparison.row == RowDifference::Neither)
        return exitcode::failed;
    return pair.comparison.isFault() ? exitcode::differs : exitcode::done;
}

void GetCommand::run(Session &session, Console &console)
{
    RowReader reader(session.mapping(), session.engineSettings(), interrupt());
    auto key = keyArgument(session.mapping(), m_key);
    // The hash is named by the key as PostgreSQL spells it; without PostgreSQL by what was typed.
    if (key && reader.postgres().ensure()) {
        key = reader.postgres().rows().canonicalKey(*key, Clock::now() + session.engineSettings().statementDeadline);
    }
    if (!key) {
        console.message(key.error().message);
        Q_EMIT finished(codeOf(key.error()));
        return;
    }
    const RowPair pair = reader.pair(*key);
    for (const auto &error : {pair.postgresError, pair.redisError}) {
        if (error)
            console.message(errorSentence(*error));
    }
    if (pair.comparison.row == RowDifference::Neither && exitCodeOf(pair) == exitcode::failed)
        console.message(tr("Neither store holds %1.").arg(QString::fromUtf8(session.mapping().hashKey(*key))));
    if (console.wantsJson()) {
        console.json(pairJson(session.mapping(), pair));
    } else {
        for (const QString &line : pairLines(session.mapping(), pair))
            console.line(line);
    }
    Q_EMIT finished(exitCodeOf(pair));
}

} // namespace throughline::cli
