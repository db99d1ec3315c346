// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/rowcompare.h"

#include <QTest>

#include <ctime>

using namespace throughline;
using namespace Qt::StringLiterals;

/// What counts as the same in table and cache: by text, then by type.
class RowCompareTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void valuesAreComparedByText_data();
    void valuesAreComparedByText();
    void aTimeThatTheLocalZoneLeavesOutIsStillATime();
    void rowsAreComparedAsAWhole_data();
    void rowsAreComparedAsAWhole();
    void everyDifferingFieldIsCounted();
    void onlyFaultsAreFaults();

private:
    [[nodiscard]] static Mapping twoColumns();
    QByteArray m_zone;
};

void RowCompareTest::init()
{
    m_zone = qgetenv("TZ");
}

void RowCompareTest::cleanup()
{
    qputenv("TZ", m_zone);
    tzset();
}

void RowCompareTest::valuesAreComparedByText_data()
{
    QTest::addColumn<ColumnKind>("kind");
    QTest::addColumn<Value>("table");
    QTest::addColumn<Value>("cache");
    QTest::addColumn<FieldDifference>("expected");
    const auto row = [](const char *name, ColumnKind kind, const Value &table, const Value &cache,
                        FieldDifference expected) { QTest::newRow(name) << kind << table << cache << expected; };
    using enum FieldDifference;
    using enum ColumnKind;
    row("NULL and no field", Text, {}, {}, Same);
    row("NULL and a field", Text, {}, "", OnlyInCache);
    row("empty text and no field", Text, "", {}, MissingInCache);
    row("text", Text, "a", "a", Same);
    row("text of other case", Text, "a", "A", Stale);
    row("text with a space", Text, "a", "a ", Stale);
    row("text that looks like a number", Text, "1", "01", Stale);
    row("integer with zeros", Integer, "7", "007", OtherSpelling);
    row("integer with a plus", Integer, "7", "+7", OtherSpelling);
    row("other integer", Integer, "7", "8", Stale);
    row("integer and junk", Integer, "7", "seven", Stale);
    row("two kinds of junk", Integer, "x", "y", Stale);
    row("largest integer", Integer, "9223372036854775807", "9223372036854775806", Stale);
    row("numeric with more zeros", Numeric, "1.50", "1.5", OtherSpelling);
    row("numeric whole", Numeric, "100", "100.00", OtherSpelling);
    row("numeric without zero", Numeric, "0.5", ".5", OtherSpelling);
    row("numeric minus zero", Numeric, "0.00", "-0", OtherSpelling);
    row("numeric with a plus", Numeric, "1", "+1", OtherSpelling);
    row("numeric of other sign", Numeric, "1", "-1", Stale);
    row("numeric that a double cannot tell apart", Numeric, "0.10000000000000000001", "0.10000000000000000002", Stale);
    row("numeric NaN", Numeric, "NaN", "NaN", Same);
    row("numeric ten and one hundred", Numeric, "10", "100", Stale);
    row("float", Float, "0.1", "1e-1", OtherSpelling);
    row("other float", Float, "0.1", "0.2", Stale);
    row("boolean", Boolean, "true", "1", OtherSpelling);
    row("boolean no", Boolean, "false", "OFF", OtherSpelling);
    row("other boolean", Boolean, "true", "false", Stale);
    row("boolean and junk", Boolean, "true", "perhaps", Stale);
    row("date with midnight", Date, "2024-06-21", "2024-06-21 00:00:00", OtherSpelling);
    row("date with T", Date, "2024-06-21", "2024-06-21T00:00:00", OtherSpelling);
    row("date with another hour", Date, "2024-06-21", "2024-06-21 01:00:00", Stale);
    row("date with junk", Date, "2024-06-21", "2024-06-21x", Stale);
    row("other date", Date, "2024-06-21", "2024-06-22", Stale);
    row("no such date", Date, "2024-06-21", "2024-06-31", Stale);
    row("time without seconds", Time, "10:00:00", "10:00", OtherSpelling);
    row("time with fraction", Time, "10:00:00.5", "10:00:00.500000", OtherSpelling);
    row("other time", Time, "10:00:00", "10:00:01", Stale);
    row("time of other microseconds", Time, "10:00:00.000001", "10:00:00.000002", Stale);
    row("timestamp written as a date", Timestamp, "2024-06-21 00:00:00", "2024-06-21", OtherSpelling);
    row("timestamp with T", Timestamp, "2024-06-21 10:11:12", "2024-06-21T10:11:12", OtherSpelling);
    row("timestamp with zeros", Timestamp, "2024-06-21 10:11:12.5", "2024-06-21 10:11:12.500000", OtherSpelling);
    row("timestamp of other microseconds", Timestamp, "2024-06-21 10:11:12.123456", "2024-06-21 10:11:12.123457",
        Stale);
    row("timestamp and a zone", Timestamp, "2024-06-21 10:11:12", "2024-06-21 10:11:12+02", Stale);
    row("timestamp with junk", Timestamp, "2024-06-21 10:11:12", "2024-06-21 10:11:12x", Stale);
    row("timestamp with junk behind the zone", TimestampTz, "2024-06-21 10:11:12+00", "2024-06-21 10:11:12Zx", Stale);
    row("timestamp infinity", Timestamp, "infinity", "infinity", Same);
    row("timestamptz in another zone", TimestampTz, "2024-06-21 08:00:00+00", "2024-06-21 10:00:00+02", OtherSpelling);
    row("timestamptz with minutes", TimestampTz, "2024-06-21 08:00:00+00", "2024-06-21T13:30:00+05:30", OtherSpelling);
    row("timestamptz in Z", TimestampTz, "2024-06-21 08:00:00+00", "2024-06-21T08:00:00Z", OtherSpelling);
    row("timestamptz without a zone", TimestampTz, "2024-06-21 08:00:00+00", "2024-06-21 08:00:00", OtherSpelling);
    row("timestamptz with microseconds", TimestampTz, "2024-06-21 08:00:00.123456+00", "2024-06-21 10:00:00.123456+02",
        OtherSpelling);
    row("timestamptz of other microseconds", TimestampTz, "2024-06-21 08:00:00.123456+00",
        "2024-06-21 10:00:00.123457+02", Stale);
    row("other timestamptz", TimestampTz, "2024-06-21 08:00:00+00", "2024-06-21 08:00:00+01", Stale);
    row("uuid in capitals", Uuid, "3f1432fe-0000-4000-8000-00000000000a", "3F1432FE-0000-4000-8000-00000000000A",
        OtherSpelling);
    row("other uuid", Uuid, "3f1432fe-0000-4000-8000-00000000000a", "3f1432fe-0000-4000-8000-00000000000b", Stale);
    row("label", Enumeration, "good", "Good", Stale);
    row("anything else", Other, "{1,2}", "{1, 2}", Stale);
}

