// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/writeplan.h"
#include "stores/postgres/pgerror.h"
#include "stores/redis/rediserror.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

/// What the two servers say, in the terms that decide what to do next, and what is done then.
class ErrorsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sqlStatesHaveKinds_data();
    void sqlStatesHaveKinds();
    void refusedConnectionsHaveKinds_data();
    void refusedConnectionsHaveKinds();
    void redisErrorsHaveKinds_data();
    void redisErrorsHaveKinds();
    void lostConnectionsAreUnknownOnlyAfterSending_data();
    void lostConnectionsAreUnknownOnlyAfterSending();
    void onlyFailedSerialisationIsSentAgain();
    void theRefusedColumnIsNamed();
    void onlyAbsentHashesAreWarmed();
};

void ErrorsTest::sqlStatesHaveKinds_data()
{
    QTest::addColumn<QByteArray>("state");
    QTest::addColumn<ErrorKind>("kind");
    const auto row = [](const char *state, ErrorKind kind) { QTest::newRow(state) << QByteArray(state) << kind; };
    row("23505", ErrorKind::Duplicate);
    row("23503", ErrorKind::Referenced);
    row("23502", ErrorKind::NullNotAllowed);
    row("23514", ErrorKind::InvalidValue);
    row("22001", ErrorKind::InvalidValue);
    row("22P02", ErrorKind::InvalidValue);
    row("42804", ErrorKind::InvalidValue);
    row("P0001", ErrorKind::InvalidValue);
    row("42501", ErrorKind::PermissionDenied);
    row("25006", ErrorKind::PermissionDenied);
    row("42P01", ErrorKind::Misconfigured);
    row("3D000", ErrorKind::Misconfigured);
    row("28P01", ErrorKind::Authentication);
    row("40001", ErrorKind::Transient);
    row("40P01", ErrorKind::Transient);
    row("53300", ErrorKind::Transient);
    row("55P03", ErrorKind::Transient);
    row("57014", ErrorKind::Transient);
    row("57P03", ErrorKind::Transient);
    row("57P01", ErrorKind::ConnectionLost);
    row("57P02", ErrorKind::ConnectionLost);
    row("08006", ErrorKind::ConnectionLost);
    row("XX000", ErrorKind::Other);
    row("", ErrorKind::Other);
}

void ErrorsTest::sqlStatesHaveKinds()
{
    QFETCH(QByteArray, state);
    QFETCH(ErrorKind, kind);
    QCOMPARE(pgerror::kindOf(state), kind);
}

void ErrorsTest::refusedConnectionsHaveKinds_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<ErrorKind>("kind");
    const auto row = [](const char *message, ErrorKind kind) {
        QTest::newRow(message) << QString::fromLatin1(message) << kind;
    };
    row("FATAL:  password authentication failed for user \"ana\"", ErrorKind::Authentication);
    row("fe_sendauth: no password supplied", ErrorKind::Authentication);
    row("FATAL:  no pg_hba.conf entry for host \"10.0.0.1\"", ErrorKind::Authentication);
    row("FATAL:  role \"ana\" does not exist", ErrorKind::Authentication);
    row("FATAL:  Peer authentication failed for user \"ana\"", ErrorKind::Authentication);
    row("FATAL:  database \"shop\" does not exist", ErrorKind::Misconfigured);
    row("connection to server at \"10.0.0.1\", port 5432 failed: Connection refused", ErrorKind::Unreachable);
    row("could not translate host name \"x\" to address: Name or service not known", ErrorKind::Unreachable);
    row("timeout expired", ErrorKind::Unreachable);
    row("FATAL:  the database system is starting up", ErrorKind::Unreachable);
}

void ErrorsTest::refusedConnectionsHaveKinds()
{
    QFETCH(QString, message);
    QFETCH(ErrorKind, kind);
    const StoreError error = pgerror::fromConnect(message + u"\nand a second line"_s);
    QCOMPARE(error.kind, kind);
    QCOMPARE(error.store, Store::Postgres);
    QVERIFY(!error.outcomeUnknown());
    QVERIFY(error.message.contains(message));
    QVERIFY(!error.message.contains(u"second line"_s));
    QVERIFY(error.message.endsWith(u'.'));
    QVERIFY(!pgerror::fromConninfo(u"missing \"=\" after \"geheim77\" in connection info string"_s)
                 .message.contains(u"geheim77"_s));
}

void ErrorsTest::redisErrorsHaveKinds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *text, ErrorKind kind, const char *said) {
        QTest::newRow(text) << QByteArray(text) << kind << QString::fromLatin1(said);
    };
    row("NOAUTH Authentication required.", ErrorKind::Authentication, "wants a password");
    row("WRONGPASS invalid username-password pair or user is disabled.", ErrorKind::Authentication,
        "refused user or password");
    row("ERR invalid password", ErrorKind::Authentication, "refused user or password");
    row("NOPERM this user has no permissions to run the 'hset' command", ErrorKind::PermissionDenied, "does not allow");
    row("NOSCRIPT No matching script.", ErrorKind::ScriptMissing, "");
    row("OOM command not allowed when used memory > 'maxmemory'.", ErrorKind::OutOfMemory, "maxmemory");
    row("LOADING Redis is loading the dataset in memory", ErrorKind::Transient, "LOADING");
    row("BUSY Redis is busy running a script.", ErrorKind::Transient, "BUSY");
    row("READONLY You can't write against a read only replica.", ErrorKind::Misconfigured, "replica");
    row("MOVED 3999 127.0.0.1:6381", ErrorKind::Misconfigured, "cluster");
    row("WRONGTYPE Operation against a key holding the wrong kind of value", ErrorKind::InvalidValue, "WRONGTYPE");
    row("ERR something new", ErrorKind::Other, "something new");
    row("", ErrorKind::Other, "refused");
}

