// SPDX-License-Identifier: GPL-3.0-or-later
#include "ctl.h"
#include "testservers.h"

#include <QJsonArray>
#include <QRandomGenerator>
#include <QTest>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

/// Staged writes served by real gateways, that are killed meanwhile; looked at from outside alone.
class StagedGatewayTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void killedGatewaysAnswerEachWriteOnce();
    void onceServesWhatWaits();
    void verdictsAreListed();
    void statusSaysHowTheyAreFound();

private:
    struct Staged
    {
        QByteArray user;
        QByteArray uuid;
        int score = 0;
        bool isBad = false;
    };

    [[nodiscard]] QByteArray sql(const QString &text)
    {
        return m_servers->scalar(m_servers->conninfo(), text).value_or(QByteArray());
    }
    [[nodiscard]] QByteArray hashOf(const Staged &write) const { return "__{users:" + write.user + '}'; }
    [[nodiscard]] qint64 answers(const Staged &write)
    {
        return m_servers->redis({"XLEN", "{users:" + write.user + '}' + write.uuid}).value(0).toLongLong();
    }
    [[nodiscard]] std::vector<Staged> stageForEachUser(int wave);
    [[nodiscard]] bool allAnswered(const std::vector<Staged> &wave);
    [[nodiscard]] std::unique_ptr<QProcess> startGateway();
    [[nodiscard]] CtlRun ctl(const QStringList &arguments) const { return m_ctl->run(arguments); }

    std::unique_ptr<TestServers> m_servers;
    std::unique_ptr<Ctl> m_ctl;
};

namespace {

constexpr int users = 40;
constexpr int waves = 12;
constexpr int deadlineMs = 40000; // a killed gateway's writes are taken over after 10 s

} // namespace

void StagedGatewayTest::initTestCase()
{
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
    m_ctl = std::make_unique<Ctl>(QStringList{u"--data"_s, m_servers->dataDir()});
    const CtlRun seeded = ctl({u"seed"_s, u"--users"_s, QString::number(users)});
    QVERIFY2(seeded.code == 0, seeded.all().constData());
    QVERIFY(m_servers->execute(
        m_servers->conninfo(),
        u"CREATE TABLE applied(id int, score int);"
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
        " INSERT INTO applied VALUES (NEW.id, NEW.score); RETURN NULL; END $$;"
        "CREATE TRIGGER note AFTER INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION note()"_s));
}

void StagedGatewayTest::cleanupTestCase()
{
    m_ctl.reset();
    m_servers.reset();
}

std::unique_ptr<QProcess> StagedGatewayTest::startGateway()
{
    auto gateway = std::make_unique<QProcess>();
    m_ctl->start(*gateway, {u"gateway"_s});
    return gateway;
}

