// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/generatortexts.h"
#include "ui/models/generatorwords.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

GeneratorTexts usual()
{
    return generatortexts::textsOf(generatortexts::firstSettings());
}

LoadReport reportOf(qint64 touched, qint64 verified, qint64 differing)
{
    LoadReport report;
    report.stats.committed = 12000;
    report.stats.perSecond = 200;
    report.stats.elapsedS = 60;
    report.settings.seed = 42;
    report.keysTouched = touched;
    report.keysVerified = verified;
    report.keysDiffering = differing;
    return report;
}

} // namespace

/// The generator's settings as texts, and what is said of a run.
class GeneratorTextsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void settingsReadBackTheSame();
    void everyChoiceIsTaken_data();
    void everyChoiceIsTaken();
    void ratesAreReadAsTyped_data();
    void ratesAreReadAsTyped();
    void endsAreReadAsTyped_data();
    void endsAreReadAsTyped();
    void faultsAreSentencesAtTheirField_data();
    void faultsAreSentencesAtTheirField();
    void everyFaultIsFound();
    void anEmptySeedIsRandom();
    void theStateIsSaid();
    void theResultIsSaid_data();
    void theResultIsSaid();
};

void GeneratorTextsTest::settingsReadBackTheSame()
{
    LoadSettings settings;
    settings.fields = {{u"score"_s, {}}, {u"email"_s, {ValueMaker::Kind::Email}}};
    settings.rows.kind = RowChoice::Kind::HotSet;
    settings.mix = {80, 5, 5, 10};
    settings.path = LoadPath::Messages;
    settings.pacing = Pacing::ClosedLoop;
    settings.schedule = {{100, 100, 10}, {100, 1000, 30}, {1000, 1000, 0}};
    settings.seed = 77;
    settings.durationS = 90;
    settings.count = 5000;
    settings.connections = 2;
    settings.batch = 500;
    settings.verifies = false;
    const auto read = generatortexts::settingsFrom(generatortexts::textsOf(settings), 1);
    QVERIFY2(read.has_value(), read ? "" : qPrintable(read.error().sentence));
    QVERIFY(*read == settings);
}

void GeneratorTextsTest::everyChoiceIsTaken_data()
{
    QTest::addColumn<int>("field");
    QTest::addColumn<QString>("choice");
    for (int i = 0; i < generatorFieldCount; ++i)
        for (const QString &choice : generatortexts::choicesFor(static_cast<GeneratorField>(i)))
            QTest::addRow("%d: %s", i, qPrintable(choice)) << i << choice;
}

void GeneratorTextsTest::everyChoiceIsTaken()
{
    QFETCH(const int, field);
    QFETCH(const QString, choice);
    GeneratorTexts texts = usual();
    texts.texts[size_t(field)] = choice;
    QVERIFY(generatortexts::faultsIn(texts).empty());
    QCOMPARE(generatortexts::textsOf(*generatortexts::settingsFrom(texts, 1)).texts[size_t(field)],
             choice == u"60 s"_s ? u"1 min"_s : choice);
}

void GeneratorTextsTest::ratesAreReadAsTyped_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("rate"); ///< below 0: none
    QTest::addRow("as shown") << u"10 /s"_s << 10.0;
    QTest::addRow("number only") << u"25"_s << 25.0;
    QTest::addRow("fraction") << u"0.5/s"_s << 0.5;
    QTest::addRow("unlimited") << u"Unlimited"_s << 0.0;
    QTest::addRow("words") << u"fast"_s << -1.0;
    QTest::addRow("negative") << u"-3"_s << -1.0;
    QTest::addRow("zero") << u"0"_s << -1.0;
    QTest::addRow("nothing") << QString() << -1.0;
}

void GeneratorTextsTest::ratesAreReadAsTyped()
{
    QFETCH(const QString, text);
    QFETCH(const double, rate);
    LoadSettings settings;
    const auto taken = generatortexts::takeRate(text, settings);
    QCOMPARE(taken.has_value(), rate >= 0);
    if (taken)
        QCOMPARE(settings.rate, rate);
}

void GeneratorTextsTest::endsAreReadAsTyped_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<double>("seconds");
    QTest::addColumn<qint64>("count");
    QTest::addRow("never") << u"never"_s << 0.0 << qint64(0);
    QTest::addRow("seconds") << u"1.5 s"_s << 1.5 << qint64(0);
    QTest::addRow("minutes") << u"10 min"_s << 600.0 << qint64(0);
    QTest::addRow("hours") << u"2h"_s << 7200.0 << qint64(0);
    QTest::addRow("writes") << u"100000 writes"_s << 0.0 << qint64(100000);
    QTest::addRow("both") << u"60 s, 500 operations"_s << 60.0 << qint64(500);
}

void GeneratorTextsTest::endsAreReadAsTyped()
{
    QFETCH(const QString, text);
    GeneratorTexts texts = usual();
    texts.of(GeneratorField::StopAfter) = text;
    const auto settings = generatortexts::settingsFrom(texts, 1);
    QVERIFY(settings.has_value());
    QTEST(settings->durationS, "seconds");
    QTEST(settings->count, "count");
}

