// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stagedapplier.h"

#include "base/faultpoint.h"
#include "engine/writeplan.h"

#include <QCoreApplication>

#include <algorithm>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

bool sameFields(const StagedWrite &a, const StagedWrite &b)
{
    return std::ranges::equal(a.changes, b.changes, {}, &FieldChange::field, &FieldChange::field);
}

bool isLocked(const StoreError &error)
{
    return error.code == "55P03"_L1;
}

StagedRefusal refusalFor(const StoreError &error)
{
    switch (error.kind) {
    case ErrorKind::Duplicate:
    case ErrorKind::Referenced:
        return StagedRefusal::Constraint;
    case ErrorKind::InvalidValue: // also what a trigger has to say
        return error.constraint.isEmpty() && !error.code.startsWith("P0"_L1) ? StagedRefusal::InvalidValue
                                                                             : StagedRefusal::Constraint;
    case ErrorKind::NullNotAllowed:
        return StagedRefusal::InvalidValue;
    default:
        return StagedRefusal::Other;
    }
}

QString sentenceFor(const Mapping &mapping, const StagedWrite &write, const StoreError &error)
{
    if (error.code.startsWith("P0"_L1)) // a trigger speaks of the row
        return error.message;
    Edit edit;
    edit.changes = write.changes;
    const StoreError named = writeplan::withColumn(mapping, edit, error);
    return named.column.isEmpty() || named.message.startsWith(named.column) ? named.message
                                                                            : named.column + ": "_L1 + named.message;
}

StoreError locked()
{
    StoreError error;
    error.kind = ErrorKind::Transient;
    error.store = Store::Postgres;
    error.code = u"55P03"_s;
    error.message = QCoreApplication::translate("StagedApplier", "Somebody has locked the row.");
    return error;
}

StoreError keepsChanging()
{
    StoreError error;
    error.kind = ErrorKind::Transient;
    error.store = Store::Postgres;
    error.code = u"40001"_s;
    error.message = QCoreApplication::translate("StagedApplier", "Somebody else keeps changing the row.");
    return error;
}

} // namespace

StagedApplier::StagedApplier(StagedStore &store, const Mapping &mapping, const EngineSettings &settings)
    : m_store(store)
    , m_mapping(mapping)
    , m_settings(settings)
{
}

Instant StagedApplier::late() const
{
    return Clock::now() + m_settings.statementDeadline;
}

/// The writes that are to be sent.
StagedApplier::Group StagedApplier::begin(std::vector<StagedWrite> writes)
{
    m_writes = std::move(writes);
    m_fates.assign(m_writes.size(), {});
    m_refused.clear();
    Group sent;
    for (size_t i = 0; i < m_writes.size(); ++i)
        (m_writes[i].refusal == StagedRefusal::None ? sent : m_refused).push_back(i);
    return sent;
}

std::vector<StagedFate> StagedApplier::end()
{
    refuse(std::exchange(m_refused, {}));
    return std::move(m_fates);
}

std::vector<StagedFate> StagedApplier::apply(std::vector<StagedWrite> writes)
{
    for (Group &group : grouped(begin(std::move(writes))))
        applyGroup(std::move(group));
    return end();
}

std::vector<StagedFate> StagedApplier::applyAgain(std::vector<StagedWrite> writes)
{
    const Group sent = begin(std::move(writes));
    for (const size_t index : sent.empty() ? sent : withoutLocked(sent, locked()))
        applyGroup({index});
    return end();
}

std::vector<StagedApplier::Group> StagedApplier::grouped(const Group &sent) const
{
    std::vector<Group> groups;
    for (const size_t index : sent) {
        const StagedWrite &write = m_writes[index];
        const auto group = std::ranges::find_if(groups, [&](const Group &one) {
            const StagedWrite &first = m_writes[one.front()];
            return first.op == write.op && (write.op == StagedOp::Delete || sameFields(first, write));
        });
        if (group == groups.end())
            groups.push_back({index});
        else
            group->push_back(index);
    }
    return groups;
}

std::vector<StagedWrite> StagedApplier::writesOf(const Group &group) const
{
    std::vector<StagedWrite> writes;
    writes.reserve(group.size());
    for (const size_t index : group)
        writes.push_back(m_writes[index]);
    return writes;
}

