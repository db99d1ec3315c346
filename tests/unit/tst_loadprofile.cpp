// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadprofile.h"
#include "generator/loadreporttext.h"

#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace throughline;
using namespace Qt::StringLiterals;

/// Profiles of the generator as files, what is wrong with them, and the report as text and JSON.
class LoadProfileTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsWrittenReadsBackTheSame_data();
    void whatIsWrittenReadsBackTheSame();
    void theExampleOfTheHeaderIsRead();
    void anEmptyProfileIsTheDefault();
    void everyMistakeNamesFileAndLine_data();
    void everyMistakeNamesFileAndLine();
    void partsReadBackTheSame();
    void aFileThatIsNotThereIsSaid();
    void whatTheTableCannotTakeIsRefused_data();
    void whatTheTableCannotTakeIsRefused();
    void whatTheTableTakesIsAllowed();

    void theReportSaysPathPacingAndSettings();
    void theReportIsSavedByItsName();

private:
    [[nodiscard]] static Mapping users();
};

/// The original's table, as far as the checks look at it.
Mapping LoadProfileTest::users()
{
    Mapping mapping;
    mapping.table = u"users"_s;
    mapping.key.name = u"id"_s;
    mapping.keyDefault = u"nextval('users_id_seq'::regclass)"_s;
    const auto add = [&](const char *name, ColumnKind kind, bool nullable, int maxLength) {
        Field field;
        field.hashField = name;
        field.column.name = QString::fromLatin1(name);
        field.column.typeName = u"a type"_s;
        field.column.kind = kind;
        field.column.bytes = 4;
        field.column.nullable = nullable;
        field.column.maxLength = maxLength;
        mapping.fields.push_back(field);
    };
    add("username", ColumnKind::Text, false, 255);
    add("email", ColumnKind::Text, false, 255);
    add("nick", ColumnKind::Text, true, 10);
    add("score", ColumnKind::Integer, true, -1);
    add("born", ColumnKind::Date, true, -1);
    add("computed", ColumnKind::Integer, true, -1);
    mapping.fields.back().column.generated = true;
    return mapping;
}

void LoadProfileTest::whatIsWrittenReadsBackTheSame_data()
{
    QTest::addColumn<LoadSettings>("settings");
    LoadSettings settings;
    QTest::newRow("default") << settings;
    settings.seed = ~quint64(0);
    settings.rate = 0.1;
    settings.durationS = 0.125;
    settings.count = 1'000'000'000'000;
    settings.connections = 64;
    settings.batch = 500;
    settings.verifies = false;
    settings.pacing = Pacing::ClosedLoop;
    settings.path = LoadPath::Staged;
    QTest::newRow("all numbers") << settings;
    settings.rate = 0;
    settings.schedule = {{100, 100, 10}, {100, 1000, 30}, {0, 0, 2.5}, {1e6, 1e6, 0}};
    settings.path = LoadPath::Messages;
    QTest::newRow("schedule") << settings;
    settings.schedule = {{1.0 / 3, 2, 1}};
    settings.mix = {0.7, 0.1, 0.05, 0.15};
    QTest::newRow("mix") << settings;
    settings.fields = {{u"score"_s, {}}, {u"email"_s, {}}, {u"nick"_s, {}}, {u"born"_s, {}}, {u"username"_s, {}}};
    settings.fields[0].maker.low = -5;
    settings.fields[0].maker.high = 5;
    settings.fields[1].maker.kind = ValueMaker::Kind::Email;
    settings.fields[1].maker.start = 77;
    settings.fields[2].maker.kind = ValueMaker::Kind::Words;
    settings.fields[2].maker.words = 3;
    settings.fields[3].maker.kind = ValueMaker::Kind::Dates;
    settings.fields[3].maker.from = QDate(2000, 2, 29);
    settings.fields[4].maker.kind = ValueMaker::Kind::Counter;
    QTest::newRow("fields") << settings;
    for (const auto kind :
         {RowChoice::Kind::Zipf, RowChoice::Kind::HotSet, RowChoice::Kind::Sequential, RowChoice::Kind::Latest}) {
        settings.rows = {};
        settings.rows.kind = kind;
        if (kind == RowChoice::Kind::Zipf)
            settings.rows.exponent = 1.2;
        if (kind == RowChoice::Kind::HotSet)
            settings.rows.hotRows = 1.0 / 3;
        QTest::addRow("rows %d", int(kind)) << settings;
    }
}

