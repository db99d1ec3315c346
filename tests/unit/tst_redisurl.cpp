// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/redisurl.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

using Transport = RedisUrl::Transport;

/// RedisUrl::parse: every form, and every mistake by its name.
class TestRedisUrl final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void namesTheMistake_data();
    void namesTheMistake();
};

void TestRedisUrl::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<RedisUrl>("expected");
    const auto row = [](const char *name, const QString &text, const RedisUrl &expected) {
        QTest::newRow(name) << text << expected;
    };
    row("host", u"redis://db1"_s, {Transport::Tcp, u"db1"_s, 6379, {}, {}, {}, 0});
    row("port and database", u"redis://db1:7000/3"_s, {Transport::Tcp, u"db1"_s, 7000, {}, {}, {}, 3});
    row("closing slash", u"redis://db1/"_s, {Transport::Tcp, u"db1"_s, 6379, {}, {}, {}, 0});
    row("password", u"redis://:secret@db1"_s, {Transport::Tcp, u"db1"_s, 6379, {}, {}, u"secret"_s, 0});
    row("user", u"redis://anna:secret@db1"_s, {Transport::Tcp, u"db1"_s, 6379, {}, u"anna"_s, u"secret"_s, 0});
    row("encoded password", u"redis://:a%3Ab%40c%2Fd%25%C3%A9@db1"_s,
        {Transport::Tcp, u"db1"_s, 6379, {}, {}, u"a:b@c/d%é"_s, 0});
    row("@ in the password", u"redis://:a@b@db1"_s, {Transport::Tcp, u"db1"_s, 6379, {}, {}, u"a@b"_s, 0});
    row("IPv6", u"redis://[::1]:7000"_s, {Transport::Tcp, u"::1"_s, 7000, {}, {}, {}, 0});
    row("TLS, capitals, blanks", u" REDISS://db1 "_s, {Transport::Tls, u"db1"_s, 6379, {}, {}, {}, 0});
    row("socket", u"unix:///run/redis.sock"_s, {Transport::Unix, {}, 6379, u"/run/redis.sock"_s, {}, {}, 0});
    row("socket with database", u"unix:///run/redis.sock?db=2"_s,
        {Transport::Unix, {}, 6379, u"/run/redis.sock"_s, {}, {}, 2});
    row("socket with password", u"unix://:secret@/run/a%20b.sock"_s,
        {Transport::Unix, {}, 6379, u"/run/a b.sock"_s, {}, u"secret"_s, 0});
}

void TestRedisUrl::reads()
{
    QFETCH(const QString, text);
    QFETCH(const RedisUrl, expected);
    const auto url = RedisUrl::parse(text);
    QVERIFY2(url.has_value(), qPrintable(url ? QString() : url.error().message));
    QVERIFY(*url == expected);
}

void TestRedisUrl::namesTheMistake_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("named");
    QTest::newRow("empty") << u" "_s << u"empty"_s;
    QTest::newRow("no scheme") << u"db1:6379"_s << u"starts with none of"_s;
    QTest::newRow("other scheme") << u"http://s3cret"_s << u"starts with none of"_s;
    QTest::newRow("no host") << u"redis://"_s << u"names no host"_s;
    QTest::newRow("no host but a port") << u"redis://:6379"_s << u"names no host"_s;
    QTest::newRow("port word") << u"redis://db1:s3cret"_s << u"port is not a number"_s;
    QTest::newRow("port 0") << u"redis://db1:0"_s << u"port is not a number"_s;
    QTest::newRow("port 65536") << u"redis://db1:65536"_s << u"port is not a number"_s;
    QTest::newRow("empty port") << u"redis://db1:"_s << u"port is not a number"_s;
    QTest::newRow("bare IPv6") << u"redis://::1"_s << u"several colons"_s;
    QTest::newRow("open bracket") << u"redis://[::1"_s << u"has no ]"_s;
    QTest::newRow("after bracket") << u"redis://[::1]7"_s << u"between the ]"_s;
    QTest::newRow("database word") << u"redis://db1/s3cret"_s << u"database is not a number"_s;
    QTest::newRow("database -1") << u"redis://db1/-1"_s << u"database is not a number"_s;
    QTest::newRow("user alone") << u"redis://s3cret@db1"_s << u"no password"_s;
    QTest::newRow("empty password") << u"redis://anna:@db1"_s << u"password is empty"_s;
    QTest::newRow("slash in password") << u"redis://:s3cret/x@db1"_s << u"written %2F"_s;
    QTest::newRow("bad escape") << u"redis://:s3cret%zz@db1"_s << u"followed by the two digits"_s;
    QTest::newRow("cut escape") << u"redis://:s3cret%4@db1"_s << u"followed by the two digits"_s;
    QTest::newRow("blank in host") << u"redis://db 1"_s << u"no host name has"_s;
    QTest::newRow("no socket") << u"unix://"_s << u"names no socket"_s;
    QTest::newRow("relative socket") << u"unix://run/redis.sock"_s << u"does not start with /"_s;
    QTest::newRow("directory") << u"unix:///run/"_s << u"names no socket"_s;
    QTest::newRow("socket query") << u"unix:///run/a.sock?pw=s3cret"_s << u"only ?db=number"_s;
    QTest::newRow("socket database") << u"unix:///run/a.sock?db=x"_s << u"database is not a number"_s;
    QTest::newRow("long socket") << u"unix:///"_s + QString(120, u'a') << u"longer than"_s;
}

void TestRedisUrl::namesTheMistake()
{
    QFETCH(const QString, text);
    QFETCH(const QString, named);
    const auto url = RedisUrl::parse(text);
    QVERIFY(!url.has_value());
    QCOMPARE(url.error().kind, ErrorKind::Misconfigured);
    QVERIFY2(url.error().message.contains(named), qPrintable(url.error().message));
    QVERIFY2(!url.error().message.contains(u"s3cret"_s), "the message repeats a part of the address");
}

Q_DECLARE_METATYPE(throughline::RedisUrl)

QTEST_GUILESS_MAIN(TestRedisUrl)
#include "tst_redisurl.moc"
