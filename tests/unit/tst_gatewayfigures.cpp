// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/exitcodes.h"
#include "cli/gatewayhealth.h"
#include "cli/httpanswer.h"
#include "cli/metricsaddress.h"
#include "cli/metricstext.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace throughline;
using namespace throughline::cli;
using namespace Qt::StringLiterals;

namespace {

GatewayFigures busyFigures()
{
    GatewayFigures figures;
    figures.reported = true;
    figures.upkeep.claimedRows = 7;
    figures.upkeep.pushedKeys = 9;
    figures.upkeep.confirmedRows = 5;
    figures.upkeep.waiting = {2, 3, 1.25};
    figures.staged.taken = 40;
    figures.staged.done = 30;
    figures.staged.failed[size_t(StagedRefusal::Constraint)] = 6;
    figures.staged.failed[size_t(StagedRefusal::CacheOnly)] = 4;
    figures.staged.latency = {40,
                              std::chrono::milliseconds(80),
                              std::chrono::milliseconds(1),
                              std::chrono::milliseconds(3),
                              std::chrono::milliseconds(9),
                              std::chrono::milliseconds(11)};
    return figures;
}

StoreError errorOf(Store store, ErrorKind kind)
{
    StoreError error;
    error.store = store;
    error.kind = kind;
    error.message = u"The store cannot be reached."_s;
    return error;
}

StoreStatus goodStatus()
{
    StoreStatus status;
    TableInspection table;
    table.exists = true;
    table.preparation = Preparation::Complete;
    status.tables.push_back(table);
    status.gateways.push_back({3, u"throughlinectl"_s, u"local"_s, u"2026-01-31T12:00:00Z"_s});
    return status;
}

/// The samples of an exposition by name with labels; reads the format as strictly as its description does.
class Exposition final
{
public:
    explicit Exposition(const QByteArray &text)
    {
        const QStringList lines = QString::fromUtf8(text).split(u'\n');
        if (!lines.constLast().isEmpty())
            problem = u"no line feed at the end"_s;
        for (const QString &line : lines.mid(0, lines.size() - 1))
            take(line);
    }

    QHash<QString, QString> samples;
    QHash<QString, QString> types;
    QString problem;

private:
    void take(const QString &line)
    {
        static const QRegularExpression help(u"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) [^\\\\]+$"_s);
        static const QRegularExpression type(
            u"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$"_s);
        static const QRegularExpression sample(
            u"^([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"[^\"\\\\]*\"\\})? (-?[0-9.]+(e[+-]?[0-9]+)?|NaN)$"_s);
        if (const auto found = help.match(line); found.hasMatch()) {
            m_helped = found.captured(1);
        } else if (const auto typed = type.match(line); typed.hasMatch()) {
            m_family = typed.captured(1);
            if (m_family != m_helped || types.contains(m_family))
                problem = line;
            types.insert(m_family, typed.captured(2));
        } else if (const auto one = sample.match(line); one.hasMatch()) {
            takeSample(line, one);
        } else {
            problem = line;
        }
    }

    void takeSample(const QString &line, const QRegularExpressionMatch &match)
    {
        QString name = match.captured(1);
        const QString key = name + match.captured(2);
        if (types.value(m_family) == "summary"_L1)
            name.remove(QRegularExpression(u"_(sum|count)$"_s));
        const bool isCounter = types.value(m_family) == "counter"_L1;
        if (name != m_family || samples.contains(key) || isCounter != name.endsWith("_total"_L1))
            problem = line;
        samples.insert(key, match.captured(3));
    }

    QString m_helped;
    QString m_family;
};

} // namespace

/// The forms of a gateway's figures, and what needs no servers of metrics and health.
class GatewayFiguresTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLineTellsWhatWasDone();
    void theObjectHoldsEveryFigure();
    void metricsKeepTheFormat();
    void metricsHoldEveryFigure();
    void metricsTellOnlyWhatIsKnownOfTheStores();
    void httpAnswers_data();
    void httpAnswers();
    void anIncompleteRequestIsWaitedFor();
    void metricsAddresses_data();
    void metricsAddresses();
    void health_data();
    void health();
};