void StagedApplier::applyGroup(Group group)
{
    StoreError error = keepsChanging();
    for (int attempt = 1; attempt <= writeplan::statementAttempts && !group.empty(); ++attempt) {
        const OpId statement = OpId::create();
        faultPoint(FaultPoint::BeforeStatement);
        auto verdicts = m_store.apply(statement, writesOf(group), late());
        if (verdicts) {
            faultPoint(FaultPoint::StagedDecided);
            group = takeVerdicts(group, statement, *verdicts);
            continue;
        }
        error = verdicts.error();
        if (isLocked(error)) {
            const size_t before = group.size();
            group = withoutLocked(group, error);
            if (group.size() == before) // the lock is none of a row that is there: one that is just being added, say
                break;
        } else if (!isConcurrent(error)) {
            break;
        }
    }
    if (!group.empty())
        separate(group, error);
}

StagedApplier::Group StagedApplier::takeVerdicts(const Group &group, const OpId &statement,
                                                 std::vector<std::optional<StagedVerdict>> &verdicts)
{
    Group without;
    for (size_t i = 0; i < group.size(); ++i) {
        if (verdicts[i])
            m_fates[group[i]] = {std::move(verdicts[i]), {}, statement};
        else
            without.push_back(group[i]);
    }
    return without;
}

/// A transaction that somebody has left open holds up its own row, and no other.
StagedApplier::Group StagedApplier::withoutLocked(const Group &group, const StoreError &error)
{
    const auto locked = m_store.lockedKeys(writesOf(group), late());
    Group aside, others;
    for (const size_t index : group) {
        const bool isHeld = locked && std::ranges::find(*locked, m_writes[index].key) != locked->end();
        (isHeld ? aside : others).push_back(index);
    }
    leave(aside, error);
    return others;
}

/// One row stands in the way of them all: halved until it is alone.
void StagedApplier::separate(const Group &group, const StoreError &error)
{
    const bool isAlone = group.size() == 1;
    const bool mayPass = isLocked(error) || isConcurrent(error);
    if (mayPass ? isAlone : !writeplan::isRefusal(error))
        return leave(group, error);
    if (isAlone)
        return refuseLater(group.front(), error);
    const auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
    applyGroup({group.begin(), middle});
    applyGroup({middle, group.end()});
}

void StagedApplier::refuseLater(size_t index, const StoreError &error)
{
    StagedWrite &write = m_writes[index];
    write.refusal = refusalFor(error);
    write.reason = sentenceFor(m_mapping, write, error);
    m_refused.push_back(index);
}

// S4. Only when the verdict is committed nobody can apply the write any more, and it may be called failed.
void StagedApplier::refuse(const Group &refused)
{
    if (refused.empty())
        return;
    auto verdicts = m_store.fail(writesOf(refused), late());
    if (!verdicts && refused.size() > 1 && writeplan::isRefusal(verdicts.error())) {
        for (const size_t index : refused) // one of them may hold what PostgreSQL does not take
            refuse({index});
        return;
    }
    if (!verdicts)
        return leave(refused, verdicts.error());
    leave(takeVerdicts(refused, {}, *verdicts), keepsChanging());
    for (const size_t index : refused) {
        // It had been applied after all, by an attempt whose answer was lost: the verdict stands, and has a row.
        if (m_fates[index].verdict && m_fates[index].verdict->done)
            applyGroup({index});
    }
}

void StagedApplier::leave(const Group &group, const StoreError &error)
{
    for (const size_t index : group)
        m_fates[index] = {{}, error, {}};
}

/// Class 40, or the key that somebody has just inserted: the next attempt finds another situation.
bool StagedApplier::isConcurrent(const StoreError &error) const
{
    if (error.code.startsWith("40"_L1))
        return true;
    return error.kind == ErrorKind::Duplicate &&
           std::ranges::any_of(m_mapping.uniques, [&](const UniqueConstraint &unique) {
               return unique.name == error.constraint && unique.column == m_mapping.key.name;
           });
}

} // namespace throughline