void ErrorsTest::redisErrorsHaveKinds()
{
    QFETCH(QByteArray, text);
    QFETCH(ErrorKind, kind);
    QFETCH(QString, said);
    const StoreError error = rediserror::fromReply(text);
    QCOMPARE(error.kind, kind);
    QCOMPARE(error.store, Store::Redis);
    QVERIFY2(error.message.contains(said), qPrintable(error.message));
    QVERIFY(!error.dropConnection());
    QVERIFY(!error.outcomeUnknown()); // it answered
}

void ErrorsTest::lostConnectionsAreUnknownOnlyAfterSending_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<bool>("sent");
    QTest::addColumn<Verdict>("verdict");
    QTest::newRow("broken after sending") << ErrorKind::ConnectionLost << true << Verdict::Unknown;
    QTest::newRow("late") << ErrorKind::Timeout << true << Verdict::Unknown;
    QTest::newRow("cancelled after sending") << ErrorKind::Interrupted << true << Verdict::Unknown;
    QTest::newRow("unreadable answer") << ErrorKind::Protocol << true << Verdict::Unknown;
    QTest::newRow("broken before sending") << ErrorKind::ConnectionLost << false << Verdict::Unavailable;
    QTest::newRow("no connection") << ErrorKind::Unreachable << false << Verdict::Unavailable;
    QTest::newRow("log-in refused") << ErrorKind::Authentication << false << Verdict::Unavailable;
    QTest::newRow("cancelled before sending") << ErrorKind::Interrupted << false << Verdict::Cancelled;
    QTest::newRow("refused") << ErrorKind::Duplicate << true << Verdict::Rejected;
    QTest::newRow("failed serialisation") << ErrorKind::Transient << true << Verdict::Rejected;
}

void ErrorsTest::lostConnectionsAreUnknownOnlyAfterSending()
{
    QFETCH(ErrorKind, kind);
    QFETCH(bool, sent);
    QFETCH(Verdict, verdict);
    StoreError error;
    error.kind = kind;
    error.sent = sent;
    QCOMPARE(writeplan::verdictFor(error), verdict);
    QCOMPARE(error.outcomeUnknown(), verdict == Verdict::Unknown);
    if (!error.sent)
        return;
    for (const StoreError &lost : {pgerror::lost(kind, sent), rediserror::lost(kind, sent)}) {
        QCOMPARE(lost.kind, kind);
        QVERIFY(lost.sent);
        QVERIFY(lost.message.endsWith(u'.'));
    }
}

void ErrorsTest::onlyFailedSerialisationIsSentAgain()
{
    StoreError error;
    error.kind = ErrorKind::Transient;
    for (const QString &again : {u"40001"_s, u"40P01"_s}) {
        error.code = again;
        QVERIFY(writeplan::shouldResend(error, 1));
        QVERIFY(writeplan::shouldResend(error, writeplan::statementAttempts - 1));
        QVERIFY(!writeplan::shouldResend(error, writeplan::statementAttempts));
    }
    for (const QString &once : {u"55P03"_s, u"53300"_s, u"57014"_s, QString()}) {
        error.code = once;
        QVERIFY(!writeplan::shouldResend(error, 1));
    }
    error.code = u"40001"_s;
    error.kind = ErrorKind::ConnectionLost;
    QVERIFY(!writeplan::shouldResend(error, 1));
}

void ErrorsTest::theRefusedColumnIsNamed()
{
    Mapping mapping;
    for (const char *name : {"username", "email"}) {
        Field field;
        field.column.name = QString::fromLatin1(name);
        mapping.fields.push_back(field);
    }
    mapping.uniques = {{u"users_email_key"_s, u"email"_s}};
    Edit both;
    both.changes = {{0, "a"}, {1, "b"}};
    Edit one;
    one.changes = {{0, "a"}};
    StoreError error;
    QCOMPARE(writeplan::withColumn(mapping, both, error).column, QString()); // it may be either
    QCOMPARE(writeplan::withColumn(mapping, one, error).column, u"username"_s);
    error.constraint = u"users_email_key"_s;
    QCOMPARE(writeplan::withColumn(mapping, both, error).column, u"email"_s);
    QCOMPARE(writeplan::withColumn(mapping, one, error).column, u"email"_s);
    error.column = u"said by the server"_s;
    QCOMPARE(writeplan::withColumn(mapping, both, error).column, u"said by the server"_s);
    error = {};
    error.constraint = u"somebody_elses_check"_s;
    QCOMPARE(writeplan::withColumn(mapping, both, error).column, QString());
}

void ErrorsTest::onlyAbsentHashesAreWarmed()
{
    Mapping mapping;
    mapping.config.warm = WarmPolicy::Always;
    QVERIFY(writeplan::shouldWarm(mapping, PutReply::Absent));
    for (const PutReply reply : {PutReply::Updated, PutReply::Newer, PutReply::Filled, PutReply::Deleted})
        QVERIFY(!writeplan::shouldWarm(mapping, reply));
    mapping.config.warm = WarmPolicy::Never;
    QVERIFY(!writeplan::shouldWarm(mapping, PutReply::Absent));
    for (const PutReply reply :
         {PutReply::Updated, PutReply::Newer, PutReply::Deleted, PutReply::Absent, PutReply::Filled})
        QVERIFY(writeplan::isAcknowledged(reply));
    QVERIFY(!writeplan::isAcknowledged(PutReply::BadVersion));
}

QTEST_GUILESS_MAIN(ErrorsTest)
#include "tst_errors.moc"
