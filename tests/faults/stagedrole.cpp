// SPDX-License-Identifier: GPL-3.0-or-later
#include "clients.h"
#include "faultsettings.h"
#include "role.h"

#include <QMap>
#include <QUuid>

#include <array>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds clientsPatience{30'000};
constexpr int looksForTheTake = 40;

/// A client that stages its writes in Redis and looks for the answers: right ones, wrong ones, several on one key.
class StagedRole final : public Role
{
public:
    StagedRole(const WorkerOptions &options, const Recorder &recorder)
        : m_recorder(recorder)
        , m_sql(options.plainConninfo.toUtf8())
        , m_watch(options.plainConninfo.toUtf8())
        , m_redis(options.plainRedis)
        , m_dice(options.seed)
    {
    }

    void step() override
    {
        lookForAnswers();
        const int what = m_dice.between(1, 100);
        if (what <= 50)
            stageSome();
        else if (what <= 60)
            stageOnVersion();
        else if (what <= 72)
            churn();
        else if (what <= 80)
            refused();
        else if (what <= 86)
            merge();
        else if (what <= 92)
            follow();
        else if (what <= 95)
            twice();
        else if (what <= 97)
            withoutId();
        else
            cacheAlone();
    }

    void rest() override { lookForAnswers(); }
    [[nodiscard]] milliseconds pace() const override { return milliseconds(20); }
    bool perform(const QByteArray &what) override;

private:
    using Action = bool (StagedRole::*)();

    // Several at once, so that they are taken and applied together.
    bool stageSome()
    {
        for (int count = m_dice.between(1, 4); count > 0; --count)
            std::ignore = stage(hotKey(), newMark('='), {"first", newValue()});
        return true;
    }
    bool stageOnVersion();
    bool churn();
    bool refused();
    bool merge();
    bool follow();
    bool twice();
    bool other();
    bool withoutId();
    bool cacheAlone();
    bool deadlock();
    [[nodiscard]] bool aGatewayWaits();

    bool stage(const QByteArray &key, const QByteArray &mark, const QByteArrayList &fields);
    void stageTogether(const QByteArrayList &keys);
    void lookForAnswers();
    [[nodiscard]] bool lookFor(const QByteArray &key, const QByteArray &mark);
    [[nodiscard]] bool isInHand(const QByteArray &key);
    void record(EventKind kind, const QByteArray &key, const QByteArray &mark, const QByteArray &value = {});
    [[nodiscard]] QByteArray versionOf(const QByteArray &key);

    [[nodiscard]] QByteArray hotKey() { return m_dice.key(keys::hotFirst, keys::hotLast); }
    [[nodiscard]] QByteArray churnKey() { return m_dice.key(keys::churnFirst, keys::churnLast); }
    [[nodiscard]] QByteArray newValue() { return m_recorder.process() + '-' + QByteArray::number(++m_counter); }
    [[nodiscard]] QByteArray newMark(char operation)
    {
        return operation + m_recorder.process() + 'u' + QByteArray::number(++m_counter);
    }

    const Recorder &m_recorder;
    SqlClient m_sql;
    SqlClient m_watch; ///< looks on while the other holds rows
    RedisClient m_redis;
    Dice m_dice;
    QMap<std::pair<QByteArray, QByteArray>, Instant> m_waiting; ///< by key and mark
    int m_counter = 0;
};

bool StagedRole::perform(const QByteArray &what)
{
    static constexpr std::array<std::pair<const char *, Action>, 8> actions{{
        {"merge", &StagedRole::merge},
        {"follow", &StagedRole::follow},
        {"twice", &StagedRole::twice},
        {"other", &StagedRole::other},
        {"refused", &StagedRole::refused},
        {"withoutid", &StagedRole::withoutId},
        {"cachealone", &StagedRole::cacheAlone},
        {"deadlock", &StagedRole::deadlock},
    }};
    for (const auto &[name, action] : actions) {
        if (what == name)
            return (this->*action)();
    }
    return false;
}

