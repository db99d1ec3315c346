// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkerindex.h"

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

void checkAudit(const Record &record, Violations &violations)
{
    QHash<QByteArray, qint64> last;
    for (auto row = record.before.cbegin(); row != record.before.cend(); ++row)
        last.insert(row.key(), row->version);
    for (const AuditRow &row : record.audit) {
        qint64 &version = last[row.key];
        if (row.version <= version) {
            violations.push_back({"C2", u"The table gave %1 version %2 after version %3 (change %4)."_s.arg(
                                            users(row.key), QString::number(row.version), QString::number(version),
                                            QString::number(row.order))});
        }
        version = row.version;
    }
}

void checkHits(const Record &record, Violations &violations)
{
    const Outages outages(record.events);
    struct Seen
    {
        qint64 version = 0;
        qint64 at = 0;
    };
    QHash<std::pair<QByteArray, QByteArray>, Seen> seen; // process, key
    for (const Event &read : record.events) {
        if (read.kind != EventKind::Read)
            continue;
        Seen &last = seen[{read.process, read.key}];
        const bool interrupted = isLegacy(read) && outages.overlaps(last.at, read.at);
        if (read.source != Source::Cache || interrupted)
            last = {}; // a miss or a restart lies between
        if (read.source != Source::Cache)
            continue;
        if (read.version < last.version) {
            violations.push_back(
                {"C2", u"%1 read version %2 of %3 from the cache at %4, and version %5 at %6 before."_s.arg(
                           QString::fromUtf8(read.process), QString::number(read.version), users(read.key),
                           moment(record, read.at), QString::number(last.version), moment(record, last.at))});
        }
        last = {read.version, read.at};
    }
}

} // namespace

Violations checkVersionsRise(const Record &record)
{
    Violations violations;
    checkAudit(record, violations);
    checkHits(record, violations);
    return violations;
}

} // namespace throughline::faults
