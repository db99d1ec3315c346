// SPDX-License-Identifier: GPL-3.0-or-later
#include "clients.h"
#include "faulthook.h"
#include "faultsettings.h"
#include "role.h"

#include <QSet>

#include <array>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

/// Foreign SQL: knows nothing of versions, outbox or cache (T7).
class PsqlRole final : public Role
{
public:
    PsqlRole(const WorkerOptions &options, const Recorder &recorder)
        : m_recorder(recorder)
        , m_conninfo(options.plainConninfo.toUtf8() + " options='-c lock_timeout=2s'")
        , m_sql(m_conninfo)
        , m_holder(m_conninfo)
        , m_dice(options.seed)
    {
    }

    void step() override
    {
        if (Clock::now() > m_holdUntil)
            endLong("COMMIT");
        if (m_dice.chance(70))
            updateOne();
        else if (m_dice.chance(50))
            deleteOne();
        else
            insertOne();
    }

    [[nodiscard]] milliseconds pace() const override { return milliseconds(100); }
    void rest() override { endLong("COMMIT"); }
    bool perform(const QByteArray &what) override;

private:
    using Action = bool (PsqlRole::*)();

    bool updateOne() { return write("UPDATE users SET first_name=$2 WHERE id=$1::int", hotKey()); }
    bool deleteOne() { return m_sql.run("DELETE FROM users WHERE id=$1::int", {churnKey()}).has_value(); }
    bool insertOne() { return write(insertion, churnKey()); }
    bool updateKey();
    bool copyIn();
    bool truncate();
    bool openLong();
    bool rollBack();
    bool versionByHand();
    bool repeatableRead();
    bool manyRows();
    bool ownWithoutVersion();
    bool ownWithVersion();
    [[nodiscard]] bool ownSession(const QByteArray &sql);

    [[nodiscard]] QByteArray hotKey();
    [[nodiscard]] QByteArray churnKey() { return m_dice.key(keys::churnFirst, keys::churnLast); }
    [[nodiscard]] QByteArray newValue() { return m_recorder.process() + '-' + QByteArray::number(++m_counter); }
    void invoke(const QByteArray &key, const QByteArray &value);
    void answer(const QByteArray &key, const QByteArray &value, bool done);
    bool write(const QByteArray &sql, const QByteArray &key) { return write(m_sql, sql, key); }
    bool write(SqlClient &client, const QByteArray &sql, const QByteArray &key);
    void endLong(const QByteArray &how);

    static constexpr auto insertion =
        "INSERT INTO users(id,username,email,password_hash,first_name) VALUES ($1::int,$2,$2,'x',$2)";

    const Recorder &m_recorder;
    QByteArray m_conninfo;
    SqlClient m_sql;
    SqlClient m_holder; ///< of the long transaction
    QByteArray m_heldKey;
    QByteArray m_heldValue;
    Instant m_holdUntil{};
    Dice m_dice;
    int m_counter = 0;
};

bool PsqlRole::perform(const QByteArray &what)
{
    static constexpr std::array<std::pair<const char *, Action>, 13> actions{{
        {"update", &PsqlRole::updateOne},
        {"delete", &PsqlRole::deleteOne},
        {"insert", &PsqlRole::insertOne},
        {"updatekey", &PsqlRole::updateKey},
        {"copy", &PsqlRole::copyIn},
        {"truncate", &PsqlRole::truncate},
        {"opentransaction", &PsqlRole::openLong},
        {"rollback", &PsqlRole::rollBack},
        {"versionbyhand", &PsqlRole::versionByHand},
        {"repeatableread", &PsqlRole::repeatableRead},
        {"manyrows", &PsqlRole::manyRows},
        {"ownwithoutversion", &PsqlRole::ownWithoutVersion},
        {"ownwithversion", &PsqlRole::ownWithVersion},
    }};
    for (const auto &[name, action] : actions) {
        if (what == name)
            return (this->*action)();
    }
    return false;
}

// Not the row that the long transaction holds: we would wait for ourselves.
QByteArray PsqlRole::hotKey()
{
    QByteArray key = m_dice.key(keys::hotFirst, keys::hotLast);
    while (key == m_heldKey)
        key = m_dice.key(keys::hotFirst, keys::hotLast);
    return key;
}

void PsqlRole::invoke(const QByteArray &key, const QByteArray &value)
{
    Event event;
    event.kind = EventKind::Invoke;
    event.key = key;
    event.op = value;
    event.value = value;
    m_recorder.record(event);
}

// A commit of foreign SQL promises nothing about the cache: Pending.
void PsqlRole::answer(const QByteArray &key, const QByteArray &value, bool done)
{
    Event event;
    event.kind = done ? EventKind::Pending : m_sql.isUnknown() ? EventKind::Unknown : EventKind::Failed;
    event.key = key;
    event.op = value;
    m_recorder.record(event);
}

bool PsqlRole::write(SqlClient &client, const QByteArray &sql, const QByteArray &key)
{
    const QByteArray value = newValue();
    invoke(key, value);
    // Whether a row was there is told by the row that comes back.
    const auto rows = client.run(sql + " RETURNING 1", {key, value});
    Event event;
    event.key = key;
    event.op = value;
    event.kind = rows                 ? (rows->empty() ? EventKind::Conflict : EventKind::Pending)
                 : client.isUnknown() ? EventKind::Unknown
                                      : EventKind::Failed;
    m_recorder.record(event);
    return rows.has_value();
}

