// SPDX-License-Identifier: GPL-3.0-or-later
#include "testservers.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

/// The private servers, with real ones.
class TestSandbox final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsColdWithSafeSettings();
};

void TestSandbox::startsColdWithSafeSettings()
{
    QElapsedTimer timer;
    timer.start();
    TestServers servers;
    QVERIFY2(servers.start(), qPrintable(servers.error()));
    qInfo("cold start: %lld ms", timer.elapsed());
    QCOMPARE(servers.scalar(servers.conninfo(), u"SHOW fsync"_s), "on"_ba);
    QCOMPARE(servers.scalar(servers.conninfo(), u"SHOW synchronous_commit"_s), "on"_ba);
    QVERIFY(servers.scalar(servers.conninfo(), u"SHOW max_connections"_s)->toInt() >= 200);
    QCOMPARE(servers.scalar(servers.conninfo(), u"SHOW listen_addresses"_s), ""_ba);
    QCOMPARE(servers.scalar(servers.conninfo(), u"SHOW server_encoding"_s), "UTF8"_ba);
    QCOMPARE(servers.redis({"CONFIG", "GET", "appendonly"}).value(1), "yes"_ba);
    QCOMPARE(servers.redis({"CONFIG", "GET", "appendfsync"}).value(1), "everysec"_ba);
    QCOMPARE(servers.redis({"CONFIG", "GET", "maxmemory-policy"}).value(1), "noeviction"_ba);
    QCOMPARE(servers.redis({"CONFIG", "GET", "port"}).value(1), "0"_ba);
    const QByteArray events = servers.redis({"CONFIG", "GET", "notify-keyspace-events"}).value(1);
    QVERIFY(events.contains('K') && events.contains('h'));
}

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