void GatewayFiguresTest::theLineTellsWhatWasDone()
{
    GatewayFigures figures;
    QCOMPARE(figuresLine(figures), u"taken over 0 rows, pushed 0 keys, confirmed 0 rows, 0 rows wait"_s);
    figures.upkeep.recovering = true;
    QVERIFY(figuresLine(figures).endsWith("; the cache is being recovered"_L1));
    QCOMPARE(figuresLine(busyFigures()), u"taken over 7 rows, pushed 9 keys, confirmed 5 rows, 2 rows wait; staged "
                                         "writes: 40 taken, 30 done, 10 failed, 0 wait"_s);
}

void GatewayFiguresTest::theObjectHoldsEveryFigure()
{
    const QJsonObject json = figuresJson(busyFigures());
    QCOMPARE(json.value("claimed_rows"_L1).toInt(), 7);
    QCOMPARE(json.value("oldest_s"_L1).toDouble(), 1.25);
    QVERIFY(!json.contains("error"_L1));
    const QJsonObject staged = json.value("staged"_L1).toObject();
    QCOMPARE(staged.value("taken"_L1).toInt(), 40);
    QCOMPARE(staged.value("failed"_L1).toInt(), 10);
    QCOMPARE(staged.value("failed_by_reason"_L1).toObject(), (QJsonObject{{u"constraint"_s, 6}, {u"cache_only"_s, 4}}));
    QCOMPARE(staged.value("latency_ms"_L1).toObject().value("p95"_L1).toDouble(), 3.0);
    GatewayFigures hindered;
    hindered.upkeep.error = errorOf(Store::Redis, ErrorKind::Unreachable);
    QVERIFY(figuresJson(hindered).value("error"_L1).toString().contains("cannot be reached"_L1));
}

void GatewayFiguresTest::metricsKeepTheFormat()
{
    for (const GatewayFigures &figures : {GatewayFigures(), busyFigures()}) {
        const Exposition read(metricsText(figures));
        QVERIFY2(read.problem.isEmpty(), qPrintable(read.problem));
        QVERIFY(read.samples.size() > 20);
        for (const QString &name : read.types.keys())
            QVERIFY2(name.startsWith("throughline_"_L1), qPrintable(name));
    }
}

void GatewayFiguresTest::metricsHoldEveryFigure()
{
    const auto samples = Exposition(metricsText(busyFigures())).samples;
    const std::pair<const char *, const char *> expected[]{
        {"throughline_outbox_waiting_rows", "2"},
        {"throughline_outbox_oldest_seconds", "1.25"},
        {"throughline_upkeep_claimed_rows_total", "7"},
        {"throughline_upkeep_pushed_keys_total", "9"},
        {"throughline_upkeep_confirmed_rows_total", "5"},
        {"throughline_cache_recovering", "0"},
        {"throughline_staged_taken_total", "40"},
        {"throughline_staged_done_total", "30"},
        {"throughline_staged_failed_total{reason=\"constraint\"}", "6"},
        {"throughline_staged_failed_total{reason=\"cache_only\"}", "4"},
        {"throughline_staged_failed_total{reason=\"field\"}", "0"},
        {"throughline_staged_waiting", "0"},
        {"throughline_staged_scanning", "0"},
        {"throughline_staged_latency_seconds{quantile=\"0.5\"}", "0.001"},
        {"throughline_staged_latency_seconds{quantile=\"0.99\"}", "0.009"},
        {"throughline_staged_latency_seconds_sum", "0.08"},
        {"throughline_staged_latency_seconds_count", "40"},
        {"throughline_build_info{version=\"" THROUGHLINE_VERSION "\"}", "1"},
    };
    for (const auto &[name, number] : expected)
        QCOMPARE(samples.value(QString::fromLatin1(name)), QString::fromLatin1(number));
    const auto atRest = Exposition(metricsText({})).samples;
    QCOMPARE(atRest.value(u"throughline_staged_latency_seconds{quantile=\"0.5\"}"_s), u"NaN"_s);
}

