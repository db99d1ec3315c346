// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/keylist.h"

#include "cli/rowarguments.h"
#include "engine/storelink.h"

#include <QSet>

namespace throughline::cli {

using namespace Qt::StringLiterals;

void KeyList::addOption(QCommandLineParser &parser)
{
    parser.addOption({u"keys"_s, Command::tr("Only these rows."), u"K,K..."_s});
}

QString KeyList::take(const QCommandLineParser &parser)
{
    for (const QString &list : parser.values(u"keys"_s))
        m_words += list.split(u',', Qt::SkipEmptyParts);
    if (parser.isSet(u"keys"_s) && m_words.isEmpty())
        return Command::tr("--keys takes at least one key.");
    return {};
}

Result<std::vector<RowKey>> KeyList::read(const Session &session, const Interrupt *interrupt) const
{
    PostgresLink postgres(session.mapping(), session.engineSettings(), LinkRole::Reader, interrupt);
    if (const auto open = postgres.ensure(); !open)
        return Failure(open.error());
    std::vector<RowKey> keys;
    QSet<RowKey> known;
    for (const QString &word : m_words) {
        const Instant deadline = Clock::now() + session.engineSettings().statementDeadline;
        const auto key = keyArgument(session.mapping(), word).and_then([&](const RowKey &typed) {
            return postgres.rows().canonicalKey(typed, deadline);
        });
        if (!key)
            return Failure(key.error());
        if (known.contains(*key))
            continue;
        known.insert(*key);
        keys.push_back(*key);
    }
    return keys;
}

std::vector<QByteArray> otherPrefixes(const Session &session)
{
    std::vector<QByteArray> prefixes;
    for (const MappingConfig &mapping : session.config().mappings) {
        if (mapping.prefix != session.mapping().config.prefix)
            prefixes.push_back(mapping.prefix);
    }
    return prefixes;
}

} // namespace throughline::cli
