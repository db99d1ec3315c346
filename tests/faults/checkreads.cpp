// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkerindex.h"

#include <algorithm>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

QString sourceText(const Event &read)
{
    return read.source == Source::Cache ? u"from the cache"_s : u"from the table"_s;
}

using Versions = QHash<std::pair<QByteArray, qint64>, QByteArray>; // key, version -> value

Versions committedVersions(const Record &record)
{
    Versions versions;
    for (auto row = record.before.cbegin(); row != record.before.cend(); ++row)
        versions.insert({row.key(), row->version}, row->value);
    for (const AuditRow &row : record.audit) {
        if (!row.deleted)
            versions.insert({row.key, row.version}, row.value);
    }
    return versions;
}

/// The version that each staged write got first, by key and uuid.
QHash<WriteName, qint64> stagedVersions(const Record &record)
{
    QHash<ChangeName, qint64> changes;
    for (const AuditRow &row : record.audit)
        changes.insert({row.key, row.transaction}, row.version);
    QHash<WriteName, qint64> versions;
    for (const VerdictRow &verdict : record.verdicts) {
        const qint64 version = changes.value({verdict.key, verdict.transaction});
        const WriteName name{verdict.key, verdict.uuid};
        if (verdict.done && !verdict.uuid.isEmpty() && version > 0)
            versions[name] = versions.contains(name) ? std::min(versions[name], version) : version;
    }
    return versions;
}

/// The version that each saved write got, and the highest one that was acknowledged before a time.
class Acknowledged final
{
public:
    explicit Acknowledged(const Record &record);

    [[nodiscard]] qint64 before(const QByteArray &key, qint64 time) const;
    /// A delete at or above `version`: it explains that a row is not there.
    [[nodiscard]] bool isGoneAfter(const QByteArray &key, qint64 version) const;

private:
    struct Step
    {
        qint64 at = 0;
        qint64 version = 0; ///< the highest up to here
    };
    QHash<QByteArray, std::vector<Step>> m_steps;
    QHash<QByteArray, qint64> m_lastDelete;
};

Acknowledged::Acknowledged(const Record &record)
{
    for (auto row = record.before.cbegin(); row != record.before.cend(); ++row)
        m_steps[row.key()].push_back({0, row->version});
    QHash<WriteName, qint64> versions;
    for (const AuditRow &row : record.audit) {
        // Others may change the row and leave the value as it is: the first version is that of the write.
        if (!versions.contains(nameOf(row)))
            versions.insert(nameOf(row), row.version);
        if (row.deleted)
            m_lastDelete[row.key] = std::max(m_lastDelete.value(row.key), row.version);
    }
    const QHash<WriteName, qint64> staged = stagedVersions(record);
    QHash<WriteName, WriteName> invoked; // by key and operation
    for (const Event &event : record.events) {
        if (event.kind == EventKind::Invoke)
            invoked.insert({event.key, event.op}, nameOf(event));
        if (event.kind != EventKind::Ok && event.kind != EventKind::StagedDone)
            continue;
        const qint64 version = event.kind == EventKind::Ok ? versions.value(invoked.value({event.key, event.op}))
                                                           : staged.value({event.key, uuidOf(event)});
        auto &steps = m_steps[event.key];
        steps.push_back({event.at, std::max(version, steps.empty() ? 0 : steps.back().version)});
    }
}

qint64 Acknowledged::before(const QByteArray &key, qint64 time) const
{
    const auto steps = m_steps.constFind(key);
    if (steps == m_steps.cend())
        return 0;
    const auto after = std::ranges::upper_bound(*steps, time, {}, &Step::at);
    return after == steps->begin() ? 0 : std::prev(after)->version;
}

bool Acknowledged::isGoneAfter(const QByteArray &key, qint64 version) const
{
    return m_lastDelete.value(key) >= version;
}

} // namespace

Violations checkReadsAreCommitted(const Record &record)
{
    Violations violations;
    const Versions versions = committedVersions(record);
    QHash<WriteName, qint64> invoked;
    for (const Event &event : record.events) {
        if (event.kind == EventKind::Invoke || event.kind == EventKind::Stage)
            invoked.insert(nameOf(event), event.at);
    }
    for (const Event &read : record.events) {
        if (read.kind != EventKind::Read || read.source == Source::None)
            continue;
        const auto committed = versions.constFind({read.key, read.version});
        const QString what =
            u"%1 read version %2 of %3 %4 at %5"_s.arg(QString::fromUtf8(read.process), QString::number(read.version),
                                                       users(read.key), sourceText(read), moment(record, read.at));
        if (committed == versions.cend())
            violations.push_back({"C1", u"%1, which was never committed."_s.arg(what)});
        else if (*committed != read.value)
            violations.push_back({"C1", u"%1 with another value than was committed under that number."_s.arg(what)});
        else if (invoked.value({read.key, read.value}) > read.at)
            violations.push_back({"C1", u"%1, before its commit began."_s.arg(what)});
    }
    return violations;
}

Violations checkAcknowledged(const Record &record)
{
    Violations violations;
    const Acknowledged acknowledged(record);
    const Outages outages(record.events);
    for (const Event &read : record.events) {
        if (read.kind != EventKind::Read)
            continue;
        const qint64 expected = acknowledged.before(read.key, read.begin);
        const bool gone = read.source == Source::None && acknowledged.isGoneAfter(read.key, expected);
        if (read.version >= expected || gone)
            continue;
        // PROTOCOL.md, section 9: after a restart with loss only own readers are promised more.
        if (isLegacy(read) && read.source == Source::Cache && outages.overlaps(read.begin, read.at))
            continue;
        const QString got = read.source == Source::None
                                ? u"no row"_s
                                : u"version %1 %2"_s.arg(QString::number(read.version), sourceText(read));
        violations.push_back(
            {"C3", u"%1 got %2 of %3 at %4, although version %5 had been called saved before %6."_s.arg(
                       QString::fromUtf8(read.process), got, users(read.key), moment(record, read.at),
                       QString::number(expected), moment(record, read.begin))});
    }
    return violations;
}

} // namespace throughline::faults