void GatewayFiguresTest::metricsTellOnlyWhatIsKnownOfTheStores()
{
    const QString postgres = u"throughline_store_up{store=\"postgres\"}"_s;
    const QString redis = u"throughline_store_up{store=\"redis\"}"_s;
    GatewayFigures figures;
    QVERIFY(!Exposition(metricsText(figures)).samples.contains(postgres));
    figures.reported = true;
    auto samples = Exposition(metricsText(figures)).samples;
    QCOMPARE(samples.value(postgres) + samples.value(redis), u"11"_s);
    figures.upkeep.error = errorOf(Store::Redis, ErrorKind::Unreachable);
    samples = Exposition(metricsText(figures)).samples;
    QCOMPARE(samples.value(postgres) + samples.value(redis), u"10"_s);
    figures.upkeep.error = errorOf(Store::Postgres, ErrorKind::ConnectionLost);
    samples = Exposition(metricsText(figures)).samples;
    QCOMPARE(samples.value(postgres), u"0"_s);
    QVERIFY(!samples.contains(redis));
    figures.upkeep.error = errorOf(Store::Postgres, ErrorKind::PermissionDenied); // it has answered
    QCOMPARE(Exposition(metricsText(figures)).samples.value(postgres), u"1"_s);
}

void GatewayFiguresTest::httpAnswers_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("status");
    QTest::newRow("metrics") << "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"_ba
                             << "200 OK"_ba;
    QTest::newRow("metrics with a query") << "GET /metrics?a=b HTTP/1.0\r\n\r\n"_ba
                                          << "200 OK"_ba;
    QTest::newRow("line feeds alone") << "GET /metrics HTTP/1.1\nHost: x\n\n"_ba
                                      << "200 OK"_ba;
    QTest::newRow("another page") << "GET / HTTP/1.1\r\n\r\n"_ba
                                  << "404 Not Found"_ba;
    QTest::newRow("a longer name") << "GET /metrics/x HTTP/1.1\r\n\r\n"_ba
                                   << "404 Not Found"_ba;
    QTest::newRow("another method") << "POST /metrics HTTP/1.1\r\n\r\n"_ba
                                    << "405 Method Not Allowed"_ba;
    QTest::newRow("head") << "HEAD /metrics HTTP/1.1\r\n\r\n"_ba
                          << "405 Method Not Allowed"_ba;
    QTest::newRow("no request") << "hello\r\n\r\n"_ba
                                << "400 Bad Request"_ba;
    QTest::newRow("another protocol") << "GET /metrics SMTP/1.1\r\n\r\n"_ba
                                      << "400 Bad Request"_ba;
    QTest::newRow("too long") << QByteArray(largestRequest + 1, 'x') << "431 Request Header Fields Too Large"_ba;
}

void GatewayFiguresTest::httpAnswers()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, status);
    int asked = 0;
    const auto answer = httpAnswer(request, [&asked] {
        ++asked;
        return "figures\n"_ba;
    });
    QVERIFY(answer.has_value());
    QVERIFY2(answer->startsWith("HTTP/1.1 " + status + "\r\n"), answer->constData());
    QVERIFY(answer->contains("\r\nConnection: close\r\n"));
    QCOMPARE(asked, status == "200 OK" ? 1 : 0);
    if (asked)
        QVERIFY2(answer->endsWith("\r\n\r\nfigures\n") && answer->contains("Content-Length: 8\r\n") &&
                     answer->contains("Content-Type: text/plain; version=0.0.4"),
                 answer->constData());
    QCOMPARE(answer->endsWith("\r\n\r\n"), request.startsWith("HEAD"));
}

