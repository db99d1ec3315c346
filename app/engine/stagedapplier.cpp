// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stagedapplier.h"

#include "base/faultpoint.h"
#include "engine/writeplan.h"

#include <QCoreApplication>

#include <algorithm>

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
    case ErrorKind::InvalidValue:
        return error.constraint.isEmpty() ? StagedRefusal::InvalidValue : StagedRefusal::Constraint;
    case ErrorKind::NullNotAllowed:
        return StagedRefusal::InvalidValue;
    default:
        return StagedRefusal::Other;
    }
}

QString sentenceFor(const Mapping &mapping, const StagedWrite &write, const StoreError &error)
{
    Edit edit;
    edit.changes = write.changes;
    const StoreError named = writeplan::withColumn(mapping, edit, error);
    return named.column.isEmpty() || named.message.startsWith(named.column) ? named.message
                                                                            : named.column + ": "_L1 + named.message;
}

StoreError keepsChanging()
{
    StoreError error;
    error.kind = ErrorKind::Transient;
    error.store = Store::Postgres;
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

std::vector<StagedFate> StagedApplier::apply(std::vector<StagedWrite> writes)
{
    m_writes = std::move(writes);
    m_fates.assign(m_writes.size(), {});
    Group refused;
    for (size_t i = 0; i < m_writes.size(); ++i) {
        if (m_writes[i].refusal != StagedRefusal::None)
            refused.push_back(i);
    }
    for (Group &group : grouped())
        applyGroup(std::move(group));
    refuse(refused);
    return std::move(m_fates);
}

std::vector<StagedApplier::Group> StagedApplier::grouped() const
{
    std::vector<Group> groups;
    for (size_t i = 0; i < m_writes.size(); ++i) {
        const StagedWrite &write = m_writes[i];
        if (write.refusal != StagedRefusal::None)
            continue;
        const auto group = std::ranges::find_if(groups, [&](const Group &one) {
            const StagedWrite &first = m_writes[one.front()];
            return first.op == write.op && (write.op == StagedOp::Delete || sameFields(first, write));
        });
        if (group == groups.end())
            groups.push_back({i});
        else
            group->push_back(i);
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
    for (int attempt = 1; !group.empty(); ++attempt) {
        const OpId statement = OpId::create();
        faultPoint(FaultPoint::BeforeStatement);
        auto verdicts = m_store.apply(statement, writesOf(group), late());
        if (verdicts) {
            faultPoint(FaultPoint::StagedDecided);
            group = takeVerdicts(group, statement, *verdicts);
            if (attempt >= writeplan::statementAttempts)
                return leave(group, keepsChanging());
            continue;
        }
        const StoreError &error = verdicts.error();
        if (isLocked(error) && attempt < writeplan::statementAttempts)
            group = withoutLocked(group, error);
        else if (isConcurrent(error) && attempt < writeplan::statementAttempts)
            continue;
        else if (writeplan::isRefusal(error) && !isConcurrent(error))
            return separate(group, error);
        else
            return leave(group, error);
    }
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

/// One row refused them all: halved until it stands alone.
void StagedApplier::separate(const Group &group, const StoreError &error)
{
    if (group.size() == 1) {
        StagedWrite &write = m_writes[group.front()];
        write.refusal = refusalFor(error);
        write.reason = sentenceFor(m_mapping, write, error);
        return refuse(group);
    }
    const auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
    applyGroup({group.begin(), middle});
    applyGroup({middle, group.end()});
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
