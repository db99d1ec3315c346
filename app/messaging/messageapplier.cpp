// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/messageapplier.h"

#include "engine/readthrough.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace throughline {

namespace {

constexpr int mostUnseenRows = 10;

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(MessageApplier)
};

std::vector<RowWish> wishesOf(const std::vector<messageplan::MergedWish> &group)
{
    std::vector<RowWish> wishes;
    wishes.reserve(group.size());
    std::ranges::transform(group, std::back_inserter(wishes), &messageplan::MergedWish::wish);
    return wishes;
}

/// Back into the order in which the changes were asked for.
bool isOlder(const RowWish &a, const RowWish &b)
{
    return a.fields.front().position < b.fields.front().position;
}

} // namespace

MessageApplier::MessageApplier(Mapping mapping, const EngineSettings &settings, QByteArray stream,
                               PostgresLink &postgres, RedisLink &redis, Patience &patience)
    : m_mapping(std::move(mapping))
    , m_settings(settings)
    , m_postgres(postgres)
    , m_redis(redis)
    , m_patience(patience)
    , m_store(postgres.connection(), m_mapping, std::move(stream))
    , m_pushes(postgres, redis, m_mapping.config.label.toUtf8(), postgres.rows(), redis.cache(), settings)
{
}

Result<std::vector<MessageFate>> MessageApplier::apply(std::span<const Message> messages)
{
    m_wishes.clear();
    m_messages.clear();
    m_refused.clear();
    m_unseenRows = 0;
    m_fates.assign(messages.size(), {});
    for (size_t i = 0; i < messages.size(); ++i) {
        auto wish = messageplan::wishOf(m_mapping, messages[i]);
        if (!wish) {
            m_fates[i] = {MessageFate::Kind::Dead, wish.error()};
            continue;
        }
        m_wishes.push_back(std::move(*wish));
        m_messages.push_back(i);
    }
    for (Group &group : messageplan::statements(messageplan::merge(m_wishes))) {
        if (const auto done = applyGroup(std::move(group)); !done)
            return Failure(done.error());
    }
    if (const auto done = applyOneByOne(std::exchange(m_refused, {})); !done)
        return Failure(done.error());
    return std::exchange(m_fates, {});
}

/// A group that is refused is halved, until the row that is to blame stands alone.
Result<void> MessageApplier::applyGroup(Group group)
{
    const auto refusal = attempt(group);
    if (!refusal)
        return Failure(refusal.error());
    if (!*refusal)
        return {};
    if (group.size() == 1) {
        std::ranges::copy(group.front().wishes, std::back_inserter(m_refused));
        return {};
    }
    const auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
    Group second(std::make_move_iterator(middle), std::make_move_iterator(group.end()));
    group.erase(middle, group.end());
    return applyGroup(std::move(group)).and_then([&] { return applyGroup(std::move(second)); });
}

/// The last word on what was refused: each message alone, the oldest first, when everything else is done. One may have
/// to wait for another, as for a name that is taken until then, and of several for one row only one may be to blame.
Result<void> MessageApplier::applyOneByOne(std::vector<size_t> wishes)
{
    std::ranges::sort(wishes, [this](size_t a, size_t b) { return isOlder(m_wishes[a], m_wishes[b]); });
    for (const size_t wish : wishes) {
        const auto fields = m_wishes[wish].fields.size();
        const auto refusal = attempt({{m_wishes[wish], {wish}, std::vector<size_t>(fields, wish)}});
        if (!refusal)
            return Failure(refusal.error());
        if (*refusal)
            m_fates[m_messages[wish]] = {MessageFate::Kind::Dead, (*refusal)->message};
    }
    return {};
}

Result<std::optional<StoreError>> MessageApplier::attempt(const Group &group)
{
    const std::vector<RowWish> wishes = wishesOf(group);
    const OpId op = OpId::create();
    // When the answer is lost the statement is sent again: what the lost one has done the gate does not let through,
    // and when it comes late the gate does not let it through either.
    auto applied = m_patience.until(
        [&] { return m_postgres.ensure().and_then([&] { return m_store.apply(op, wishes, late()); }); });
    if (applied)
        return take(group, op, std::move(*applied)).map([] { return std::optional<StoreError>(); });
    if (messageplan::isRefusal(applied.error()))
        return std::optional(applied.error());
    return Failure(applied.error());
}

Result<void> MessageApplier::take(const Group &group, const OpId &op, std::vector<WishApplied> applied)
{
    std::vector<Row> changed;
    for (size_t i = 0; i < group.size(); ++i) {
        if (!applied[i].row)
            continue;
        noteApplied(group[i], applied[i].passed);
        changed.push_back(*applied[i].row);
    }
    m_committed += std::ssize(changed);
    const auto others = settleOthers(group, applied);
    if (!others)
        return Failure(others.error());
    return push(op, changed, *others);
}