void GatewayFiguresTest::anIncompleteRequestIsWaitedFor()
{
    const QByteArray request = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"_ba;
    for (qsizetype length = 0; length < request.size(); ++length)
        QVERIFY(!httpAnswer(request.left(length), [] { return QByteArray(); }));
}

void GatewayFiguresTest::metricsAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("port"); // -1: refused
    QTest::newRow("socket") << u"unix:/run/x.sock"_s << u"/run/x.sock"_s << 0;
    QTest::newRow("port") << u"9187"_s << QString() << 9187;
    QTest::newRow("any port") << u"0"_s << QString() << 0;
    QTest::newRow("loopback") << u"127.0.0.1:9187"_s << QString() << 9187;
    for (const auto &refused : {u"0.0.0.0:9187"_s, u"192.0.2.1:9187"_s, u":9187"_s, u"127.0.0.1:"_s, u"127.0.0.1"_s,
                                u"65536"_s, u"-1"_s, u"+1"_s, u"db1.example.net:9187"_s, u"unix:relative"_s, u"unix:"_s,
                                u"unix:/"_s, u"/run/x.sock"_s, QString(), u"unix:/"_s + QString(108, u'x')})
        QTest::newRow(qPrintable(u"refused: "_s + refused.left(30))) << refused << QString() << -1;
}

void GatewayFiguresTest::metricsAddresses()
{
    QFETCH(QString, text);
    QFETCH(QString, path);
    QFETCH(int, port);
    const auto address = MetricsAddress::parse(text);
    QCOMPARE(address.has_value(), port >= 0);
    if (address)
        QCOMPARE(*address, (MetricsAddress{path, static_cast<quint16>(port)}));
}

void GatewayFiguresTest::health_data()
{
    QTest::addColumn<StoreStatus>("status");
    QTest::addColumn<int>("code");
    QTest::newRow("good") << goodStatus() << int(exitcode::done);
    StoreStatus status = goodStatus();
    status.outboxRows = 4;
    status.outboxAgeS = 59;
    QTest::newRow("something waits for a moment") << status << int(exitcode::done);
    status.outboxAgeS = 60;
    QTest::newRow("something waits for long") << status << int(exitcode::failed);
    status = goodStatus();
    status.gateways.clear();
    QTest::newRow("nobody is there") << status << int(exitcode::failed);
    status = goodStatus();
    status.tables.front().preparation = Preparation::Partial;
    QTest::newRow("a trigger is missing") << status << int(exitcode::failed);
    status = goodStatus();
    status.tables.front().problems << u"The table is a view."_s;
    QTest::newRow("the table is of no use") << status << int(exitcode::failed);
    status = goodStatus();
    status.redisError = errorOf(Store::Redis, ErrorKind::Unreachable);
    QTest::newRow("Redis is away") << status << int(exitcode::unavailable);
    status = StoreStatus();
    status.postgresError = errorOf(Store::Postgres, ErrorKind::Timeout);
    QTest::newRow("PostgreSQL is away") << status << int(exitcode::unavailable);
    status = StoreStatus();
    status.postgresError = errorOf(Store::Postgres, ErrorKind::Misconfigured);
    QTest::newRow("PostgreSQL refuses") << status << int(exitcode::failed);
}

void GatewayFiguresTest::health()
{
    QFETCH(StoreStatus, status);
    QFETCH(int, code);
    const GatewayHealth found = GatewayHealth::of(status);
    QCOMPARE(found.exitCode, code);
    QCOMPARE(found.good(), code == exitcode::done);
    QCOMPARE(found.reasons.size(), code == exitcode::done ? 0 : 1);
    const QJsonObject json = healthJson(found, status);
    QCOMPARE(json.value("healthy"_L1).toBool(), found.good());
    QCOMPARE(json.value("reasons"_L1).toArray().size(), found.reasons.size());
}

QTEST_GUILESS_MAIN(GatewayFiguresTest)
#include "tst_gatewayfigures.moc"