void StagedRole::record(EventKind kind, const QByteArray &key, const QByteArray &mark, const QByteArray &value)
{
    Event event;
    event.kind = kind;
    event.key = key;
    event.op = mark;
    event.value = value;
    m_recorder.record(event);
}

/// The first value is the one that the audit knows.
bool StagedRole::stage(const QByteArray &key, const QByteArray &mark, const QByteArrayList &fields)
{
    record(EventKind::Stage, key, mark, fields.value(0) == "first" ? fields[1] : QByteArray());
    QByteArrayList command{"HSET", "__{users:" + key + '}'};
    command += fields;
    if (!mark.isEmpty())
        command << "#" << mark;
    const auto reply = m_redis.run(command);
    if (!reply)
        return false; // nobody knows
    const bool taken = QByteArray("0123456789").contains(reply->value(0).left(1));
    record(taken ? EventKind::Staged : EventKind::NotStaged, key, mark);
    if (taken && mark.size() > 1)
        m_waiting.insert({key, mark}, Clock::now());
    return taken;
}

/// In one step, so that one gateway takes them together.
void StagedRole::stageTogether(const QByteArrayList &keys)
{
    constexpr auto script =
        "for i = 1, #KEYS do redis.call('HSET', KEYS[i], 'first', ARGV[2 * i - 1], '#', ARGV[2 * i]) "
        "end return 1";
    QByteArrayList names, arguments, marks;
    for (const QByteArray &key : keys) {
        names << "__{users:" + key + '}';
        arguments << newValue() << newMark('=');
        marks << arguments.back();
        record(EventKind::Stage, key, marks.back(), arguments[arguments.size() - 2]);
    }
    const auto reply = m_redis.run(QByteArrayList{"EVAL", script, QByteArray::number(keys.size())} + names + arguments);
    if (!reply)
        return; // nobody knows
    for (qsizetype i = 0; i < keys.size(); ++i) {
        record(reply->value(0) == "1" ? EventKind::Staged : EventKind::NotStaged, keys[i], marks[i]);
        m_waiting.insert({keys[i], marks[i]}, Clock::now());
    }
}

void StagedRole::lookForAnswers()
{
    for (auto waiting = m_waiting.begin(); waiting != m_waiting.end();) {
        const bool over = Clock::now() - *waiting > clientsPatience;
        if (over || lookFor(waiting.key().first, waiting.key().second))
            waiting = m_waiting.erase(waiting);
        else
            ++waiting;
    }
}

bool StagedRole::lookFor(const QByteArray &key, const QByteArray &mark)
{
    const auto entries = m_redis.run({"XRANGE", "{users:" + key + '}' + mark.mid(1), "-", "+"});
    if (!entries || !entries->contains("status"))
        return false;
    for (qsizetype i = 0; i + 1 < entries->size(); ++i) {
        if (entries->at(i) == "status")
            record(entries->at(i + 1) == "done" ? EventKind::StagedDone : EventKind::StagedFailed, key, mark);
    }
    return true;
}

QByteArray StagedRole::versionOf(const QByteArray &key)
{
    const auto rows = m_sql.run("SELECT version FROM users WHERE id=$1::int", {key});
    return rows && !rows->empty() ? rows->front().front() : QByteArray("1");
}

bool StagedRole::stageOnVersion()
{
    const QByteArray key = hotKey();
    const QByteArray version = m_dice.chance(80) ? versionOf(key) : QByteArray("1");
    return stage(key, newMark('='), {"first", newValue(), "version", version});
}

// T8: rows that others delete and add, too.
bool StagedRole::churn()
{
    const QByteArray key = churnKey();
    const QByteArray value = newValue();
    if (m_dice.chance(30))
        return stage(key, newMark('~'), {"score", "0"});
    if (m_dice.chance(20))
        return stage(key, newMark('~'), {"version", versionOf(key)});
    if (m_dice.chance(30))
        return stage(key, newMark('='), {"first", value}); // fails where there is no row
    return stage(key, newMark('='), {"first", value, "username", value, "email", value, "pwhash", "x"});
}