void LoadProfileTest::whatIsWrittenReadsBackTheSame()
{
    QFETCH(const LoadSettings, settings);
    const QString text = loadprofile::toText(settings);
    const auto read = loadprofile::parse(text, u"x.ini"_s);
    QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().message + u'\n' + text));
    QVERIFY2(*read == settings, qPrintable(text));
    QTemporaryDir directory;
    const QString file = directory.filePath(u"profile.ini"_s);
    QVERIFY(loadprofile::save(settings, file).has_value());
    QVERIFY(loadprofile::read(file).value() == settings);
}

void LoadProfileTest::theExampleOfTheHeaderIsRead()
{
    const auto read = loadprofile::parse(u"[workload]\npath = direct\nrows = zipf 0.99\nmix = update 90, read 10\n"
                                         "seed = 42\n[fields]\nscore = integer 1000..999999\n[pacing]\n"
                                         "pacing = open loop\n; or 2000\nrate = 100 for 10 s, 100 to 1000 in 30 s, "
                                         "1000\n[run]\nconnections = 2\nbatch = 16\nduration = 60\ncount = 0\n"
                                         "verify = yes\n"_s,
                                         u"x.ini"_s);
    QVERIFY(read.has_value());
    QCOMPARE(read->rows.kind, RowChoice::Kind::Zipf);
    QCOMPARE(read->mix.update, 90.0);
    QCOMPARE(read->mix.read, 10.0);
    QCOMPARE(read->schedule, (std::vector<RatePart>{{100, 100, 10}, {100, 1000, 30}, {1000, 1000, 0}}));
    QCOMPARE(read->batch, 16);
}

void LoadProfileTest::anEmptyProfileIsTheDefault()
{
    QVERIFY(loadprofile::parse({}, u"x.ini"_s).value() == LoadSettings());
}

void LoadProfileTest::everyMistakeNamesFileAndLine_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *text, const char *said) {
        QTest::newRow(text) << u"[run]\nbatch = 2\n"_s + QString::fromLatin1(text) << QString::fromLatin1(said);
    };
    row("[wokload]", "line 3: there is no section [wokload]");
    row("[workload]\ncolour = red", "line 4: [workload] has no key colour");
    row("[pacing]\nbatch = 2", "line 4: [pacing] has no key batch");
    row("batch = 3", "line 3: the key batch stands here a second time");
    row("connections = 65", "line 3: the value is a whole number from 1 to 64");
    row("connections = 1.5", "line 3: the value is a whole number");
    row("duration = long", "line 3: the value is a number");
    row("duration = -1", "line 3");
    row("duration = inf", "line 3");
    row("count = many", "line 3: the value is a whole number");
    row("verify = maybe", "line 3: the value is one of: yes, no");
    row("[workload]\npath = sideways", "line 4: the value is one of: direct, staged, messages");
    row("[workload]\nseed = x", "line 4: the seed");
    row("[workload]\nrows = some", "line 4: the rows are one of");
    row("[workload]\nrows = zipf 2", "line 4: the value is a number from 0.01 to 1.99");
    row("[workload]\nrows = hot set 2 of rows gets 1 of writes", "line 4: a hot set is written as");
    row("[workload]\nmix = upsert 3", "line 4: a mix is written as");
    row("[workload]\nmix = update -1", "line 4: a mix");
    row("[workload]\nmix = update 1, update 2", "line 4: a mix");
    row("[workload]\nmix = update 0", "line 4: a mix has at least one share above 0");
    row("[pacing]\npacing = loop", "line 4: the value is one of: open loop, closed loop");
    row("[pacing]\nrate = fast", "line 4: a rate is written as");
    row("[pacing]\nrate = -1", "line 4: a rate");
    row("[pacing]\nrate = 100, 200", "line 4: every part of the rate but the last");
    row("[pacing]\nrate = unlimited to 100 in 3 s", "line 4: a rate");
    row("[pacing]\nrate = 0 to 0 in 3 s", "line 4: a rate");
    row("[pacing]\nrate = 100 for 0 s", "line 4: a rate");
    row("[fields]\n\nscore = number 3", "line 5: the values are one of");
    row("[fields]\nscore = integer 9..3", "line 4: integer takes a range");
    row("[fields]\nborn = dates 2001-02-29..2002-01-01", "line 4: dates takes a range");
    row("[fields]\nnick = words 0", "line 4: the value is a whole number from 1 to 100");
    row("[fields]\nnick = email x", "line 4: the value is a whole number");
}