/// Every 13th one has a value that its column does not take.
std::vector<StagedGatewayTest::Staged> StagedGatewayTest::stageForEachUser(int wave)
{
    std::vector<Staged> staged;
    for (int user = 1; user <= users; ++user) {
        const int number = wave * users + user;
        staged.push_back(
            {QByteArray::number(user), "w" + QByteArray::number(number), 100'000 + number, number % 13 == 0});
        const Staged &write = staged.back();
        m_servers->redis({"HSET", hashOf(write), "score", write.isBad ? "many"_ba : QByteArray::number(write.score),
                          "#", "=" + write.uuid});
    }
    return staged;
}

bool StagedGatewayTest::allAnswered(const std::vector<Staged> &wave)
{
    return QTest::qWaitFor(
        [&] { return std::ranges::all_of(wave, [&](const Staged &write) { return answers(write) > 0; }); }, deadlineMs);
}

void StagedGatewayTest::killedGatewaysAnswerEachWriteOnce()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    std::vector<std::unique_ptr<QProcess>> gateways;
    gateways.push_back(startGateway());
    gateways.push_back(startGateway());
    std::vector<Staged> all;
    for (int wave = 0; wave < waves; ++wave) {
        const std::vector<Staged> staged = stageForEachUser(wave);
        if (wave % 4 == 2) {
            // Killed at a point that only the number of verdicts decides.
            const qint64 stopAt = qint64(wave) * users + random.bounded(users);
            const auto reached = [&] { return sql(u"SELECT count(*)::text FROM wt_staged"_s).toLongLong() >= stopAt; };
            QVERIFY(QTest::qWaitFor(reached, deadlineMs));
            gateways.front()->kill();
            QVERIFY(gateways.front()->waitForFinished(deadlineMs));
            gateways.erase(gateways.begin());
            gateways.push_back(startGateway());
        }
        QVERIFY(allAnswered(staged));
        all.insert(all.end(), staged.begin(), staged.end());
    }
    for (const Staged &write : all) {
        const QByteArrayList entry = m_servers->redis({"XRANGE", "{users:" + write.user + '}' + write.uuid, "-", "+"});
        QCOMPARE(answers(write), 1);
        QCOMPARE(entry.value(2), write.isBad ? "failed" : "done");
        QCOMPARE(sql(u"SELECT count(*)::text FROM applied WHERE score=%1"_s.arg(write.score)), write.isBad ? "0" : "1");
    }
    QCOMPARE(m_servers->redis({"KEYS", "*{users:*}:wip"}), QByteArrayList());
    QCOMPARE(m_servers->redis({"KEYS", "__{users:*}"}), QByteArrayList());
    for (const auto &gateway : gateways) {
        gateway->terminate();
        QVERIFY(gateway->waitForFinished(deadlineMs));
        QCOMPARE(gateway->exitCode(), 0);
    }
    QCOMPARE(ctl({u"gateway"_s, u"--once"_s}).code, 0);
    const CtlRun verified = ctl({u"verify"_s});
    QVERIFY2(verified.code == 0, verified.all().constData());
}

void StagedGatewayTest::onceServesWhatWaits()
{
    m_servers->redis({"HSET", "__{users:1}", "score", "77", "#", "=once"});
    const CtlRun once = ctl({u"gateway"_s, u"--once"_s, u"--json"_s});
    QVERIFY2(once.code == 0, once.all().constData());
    QCOMPARE(once.json().value("staged"_L1).toObject().value("done"_L1).toInt(), 1);
    QCOMPARE(answers({"1", "once", 0, false}), 1);
    QCOMPARE(m_servers->redis({"HGET", "users:1", "score"}), QByteArrayList{"77"});
    QCOMPARE(sql(u"SELECT count(*)::text FROM wt_outbox WHERE drained_at IS NULL"_s), "0");
}

void StagedGatewayTest::verdictsAreListed()
{
    m_servers->redis({"HSET", "__users:1", "score", "5"});
    m_servers->redis({"HSET", "__{users:2}", "score", "much"});
    QCOMPARE(ctl({u"gateway"_s, u"--once"_s}).code, 0);
    const QJsonObject json = ctl({u"staged"_s, u"--json"_s, u"--limit"_s, u"1000"_s}).json();
    const QJsonArray listed = json.value("staged"_L1).toArray();
    QCOMPARE(listed.size(), users * waves + 2);
    const QJsonObject first = listed[0].toObject(); // the newest that failed
    QCOMPARE(first.value("status"_L1), u"failed"_s);
    QCOMPARE(first.value("key"_L1), u"2"_s);
    QVERIFY(!first.contains("id"_L1));
    QVERIFY(first.value("error"_L1).toString().startsWith("value: score"_L1));
    QCOMPARE(json.value("stray"_L1).toArray(), QJsonArray{u"__users:1"_s});
    const CtlRun text = ctl({u"staged"_s, u"--failed"_s});
    QCOMPARE(text.code, 0);
    QVERIFY(text.out.contains("users:2  value: score"));
    QVERIFY(text.out.contains("__users:1 looks staged, and nobody serves it."));
    QVERIFY(!text.out.contains("much"));
    QVERIFY(!text.out.contains(" done "));
}

void StagedGatewayTest::statusSaysHowTheyAreFound()
{
    QCOMPARE(ctl({u"status"_s, u"--json"_s}).json().value("staged_announced"_L1), true);
    m_servers->redis({"CONFIG", "SET", "notify-keyspace-events", ""});
    QCOMPARE(ctl({u"status"_s, u"--json"_s}).json().value("staged_announced"_L1), false);
    QVERIFY(ctl({u"status"_s}).out.contains("Redis does not announce them"));
    m_servers->redis({"CONFIG", "SET", "notify-keyspace-events", "Kh"});
}

QTEST_GUILESS_MAIN(StagedGatewayTest)
#include "tst_stagedgateway.moc"
