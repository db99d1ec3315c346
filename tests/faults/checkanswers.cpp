// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkerindex.h"

#include <algorithm>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

struct Told
{
    WriteName write;
    QByteArray process;
    qint64 at = 0;
    bool committed = false; ///< Ok or Pending
    bool refused = false;   ///< Conflict, Failed or Unavailable
};

void note(Told &told, const Event &event)
{
    switch (event.kind) {
    case EventKind::Ok:
    case EventKind::Pending:
        told.committed = true;
        break;
    case EventKind::Conflict:
    case EventKind::Failed:
    case EventKind::Unavailable:
        told.refused = true;
        break;
    default:
        return;
    }
    told.at = event.at;
}

/// Which writes are in the table; says so when one is there twice.
class Applied final
{
public:
    Applied(const std::vector<AuditRow> &audit, Violations &violations)
    {
        // The operation is a part of it: to keep a late statement out, a writer may raise the version of a row that
        // already holds the value. A transaction may touch a row twice (REPEATABLE READ draws a version again).
        QHash<std::pair<WriteName, QByteArray>, QSet<QByteArray>> transactions;
        for (const AuditRow &row : audit) {
            if (nameOf(row).second.isEmpty()) // foreign deletes have no name
                continue;
            transactions[{nameOf(row), row.op}].insert(row.transaction);
            m_writes.insert(nameOf(row));
        }
        for (auto write = transactions.cbegin(); write != transactions.cend(); ++write) {
            const WriteName &name = write.key().first;
            if (write->size() > 1)
                violations.push_back(
                    {"C5", u"The write %1 of %2 was applied %3 times."_s.arg(
                               QString::fromUtf8(name.second), users(name.first), QString::number(write->size()))});
        }
    }
    [[nodiscard]] bool contains(const WriteName &write) const { return m_writes.contains(write); }

private:
    QSet<WriteName> m_writes;
};

bool isAboutAWrite(EventKind kind)
{
    return kind <= EventKind::Unavailable;
}

} // namespace

Violations checkAnswers(const Record &record)
{
    Violations violations;
    const Applied applied(record.audit, violations);
    QHash<std::pair<QByteArray, QByteArray>, Told> writes; // key, operation
    for (const Event &event : record.events) {
        if (!isAboutAWrite(event.kind))
            continue;
        Told &told = writes[{event.key, event.op}];
        if (event.kind == EventKind::Invoke)
            told.write = nameOf(event);
        told.process = event.process;
        note(told, event);
    }
    for (const Told &told : std::as_const(writes)) {
        if (told.write.second.isEmpty()) // it was begun before this record
            continue;
        const bool isApplied = applied.contains(told.write);
        const QString what = u"%1 was told at %2 that its write %3 of %4"_s.arg(
            QString::fromUtf8(told.process), moment(record, told.at), QString::fromUtf8(told.write.second),
            users(told.write.first));
        if (told.committed && told.refused)
            violations.push_back({"C5", u"%1 was saved, and also that it was not."_s.arg(what)});
        else if (told.committed && !isApplied)
            violations.push_back({"C5", u"%1 was committed, and it was not."_s.arg(what)});
        else if (told.refused && isApplied)
            violations.push_back({"C5", u"%1 was not applied, and it was."_s.arg(what)});
    }
    return violations;
}

} // namespace throughline::faults