void LoadProfileTest::everyMistakeNamesFileAndLine()
{
    QFETCH(const QString, text);
    QFETCH(const QString, said);
    const auto read = loadprofile::parse(text, u"load.ini"_s);
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().kind, ErrorKind::Misconfigured);
    QVERIFY2(read.error().message.startsWith(u"load.ini, "_s + said), qPrintable(read.error().message));
}

void LoadProfileTest::partsReadBackTheSame()
{
    const auto fields = loadprofile::fieldsFrom(u"score = integer 1..2; nick = words 1;"_s);
    QVERIFY(fields.has_value());
    QCOMPARE(fields->size(), size_t(2));
    QCOMPARE(loadprofile::textOf(*fields), u"score = integer 1..2; nick = words 1"_s);
    QVERIFY(loadprofile::fieldsFrom({}).value().empty());
    QVERIFY(!loadprofile::fieldsFrom(u"score"_s).has_value());
    LoadSettings settings;
    QCOMPARE(loadprofile::rateText(settings), u"unlimited"_s);
    QVERIFY(loadprofile::takeRate(u"unlimited for 3 s, 5"_s, settings).has_value());
    QCOMPARE(loadprofile::rateText(settings), u"unlimited for 3 s, 5"_s);
    QVERIFY(loadprofile::takeRate(u"2000"_s, settings).has_value());
    QVERIFY(settings.schedule.empty());
    QCOMPARE(settings.rate, 2000.0);
}

void LoadProfileTest::aFileThatIsNotThereIsSaid()
{
    const auto read = loadprofile::read(u"/nonexistent/x.ini"_s);
    QVERIFY(!read.has_value() && read.error().message.contains(u"/nonexistent/x.ini"_s));
    QVERIFY(!loadprofile::save({}, u"/nonexistent/x.ini"_s).has_value());
}

void LoadProfileTest::whatTheTableCannotTakeIsRefused_data()
{
    QTest::addColumn<QString>("fields");
    QTest::addColumn<QString>("mix");
    QTest::addColumn<int>("path");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *fields, const char *mix, LoadPath path, const char *said) {
        QTest::addRow("%s / %s", fields, mix)
            << QString::fromLatin1(fields) << QString::fromLatin1(mix) << int(path) << QString::fromLatin1(said);
    };
    const LoadPath direct = LoadPath::Direct;
    row("colour = words 1", "update", direct, "colour");
    row("computed = integer 1..2", "update", direct, "computed");
    row("score = words 1", "update", direct, "score");
    row("score = integer 1..3000000000", "update", direct, "score");
    row("born = integer 1..2", "update", direct, "born");
    row("nick = words 2", "update", direct, "nick"); // 10 characters
    row("nick = email", "update", direct, "nick");
    row("score = counter; score = counter", "update", direct, "score");
    row("", "update 9, insert 1", direct, "username");
    row("username = counter; score = counter", "insert", direct, "email");
    row("username = counter; email = email", "insert", LoadPath::Messages, "Messages");
    row("", "delete", LoadPath::Messages, "Messages");
}

void LoadProfileTest::whatTheTableCannotTakeIsRefused()
{
    QFETCH(const QString, fields);
    QFETCH(const QString, mix);
    QFETCH(const int, path);
    QFETCH(const QString, said);
    LoadSettings settings;
    settings.fields = loadprofile::fieldsFrom(fields).value();
    settings.mix = loadprofile::mixFrom(mix).value();
    settings.path = static_cast<LoadPath>(path);
    const auto checked = loadprofile::check(settings, users());
    QVERIFY(!checked.has_value());
    QVERIFY2(checked.error().message.contains(said), qPrintable(checked.error().message));
}