bool StagedRole::refused()
{
    const QByteArray key = hotKey();
    switch (m_dice.between(1, 6)) {
    case 1:
        return stage(key, newMark('='), {"first", newValue(), "score", "many"});
    case 2:
        return stage(key, newMark('='), {"first", newValue(), "colour", "red"});
    case 3:
        return stage("x" + key, newMark('='), {"first", newValue()});
    case 4:
        return stage(key, newMark('='), {"first", newValue(), "username", "user21"}); // somebody else's, perhaps
    case 5:
        return stage(key, newMark('?'), {"first", newValue()});
    default:
        return stage(key, newMark('='), {"first", QByteArray(100'000, 'a')});
    }
}

// Two on one key before anybody can have taken the first: they become one.
bool StagedRole::merge()
{
    const QByteArray key = hotKey();
    if (m_dice.chance(30))
        std::ignore = stage(key, {}, {"last", newValue()});
    else
        std::ignore = stage(key, newMark('='), {"last", newValue()});
    return stage(key, newMark('='), {"first", newValue()});
}

bool StagedRole::isInHand(const QByteArray &key)
{
    const auto reply = m_redis.run({"EXISTS", "{users:" + key + "}:wip"});
    return reply && reply->value(0) == "1";
}

// The second while the first is in a gateway's hand: it has to wait its turn.
bool StagedRole::follow()
{
    const QByteArray key = hotKey();
    if (!stage(key, newMark('='), {"first", newValue()}))
        return false;
    for (int i = 0; i < looksForTheTake && !isInHand(key); ++i) {
    }
    return stage(key, newMark('='), {"first", newValue()});
}

bool StagedRole::twice()
{
    const QByteArray key = hotKey();
    const QByteArray mark = newMark('=');
    const QByteArrayList fields{"first", newValue()};
    if (!stage(key, mark, fields))
        return false;
    for (int i = 0; i < looksForTheTake && !isInHand(key); ++i) {
    }
    return stage(key, mark, fields);
}

// The same id for something else: another write.
bool StagedRole::other()
{
    const QByteArray key = hotKey();
    const QByteArray mark = newMark('=');
    return stage(key, mark, {"first", newValue()}) && stage(key, mark, {"first", newValue()});
}

// Nobody waits for these; what is no hash is refused.
bool StagedRole::withoutId()
{
    const QByteArray key = hotKey();
    if (m_dice.chance(30))
        return m_redis.run({"RPUSH", "__{users:" + key + '}', "x"}).has_value();
    return stage(key, m_dice.chance(50) ? "="_ba : QByteArray(), {"first", newValue()});
}

bool StagedRole::cacheAlone()
{
    return m_dice.chance(70) ? stage(hotKey(), newMark('-'), {"score", "0"})
                             : stage(hotKey(), newMark('+'), {"score", "0"});
}

bool StagedRole::aGatewayWaits()
{
    const auto rows = m_watch.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type='Lock' AND "
                                  "application_name LIKE '%staged'");
    return rows && rows->front().front() != "0";
}

// Somebody holds the second of two rows that are staged together, and then wants the first.
bool StagedRole::deadlock()
{
    const QByteArray first = QByteArray::number(keys::hotFirst);
    const QByteArray second = QByteArray::number(keys::hotLast);
    const QByteArray touch = "UPDATE users SET score=score+1 WHERE id=$1::int";
    // A name of its own: it leaves the values as they are, and is not a second time what has written them.
    const QByteArray name = QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    const bool held = m_sql.run("BEGIN; SET LOCAL deadlock_timeout='10s'; SET LOCAL wt.op='" + name + '\'') &&
                      m_sql.run(touch, {second});
    if (held) {
        stageTogether({first, second});
        for (int i = 0; i < 10 * looksForTheTake && !aGatewayWaits(); ++i) {
        }
        std::ignore = m_sql.run(touch, {first});
    }
    if (!m_sql.run("COMMIT"))
        m_sql.close();
    return held;
}

} // namespace

std::unique_ptr<Role> makeStagedRole(const WorkerOptions &options, const Recorder &recorder)
{
    return std::make_unique<StagedRole>(options, recorder);
}

} // namespace throughline::faults