void RowCompareTest::valuesAreComparedByText()
{
    QFETCH(ColumnKind, kind);
    QFETCH(Value, table);
    QFETCH(Value, cache);
    QFETCH(FieldDifference, expected);
    ColumnInfo column;
    column.kind = kind;
    QCOMPARE(compareValues(column, table, cache), expected);
}

void RowCompareTest::aTimeThatTheLocalZoneLeavesOutIsStillATime()
{
    qputenv("TZ", "Europe/Berlin");
    tzset();
    ColumnInfo column;
    column.kind = ColumnKind::Timestamp;
    // Clocks went from 2 to 3 that night.
    QCOMPARE(compareValues(column, "2024-03-31 02:30:00", "2024-03-31T02:30:00"), FieldDifference::OtherSpelling);
    QCOMPARE(compareValues(column, "2024-03-31 02:30:00", "2024-03-31T03:30:00"), FieldDifference::Stale);
    column.kind = ColumnKind::TimestampTz;
    QCOMPARE(compareValues(column, "2024-03-31 02:30:00+00", "2024-03-31 04:30:00+02"), FieldDifference::OtherSpelling);
    QCOMPARE(compareValues(column, "2024-03-31 02:30:00+00", "2024-03-31 02:30:00"), FieldDifference::OtherSpelling);
}

Mapping RowCompareTest::twoColumns()
{
    Mapping mapping;
    for (const char *name : {"username", "score"}) {
        Field field;
        field.hashField = name;
        field.column.name = QString::fromLatin1(name);
        field.column.kind = field.hashField == "score" ? ColumnKind::Integer : ColumnKind::Text;
        mapping.fields.push_back(field);
    }
    return mapping;
}