void LoadProfileTest::whatTheTableTakesIsAllowed()
{
    LoadSettings settings;
    QVERIFY(loadprofile::check(settings, users()).has_value());
    settings.mix = {1, 1, 1, 1};
    settings.fields = loadprofile::fieldsFrom(u"username = counter; email = email; nick = words 1; score = integer "
                                              "-5..5; born = dates 2000-01-01..2001-01-01"_s)
                          .value();
    QVERIFY(loadprofile::check(settings, users()).has_value());
    settings.path = LoadPath::Staged;
    QVERIFY(loadprofile::check(settings, users()).has_value());
    Mapping keyless = users();
    keyless.keyDefault.clear();
    QVERIFY(!loadprofile::check(settings, keyless).has_value());
    for (auto spoil : {+[](LoadSettings &load) { load.connections = 0; }, +[](LoadSettings &load) { load.batch = 501; },
                       +[](LoadSettings &load) { load.rate = -1; }, +[](LoadSettings &load) { load.rows.exponent = 2; },
                       +[](LoadSettings &load) {
                           load.schedule = {{1, 1, 0}, {2, 2, 0}};
                       },
                       +[](LoadSettings &load) {
                           load.schedule = {{1, 2, 0}};
                       },
                       +[](LoadSettings &load) {
                           load.mix = {0, 0, 0, 0};
                       },
                       +[](LoadSettings &load) { load.mix.read = std::nan(""); }}) {
        LoadSettings spoilt = settings;
        spoil(spoilt);
        QVERIFY(!loadprofile::check(spoilt, users()).has_value());
    }
    QVERIFY(!loadprofile::check({}, Mapping()).has_value()); // no column for numbers
}

void LoadProfileTest::theReportSaysPathPacingAndSettings()
{
    LoadReport report;
    report.settings.path = LoadPath::Staged;
    report.settings.pacing = Pacing::ClosedLoop;
    report.settings.rate = 250;
    report.settings.seed = 99;
    report.stats.committed = 1234;
    report.stats.backlog = 7;
    report.verdicts = {{Verdict::Committed, 1234}, {Verdict::Conflict, 2}};
    report.errors = {{u"23505"_s, 3}};
    report.machine.processor = u"A processor"_s;
    report.service = {1, 2, 3, 4};
    const QString text = loadreporttext::textOf(report);
    for (const QString &said :
         {u"staged, closed loop"_s, u"rate 250"_s, u"committed 1234"_s, u"seed 99"_s, u"23505 3"_s, u"p99 3.00 ms"_s})
        QVERIFY2(text.contains(said), qPrintable(text));
    const QJsonObject json = loadreporttext::jsonOf(report);
    QCOMPARE(json.value("path"_L1).toString(), u"staged"_s);
    QCOMPARE(json.value("pacing"_L1).toString(), u"closed loop"_s);
    QCOMPARE(json.value("seed"_L1).toString(), u"99"_s);
    QCOMPARE(json.value("behind"_L1).toInt(), 7);
    QCOMPARE(json.value("backlog"_L1).toInt(), 7);
    QCOMPARE(json.value("by_kind"_L1).toObject(), (QJsonObject{{u"conflict"_s, 2}}));
    QCOMPARE(json.value("errors"_L1).toObject(), (QJsonObject{{u"23505"_s, 3}}));
    QCOMPARE(json.value("machine"_L1).toObject().value("processor"_L1).toString(), u"A processor"_s);
    QVERIFY(loadprofile::parse(json.value("settings"_L1).toString(), u"x"_s).value() == report.settings);
}

void LoadProfileTest::theReportIsSavedByItsName()
{
    QTemporaryDir directory;
    LoadReport report;
    report.settings.seed = 31;
    const auto saved = [&](const QString &name) {
        const QString path = directory.filePath(name);
        QFile file(path);
        return loadreporttext::save(report, path) && file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QCOMPARE(QJsonDocument::fromJson(saved(u"a.json"_s)).object().value("seed"_L1).toString(), u"31"_s);
    QVERIFY(saved(u"a.txt"_s).contains("seed = 31"));
    QVERIFY(!loadreporttext::save(report, u"/nonexistent/a.txt"_s).has_value());
}

QTEST_GUILESS_MAIN(LoadProfileTest)
#include "tst_loadprofile.moc"