void GeneratorTextsTest::faultsAreSentencesAtTheirField_data()
{
    QTest::addColumn<GeneratorField>("field");
    QTest::addColumn<QString>("text");
    QTest::addRow("rate") << GeneratorField::Rate << u"100 for"_s;
    QTest::addRow("rows") << GeneratorField::Rows << u"some"_s;
    QTest::addRow("mix") << GeneratorField::Mix << u"update 0"_s;
    QTest::addRow("fields") << GeneratorField::Fields << u"score 5"_s;
    QTest::addRow("end") << GeneratorField::StopAfter << u"5"_s;
    QTest::addRow("no connection") << GeneratorField::Connections << u"0"_s;
    QTest::addRow("many connections") << GeneratorField::Connections << u"65"_s;
    QTest::addRow("batch") << GeneratorField::Batch << u"501"_s;
    QTest::addRow("seed") << GeneratorField::Seed << u"x"_s;
}

void GeneratorTextsTest::faultsAreSentencesAtTheirField()
{
    QFETCH(const GeneratorField, field);
    QFETCH(const QString, text);
    GeneratorTexts texts = usual();
    texts.of(field) = text;
    const auto settings = generatortexts::settingsFrom(texts, 1);
    QVERIFY(!settings);
    QCOMPARE(settings.error().field, field);
    QVERIFY(settings.error().sentence.at(0).isUpper() && settings.error().sentence.endsWith(u'.'));
}

void GeneratorTextsTest::everyFaultIsFound()
{
    GeneratorTexts texts = usual();
    texts.of(GeneratorField::Rate) = u"fast"_s;
    texts.of(GeneratorField::Batch) = u"0"_s;
    QCOMPARE(generatortexts::faultsIn(texts).size(), size_t(2));
    QVERIFY(generatortexts::faultsIn(usual()).empty());
}

void GeneratorTextsTest::anEmptySeedIsRandom()
{
    GeneratorTexts texts = usual();
    texts.of(GeneratorField::Seed).clear();
    QCOMPARE(generatortexts::settingsFrom(texts, 4711)->seed, quint64(4711));
    texts.of(GeneratorField::Seed) = u"18446744073709551615"_s;
    QCOMPARE(generatortexts::settingsFrom(texts, 4711)->seed, ~quint64(0));
}

void GeneratorTextsTest::theStateIsSaid()
{
    LoadStats stats;
    stats.phase = LoadPhase::Running;
    stats.elapsedS = 72.9;
    QCOMPARE(generatorwords::stateOf(stats, 42, false), u"Running for 1 min 12 s, seed 42"_s);
    QCOMPARE(generatorwords::stateOf(stats, 42, true), u"Paused, running for 1 min 12 s, seed 42"_s);
    stats.phase = LoadPhase::Verifying;
    stats.keysVerified = 12000;
    stats.keysToVerify = 100000;
    QCOMPARE(generatorwords::stateOf(stats, 42, false), u"Verifying 12,000 of 100,000 touched rows"_s);
    QCOMPARE(generatorwords::duration(59.9), u"59 s"_s);
    QCOMPARE(generatorwords::duration(7500), u"2 h 5 min"_s);
}

void GeneratorTextsTest::theResultIsSaid_data()
{
    QTest::addColumn<LoadReport>("report");
    QTest::addColumn<QString>("sentences");
    QTest::addColumn<Tone>("tone");
    const QString written = u"12,000 writes are in both stores, 200 per second. "_s;
    QTest::addRow("all the same") << reportOf(900, 900, 0)
                                  << written + u"All 900 touched rows are the same in both stores."_s << Tone::Saved;
    QTest::addRow("some differ") << reportOf(900, 900, 3) << written + u"3 of 900 touched rows differ."_s
                                 << Tone::Failed;
    QTest::addRow("ended early") << reportOf(900, 100, 0) << written + u"Only 100 of 900 touched rows were verified."_s
                                 << Tone::Text;
    LoadReport unverified = reportOf(900, 0, 0);
    unverified.settings.verifies = false;
    QTest::addRow("not verified") << unverified << written + u"The rows were not verified."_s << Tone::Text;
    LoadReport troubled = reportOf(900, 900, 0);
    troubled.stats.conflicts = 3;
    troubled.stats.unknown = 2;
    QTest::addRow("troubled") << troubled
                              << written + u"Of the others 3 met a conflict, the outcome of 2 is unknown. "_s +
                                     u"All 900 touched rows are the same in both stores."_s
                              << Tone::Failed;
    LoadReport broken = reportOf(0, 0, 0);
    broken.error.emplace().message = u"PostgreSQL does not answer."_s;
    QTest::addRow("broken") << broken << u"PostgreSQL does not answer. "_s + written + u"No row was touched."_s
                            << Tone::Failed;
}

void GeneratorTextsTest::theResultIsSaid()
{
    QFETCH(const LoadReport, report);
    QTEST(generatorwords::resultOf(report), "sentences");
    QTEST(generatorwords::toneOf(report), "tone");
}

int main(int argc, char *argv[])
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); // counts are grouped
    QCoreApplication app(argc, argv);
    GeneratorTextsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_generatortexts.moc"