void RowCompareTest::rowsAreComparedAsAWhole_data()
{
    QTest::addColumn<bool>("hasRow");
    QTest::addColumn<CachedRow::State>("state");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("score");
    QTest::addColumn<RowDifference>("expected");
    using enum CachedRow::State;
    QTest::newRow("same") << true << Hash << "5"_ba
                          << "1"_ba << RowDifference::Same;
    QTest::newRow("other spelling") << true << Hash << "5"_ba
                                    << "01"_ba << RowDifference::Same;
    QTest::newRow("other value") << true << Hash << "5"_ba
                                 << "2"_ba << RowDifference::Differs;
    QTest::newRow("older") << true << Hash << "4"_ba
                           << "1"_ba << RowDifference::Differs;
    QTest::newRow("newer") << true << Hash << "6"_ba
                           << "1"_ba << RowDifference::Differs;
    QTest::newRow("no version") << true << Hash << ""_ba
                                << "1"_ba << RowDifference::Differs;
    QTest::newRow("version spelled otherwise") << true << Hash << "05"_ba
                                               << "1"_ba << RowDifference::Differs;
    QTest::newRow("not cached") << true << Absent << ""_ba
                                << ""_ba << RowDifference::NotCached;
    QTest::newRow("orphan") << false << Hash << "5"_ba
                            << "1"_ba << RowDifference::Orphan;
    QTest::newRow("wrong type") << true << WrongType << ""_ba
                                << ""_ba << RowDifference::WrongType;
    QTest::newRow("wrong type without a row") << false << WrongType << ""_ba
                                              << ""_ba << RowDifference::WrongType;
    QTest::newRow("neither") << false << Absent << ""_ba
                             << ""_ba << RowDifference::Neither;
}

void RowCompareTest::rowsAreComparedAsAWhole()
{
    QFETCH(bool, hasRow);
    QFETCH(CachedRow::State, state);
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, score);
    QFETCH(RowDifference, expected);
    const std::optional<Row> row = hasRow ? std::optional(Row{{"1"}, {5}, {"ana", "1"}}) : std::nullopt;
    CachedRow cached;
    cached.state = state;
    if (state == CachedRow::State::Hash) {
        cached.version = version;
        cached.values = {"ana", score};
        cached.unmapped = {{"nickname", "x"}}; // no difference
    }
    const RowComparison comparison = compareRow(twoColumns(), row, cached);
    QCOMPARE(comparison.row, expected);
    QCOMPARE(comparison.fields.size(), size_t(hasRow && state == CachedRow::State::Hash ? 2 : 0));
    QCOMPARE(comparison.versionDiffers, hasRow && state == CachedRow::State::Hash && version != "5");
}

void RowCompareTest::everyDifferingFieldIsCounted()
{
    const Row row{{"1"}, {5}, {"ana", "1"}};
    CachedRow cached;
    cached.state = CachedRow::State::Hash;
    cached.version = "5";
    cached.values = {std::nullopt, "2"};
    const RowComparison comparison = compareRow(twoColumns(), row, cached);
    QCOMPARE(comparison.differingFields(), 2);
    QCOMPARE(comparison.fields[0], FieldDifference::MissingInCache);
    QCOMPARE(comparison.fields[1], FieldDifference::Stale);
    cached.values = {"ana", "+1"};
    QCOMPARE(compareRow(twoColumns(), row, cached).differingFields(), 0);
}

void RowCompareTest::onlyFaultsAreFaults()
{
    RowComparison comparison;
    for (const auto &[difference, fault] :
         {std::pair(RowDifference::Same, false), std::pair(RowDifference::NotCached, false),
          std::pair(RowDifference::Neither, false), std::pair(RowDifference::Differs, true),
          std::pair(RowDifference::Orphan, true), std::pair(RowDifference::WrongType, true)}) {
        comparison.row = difference;
        QCOMPARE(comparison.isFault(), fault);
    }
}

QTEST_GUILESS_MAIN(RowCompareTest)
#include "tst_rowcompare.moc"