bool PsqlRole::updateKey()
{
    const QByteArray from = churnKey();
    const QByteArray to = churnKey();
    const QByteArray value = newValue();
    invoke(to, value);
    const auto rows = m_sql.run("UPDATE users SET id=$2::int, first_name=$3 WHERE id=$1::int AND NOT EXISTS "
                                "(SELECT FROM users WHERE id=$2::int) RETURNING 1",
                                {from, to, value});
    if (rows && rows->empty())
        return true; // there is no such row, or the new key is taken: nothing to be told about
    answer(to, value, rows.has_value());
    return rows.has_value();
}

bool PsqlRole::copyIn()
{
    const QByteArray value = newValue();
    QSet<QByteArray> chosen;
    for (int i = 0; i < 5; ++i)
        chosen << churnKey();
    QByteArray data;
    for (const QByteArray &key : std::as_const(chosen)) {
        std::ignore = m_sql.run("DELETE FROM users WHERE id=$1::int", {key});
        const QByteArray unique = value + '.' + key;
        data += key + '\t' + unique + '\t' + unique + "\tx\t" + value + '\n';
        invoke(key, value);
    }
    const bool done = m_sql.copy("COPY users(id,username,email,password_hash,first_name) FROM STDIN", data);
    for (const QByteArray &key : std::as_const(chosen))
        answer(key, value, done);
    return true; // refused when another writer took a key meanwhile
}

// It has to be refused.
bool PsqlRole::truncate()
{
    return !m_sql.run("SET lock_timeout='500ms'; TRUNCATE users");
}

bool PsqlRole::openLong()
{
    endLong("COMMIT");
    m_heldKey = hotKey();
    m_heldValue = newValue();
    m_holdUntil = Clock::now() + milliseconds(1500);
    return m_holder.run("BEGIN") &&
           m_holder.run("UPDATE users SET first_name=$2 WHERE id=$1::int", {m_heldKey, m_heldValue});
}

bool PsqlRole::rollBack()
{
    if (m_heldKey.isEmpty() && !openLong())
        return false;
    endLong("ROLLBACK");
    return true;
}

void PsqlRole::endLong(const QByteArray &how)
{
    if (m_heldKey.isEmpty())
        return;
    // Nobody may have seen it so far: its time begins now. Without a COMMIT it must never be seen.
    const bool commit = how == "COMMIT";
    if (commit)
        invoke(m_heldKey, m_heldValue);
    const auto done = m_holder.run(how);
    if (!done)
        m_holder.close();
    m_heldKey.clear();
}

bool PsqlRole::versionByHand()
{
    return write("UPDATE users SET first_name=$2, version=1 WHERE id=$1::int", hotKey()) &&
           write("UPDATE users SET first_name=$2, version=version+1000000 WHERE id=$1::int", hotKey()) &&
           write("UPDATE users SET first_name=$2, version=NULL WHERE id=$1::int", hotKey());
}

bool PsqlRole::repeatableRead()
{
    const QByteArray key = hotKey();
    if (!m_sql.run("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM users WHERE id<50"))
        return false;
    const QByteArray value = newValue();
    const QByteArray added = churnKey();
    const bool written = m_sql.run("UPDATE users SET first_name=$2 WHERE id=$1::int", {key, value}) &&
                         m_sql.run(QByteArray(insertion) + " ON CONFLICT DO NOTHING", {added, value + 'i'});
    if (!written) {
        std::ignore = m_sql.run("ROLLBACK"); // a row had changed: that is what this level does
        return true;
    }
    invoke(key, value);
    const bool done = m_sql.run("COMMIT").has_value();
    answer(key, value, done);
    return true;
}

// More keys than one row of the outbox takes.
bool PsqlRole::manyRows()
{
    const QByteArray from = QByteArray::number(keys::bulkFirst + m_dice.between(0, 8000));
    return m_sql.run("UPDATE users SET first_name=$2 WHERE id BETWEEN $1::int AND $1::int+1199", {from, newValue()})
        .has_value();
}

bool PsqlRole::ownSession(const QByteArray &sql)
{
    SqlClient own(m_conninfo);
    const auto node = own.run("SELECT nextval('wt_node_seq')");
    if (!node)
        return false;
    const QByteArray number = node->front().front();
    return own.run("SELECT pg_advisory_lock(7461, " + number + "); SET wt.node='" + number +
                   "'; SET lock_timeout='2s'") &&
           write(own, sql, hotKey());
}

bool PsqlRole::ownWithoutVersion()
{
    return ownSession("UPDATE users SET first_name=$2 WHERE id=$1::int");
}

// As a staged write does it: without a base version, so that it waits for whoever holds the row and goes on.
bool PsqlRole::ownWithVersion()
{
    if (isMutated(Mutation::NextvalFrom))
        return ownSession(
            "UPDATE users SET first_name=$2, version=v.n FROM (SELECT nextval('wt_version_seq') AS n OFFSET 0) v "
            "WHERE id=$1::int");
    return ownSession("UPDATE users SET first_name=$2, version=nextval('wt_version_seq') WHERE id=$1::int");
}

} // namespace

std::unique_ptr<Role> makePsqlRole(const WorkerOptions &options, const Recorder &recorder)
{
    return std::make_unique<PsqlRole>(options, recorder);
}

} // namespace throughline::faults
