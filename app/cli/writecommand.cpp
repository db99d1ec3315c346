// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/writecommand.h"

#include "cli/earlieredits.h"
#include "cli/exitcodes.h"
#include "cli/outcometext.h"
#include "cli/rowarguments.h"
#include "engine/writethrough.h"

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

CommandInfo infoOf(EditKind kind)
{
    switch (kind) {
    case EditKind::Update:
        return {u"set"_s, Command::tr("change columns of one row in both stores"), u"KEY column=value..."_s,
                u"throughlinectl set 1 score=4711 last:null"_s, true};
    case EditKind::Insert:
        return {u"add"_s, Command::tr("add a row to both stores"), u"column=value..."_s,
                u"throughlinectl add username=ana email=ana@example.org password_hash=x"_s, true};
    case EditKind::Delete:
        break;
    }
    return {u"delete"_s, Command::tr("delete one row from both stores"), u"KEY"_s, u"throughlinectl delete 3"_s, true};
}

StoreError noSuchRow(const Mapping &mapping, const RowKey &key)
{
    StoreError error;
    error.message =
        Command::tr("%1 has no row with %2 %3.").arg(mapping.table, mapping.key.name, QString::fromUtf8(key.text));
    return error;
}

} // namespace

WriteCommand::WriteCommand(EditKind kind)
    : Command(infoOf(kind))
    , m_kind(kind)
{
}

QString WriteCommand::take(const QCommandLineParser &, const QStringList &arguments)
{
    m_changes = arguments;
    if (m_kind != EditKind::Insert) {
        if (arguments.isEmpty())
            return tr("The key of the row is missing.");
        m_key = m_changes.takeFirst();
    }
    if (m_kind == EditKind::Delete)
        return m_changes.isEmpty() ? QString() : tr("\"delete\" takes one key and nothing else.");
    return m_changes.isEmpty() ? tr("There is nothing to write: give at least one column=value.") : QString();
}

Result<Edit> WriteCommand::makeEdit(const Mapping &mapping) const
{
    Edit edit;
    edit.op = OpId::create();
    edit.kind = m_kind;
    edit.origin = Origin::CommandLine;
    if (m_kind != EditKind::Insert) {
        auto key = keyArgument(mapping, m_key);
        if (!key)
            return Failure(key.error());
        edit.key = *key;
    }
    auto changes = changeArguments(mapping, m_changes);
    if (!changes)
        return Failure(changes.error());
    edit.changes = std::move(*changes);
    return edit;
}

void WriteCommand::run(Session &session, Console &console)
{
    const Mapping &mapping = session.mapping();
    const auto fail = [&](const StoreError &error) {
        if (console.wantsJson())
            console.json({{u"error"_s, error.message}, {u"column"_s, error.column}, {u"code"_s, error.code}});
        console.message(errorSentence(error));
        Q_EMIT finished(codeOf(error));
    };
    auto edit = makeEdit(mapping);
    if (!edit)
        return fail(edit.error());
    WriteThrough engine(mapping, session.engineSettings(), interrupt());
    settleEarlierEdits(engine, mapping, console);
    if (m_kind != EditKind::Insert) {
        const Instant deadline = Clock::now() + session.engineSettings().statementDeadline;
        const auto row =
            engine.postgres().ensure().and_then([&] { return engine.postgres().rows().row(edit->key, deadline); });
        if (!row) {
            StoreError error = row.error();
            error.sent = false; // only a read was lost
            return fail(error);
        }
        if (!*row)
            return fail(noSuchRow(mapping, edit->key));
        edit->key = (*row)->key; // as PostgreSQL spells it
        edit->base = (*row)->version;
    }
    edit->submitted = Clock::now();
    const Outcome outcome = awaitSettled(engine, engine.write(std::move(*edit)), interrupt());
    if (console.wantsJson())
        console.json(outcomeJson(mapping, outcome));
    console.message(outcomeSentence(mapping, outcome));
    const bool broken = outcome.error && outcome.error->kind == ErrorKind::Interrupted;
    Q_EMIT finished(broken ? codeOf(*outcome.error) : exitcode::of(outcome.verdict));
}

} // namespace throughline::cli