void MessageApplier::noteApplied(const messageplan::MergedWish &merged, const std::vector<bool> &passed)
{
    for (size_t i = 0; i < passed.size(); ++i) {
        if (passed[i])
            m_fates[m_messages[merged.owners[i]]].kind = MessageFate::Kind::Applied;
    }
}

/// What the statement has not changed: newer messages were there first, or this very one, whose consumer may have been
/// killed before its push; or there is no such row. Returns the rows that are there.
Result<std::vector<Row>> MessageApplier::settleOthers(const Group &group, const std::vector<WishApplied> &applied)
{
    std::vector<size_t> left;
    std::vector<RowWish> wishes;
    for (size_t i = 0; i < group.size(); ++i) {
        if (applied[i].row)
            continue;
        left.push_back(i);
        wishes.push_back(group[i].wish);
    }
    if (left.empty())
        return std::vector<Row>();
    const auto states =
        m_patience.until([&] { return m_postgres.ensure().and_then([&] { return m_store.look(wishes, late()); }); });
    if (!states)
        return Failure(states.error());
    std::vector<Row> rows;
    Group again;
    for (size_t i = 0; i < left.size(); ++i) {
        const WishState &state = (*states)[i];
        if (state.row)
            rows.push_back(*state.row);
        if (state.seen)
            continue;
        if (!state.row)
            bury(group[left[i]], Words::tr("There is no row with this key."));
        else if (m_unseenRows < mostUnseenRows) // it has been added meanwhile
            again.push_back(group[left[i]]);
        else // a policy of the table lets it be read only
            bury(group[left[i]], Words::tr("The row cannot be changed over this connection."));
    }
    m_unseenRows += again.empty() ? 0 : 1;
    if (again.empty())
        return rows;
    return applyGroup(std::move(again)).map([&] { return std::move(rows); });
}

void MessageApplier::bury(const messageplan::MergedWish &merged, const QString &reason)
{
    for (const size_t wish : merged.wishes)
        m_fates[m_messages[wish]] = {MessageFate::Kind::Dead, reason};
}

/// Only when this is answered may a message be settled.
Result<void> MessageApplier::push(const OpId &op, std::span<const Row> changed, std::span<const Row> others)
{
    // With triggers of somebody else a row may not have stayed as it was returned.
    std::vector<Row> current;
    if (m_mapping.foreignTriggers && !changed.empty()) {
        std::vector<RowKey> keys;
        std::ranges::transform(changed, std::back_inserter(keys), &Row::key);
        auto rows = m_patience.until(
            [&] { return m_postgres.ensure().and_then([&] { return m_postgres.rows().rows(keys, late()); }); });
        if (!rows)
            return Failure(rows.error());
        current = std::move(*rows);
    }
    std::vector<CachePut> puts;
    for (const std::span<const Row> rows :
         {m_mapping.foreignTriggers ? std::span<const Row>(current) : changed, others})
        std::ranges::transform(rows, std::back_inserter(puts), [](const Row &row) {
            return CachePut{'U', row.key, row.version, {}, &row};
        });
    const auto absent = putAll(puts);
    if (!absent)
        return Failure(absent.error());
    if (!changed.empty()) {
        RetainedPush retained{
            0, op, {std::numeric_limits<qint64>::max()}, {}, {}, true, Clock::now(), m_redis.number()};
        for (const Row &row : changed) {
            retained.lowest = std::min(retained.lowest, RowVersion{row.version.number - 1});
            retained.keys.push_back({row.key, row.version});
        }
        m_pushes.add(std::move(retained), {});
    }
    // A row without a hash is no fault, so nothing waits for it to get one.
    if (!absent->empty() && m_mapping.config.warm == WarmPolicy::Always)
        std::ignore = ReadThrough(m_postgres, m_redis, m_settings).fill(*absent, Clock::now() + m_settings.ackDeadline);
    return {};
}

/// Returns the keys that have no hash.
Result<std::vector<RowKey>> MessageApplier::putAll(std::span<const CachePut> puts)
{
    if (puts.empty())
        return std::vector<RowKey>();
    return m_patience.until([&]() -> Result<std::vector<RowKey>> {
        if (const auto open = m_redis.ensure(); !open)
            return Failure(open.error());
        const auto replies = m_redis.cache().putOrDrop(puts, Clock::now() + m_settings.ackDeadline);
        if (!replies)
            return Failure(replies.error());
        std::vector<RowKey> absent;
        for (size_t i = 0; i < puts.size(); ++i) {
            const Result<PutReply> &reply = (*replies)[i];
            if (!reply)
                return Failure(reply.error());
            if (*reply == PutReply::Absent)
                absent.push_back(puts[i].key);
        }
        return absent;
    });
}

void MessageApplier::upkeep()
{
    std::ignore = m_pushes.work();
}

} // namespace throughline
