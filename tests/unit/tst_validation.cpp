// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/validation.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

ColumnInfo column(const QString &name, ColumnKind kind)
{
    ColumnInfo info;
    info.name = name;
    info.kind = kind;
    return info;
}

ColumnInfo integer(int bytes)
{
    auto info = column(u"score"_s, ColumnKind::Integer);
    info.bytes = bytes;
    return info;
}

ColumnInfo numeric(int precision, int scale)
{
    auto info = column(u"price"_s, ColumnKind::Numeric);
    info.precision = precision;
    info.scale = scale;
    return info;
}

ColumnInfo text(int maxLength)
{
    auto info = column(u"email"_s, ColumnKind::Text);
    info.maxLength = maxLength;
    return info;
}

ColumnInfo typed(ColumnInfo info, const QString &typeName)
{
    info.typeName = typeName;
    return info;
}

ColumnInfo labelled()
{
    auto info = column(u"mood"_s, ColumnKind::Enumeration);
    info.labels = {u"sad"_s, u"so so"_s, u" ok"_s};
    return info;
}

} // namespace

Q_DECLARE_METATYPE(throughline::ColumnInfo)

class TestValidation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsOrSaysWhy_data();
    void acceptsOrSaysWhy();
    void nullIsRefusedOnlyWhereItMayNotBe();
    void aGeneratedColumnCannotBeWritten();
    void normalisedDropsOuterSpaceWhereTheTypeAllowsNone_data();
    void normalisedDropsOuterSpaceWhereTheTypeAllowsNone();

private:
    void numberRows();
    void textRows();
    void momentRows();
    void otherRows();
};

static const QString good; // an empty sentence stands for "valid"

void TestValidation::acceptsOrSaysWhy_data()
{
    QTest::addColumn<ColumnInfo>("info");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("sentence");
    numberRows();
    textRows();
    momentRows();
    otherRows();
}

void TestValidation::numberRows()
{
    const auto row = [](const char *tag, const ColumnInfo &info, const QByteArray &value, const QString &sentence) {
        QTest::addRow("%s", tag) << info << value << sentence;
    };
    const QString int4 = u"score must be a whole number up to 2147483647."_s;
    row("int4 max", integer(4), "2147483647", good);
    row("int4 min", integer(4), "-2147483648", good);
    row("int4 plus", integer(4), "+7", good);
    row("int4 above", integer(4), "2147483648", int4);
    row("int4 below", integer(4), "-2147483649", u"score must be a whole number from -2147483648 to 2147483647."_s);
    row("int4 empty", integer(4), "", int4);
    row("int4 words", integer(4), "twelve", int4);
    row("int4 decimals", integer(4), "1.0", int4);
    row("int4 exponent", integer(4), "1e3", int4);
    row("int4 hex", integer(4), "0x10", int4);
    row("int2 above", integer(2), "32768", u"score must be a whole number up to 32767."_s);
    row("int8 max", integer(8), "9223372036854775807", good);
    row("int8 above", integer(8), "9223372036854775808", u"score must be a whole number up to 9223372036854775807."_s);
    row("numeric any", numeric(-1, 0), "123456789012345678901234567890.123456789", good);
    row("numeric fits", numeric(5, 2), "999.99", good);
    row("numeric trailing zeros", numeric(5, 2), "1.5000", good);
    row("numeric leading zeros", numeric(5, 2), "000001.5", good);
    row("numeric point first", numeric(5, 2), ".5", good);
    row("numeric exponent", numeric(5, 2), "9.9999e2", good);
    row("numeric zero", numeric(2, 2), "0", good);
    row("numeric digits", numeric(5, 2), "1000", u"price may have 3 digits before the decimal point; this has 4."_s);
    row("numeric decimals", numeric(5, 2), "1.005", u"price may have 2 decimals; this has 3."_s);
    row("numeric no double", numeric(20, 2), "123456789012345678.12", good);
    row("numeric negative scale", numeric(2, -3), "99000", good);
    row("numeric NaN", numeric(5, 2), "NaN", good);
    row("numeric infinity", numeric(-1, 0), "-Infinity", good);
    row("numeric limited infinity", numeric(5, 2), "Infinity", u"price must be a number."_s);
    row("numeric comma", numeric(5, 2), "1,5", u"price must be a number."_s);
    row("numeric point only", numeric(5, 2), ".", u"price must be a number."_s);
    const auto ratio = column(u"ratio"_s, ColumnKind::Float);
    row("float", ratio, "-1.5e-3", good);
    row("float NaN", ratio, "nan", good);
    row("float infinity", ratio, "-infinity", good);
    row("float words", ratio, "1.5x", u"ratio must be a number."_s);
    row("float range", ratio, "1e400", u"ratio: 1e400 is out of range."_s);
    row("double range", ratio, "+1e300", good);
    row("real range", typed(ratio, u"real"_s), "1e39", u"ratio: 1e39 is out of range."_s);
}

void TestValidation::textRows()
{
    const auto row = [](const char *tag, const ColumnInfo &info, const QByteArray &value, const QString &sentence) {
        QTest::addRow("%s", tag) << info << value << sentence;
    };
    row("text unlimited", text(-1), QByteArray(100000, 'x'), good);
    row("text empty", text(255), "", good);
    row("text full", text(255), QByteArray(255, 'x'), good);
    row("text too long", text(255), QByteArray(261, 'x'), u"email may have 255 characters; this has 261."_s);
    row("text code points", text(3), QByteArray("é€😀"), good);
    row("text code points too long", text(2), QByteArray("é€😀"), u"email may have 2 characters; this has 3."_s);
    row("text not UTF-8", text(-1), QByteArray("caf\xe9"), u"email must be valid UTF-8."_s);
    row("text NUL", text(-1), QByteArray("a\0b", 3), u"email may not hold the character NUL."_s);
    row("other passes", column(u"place"_s, ColumnKind::Other), "(1,2)", good);
    row("other not UTF-8", column(u"place"_s, ColumnKind::Other), QByteArray("\xff"), u"place must be valid UTF-8."_s);
}

void TestValidation::momentRows()
{
    const auto row = [](const char *tag, const ColumnInfo &info, const QByteArray &value, const QString &sentence) {
        QTest::addRow("%s", tag) << info << value << sentence;
    };
    const auto dob = column(u"date_of_birth"_s, ColumnKind::Date);
    row("date", dob, "1981-02-28", good);
    row("date leap", dob, "2024-02-29", good);
    row("date none", dob, "1981-02-30", u"date_of_birth: 1981-02-30 is no date."_s);
    row("date no leap", dob, "2023-02-29", u"date_of_birth: 2023-02-29 is no date."_s);
    row("date infinity", dob, "-infinity", good);
    row("date BC", dob, "0044-03-15 BC", good);
    row("date other order", dob, "15.3.1981", u"date_of_birth: 15.3.1981 is no date."_s);
    row("date empty", dob, "", u"date_of_birth:  is no date."_s);
    row("date long", dob, QByteArray(50, 'x'), u"date_of_birth: "_s + QString(40, u'x') + u"… is no date."_s);
    const auto at = column(u"starts"_s, ColumnKind::Time);
    row("time", at, "23:59", good);
    row("time fraction", at, "23:59:59.123456", good);
    row("time midnight", at, "24:00:00", good);
    row("time none", at, "24:01", u"starts: 24:01 is no time."_s);
    row("time seven digits", at, "23:59:59.1234567", u"starts: 23:59:59.1234567 is no time."_s);
    row("time zone refused", at, "10:00+02", u"starts: 10:00+02 is no time."_s);
    row("time zone", typed(at, u"time with time zone"_s), "10:00+02", good);
    const auto created = column(u"created_at"_s, ColumnKind::Timestamp);
    row("timestamp", created, "2024-06-21 10:11:12.5", good);
    row("timestamp T", created, "2024-06-21T10:11", good);
    row("timestamp date only", created, "2024-06-21", good);
    row("timestamp infinity", created, "infinity", good);
    row("timestamp none", created, "2024-06-21 25:00", u"created_at: 2024-06-21 25:00 is no date and time."_s);
    row("timestamp zone", created, "2024-06-21 10:00+02", u"created_at: 2024-06-21 10:00+02 is no date and time."_s);
    const auto seen = column(u"seen_at"_s, ColumnKind::TimestampTz);
    row("timestamptz offset", seen, "2024-06-21 10:11:12.123456+02", good);
    row("timestamptz minutes", seen, "2024-06-21 10:11+05:30", good);
    row("timestamptz Z", seen, "2024-06-21T10:11:12Z", good);
    row("timestamptz name", seen, "2024-06-21 10:11:12 Europe/Berlin", good);
    row("timestamptz none", seen, "2024-13-21 10:11:12+02", u"seen_at: 2024-13-21 10:11:12+02 is no point in time."_s);
}

void TestValidation::otherRows()
{
    const auto row = [](const char *tag, const ColumnInfo &info, const QByteArray &value, const QString &sentence) {
        QTest::addRow("%s", tag) << info << value << sentence;
    };
    const auto active = column(u"active"_s, ColumnKind::Boolean);
    for (const char *word : {"t", "TRUE", "tru", "yes", "y", "on", "1", "f", "false", "no", "n", "off", "of", "0"})
        row(word, active, word, good);
    for (const char *word : {"", "o", "2", "truely", "ja"})
        row(qPrintable(u"not "_s + QString::fromLatin1(word)), active, word, u"active must be true or false."_s);
    const auto uuid = column(u"ref"_s, ColumnKind::Uuid);
    row("uuid", uuid, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", good);
    row("uuid braces", uuid, "{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}", good);
    row("uuid bare", uuid, "a0eebc999c0b4ef8bb6d6bb9bd380a11", good);
    row("uuid half brace", uuid, "{a0eebc999c0b4ef8bb6d6bb9bd380a11",
        u"ref: {a0eebc999c0b4ef8bb6d6bb9bd380a11 is no UUID."_s);
    row("uuid short", uuid, "a0eebc99", u"ref: a0eebc99 is no UUID."_s);
    row("label", labelled(), "so so", good);
    row("label unknown", labelled(), "happy", u"mood must be one of: sad, so so,  ok."_s);
}

void TestValidation::acceptsOrSaysWhy()
{
    QFETCH(const ColumnInfo, info);
    QFETCH(const QByteArray, value);
    QFETCH(const QString, sentence);
    QCOMPARE(validate(info, value).value_or(good), sentence);
}

void TestValidation::nullIsRefusedOnlyWhereItMayNotBe()
{
    auto username = column(u"username"_s, ColumnKind::Text);
    QCOMPARE(validate(username, std::nullopt), std::nullopt);
    username.nullable = false;
    QCOMPARE(validate(username, std::nullopt), u"username may not be NULL."_s);
}

void TestValidation::aGeneratedColumnCannotBeWritten()
{
    auto total = integer(4);
    total.generated = true;
    QCOMPARE(validate(total, "1"), u"score is computed by PostgreSQL and cannot be written."_s);
}

void TestValidation::normalisedDropsOuterSpaceWhereTheTypeAllowsNone_data()
{
    QTest::addColumn<ColumnInfo>("info");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QByteArray>("sent");
    QTest::newRow("text") << text(10) << u" a "_s << QByteArray(" a ");
    QTest::newRow("integer") << integer(4) << u" 12\n"_s << QByteArray("12");
    QTest::newRow("date") << column(u"d"_s, ColumnKind::Date) << u" 2024-01-01 "_s << QByteArray("2024-01-01");
    QTest::newRow("label with space") << labelled() << u" ok"_s << QByteArray(" ok");
    QTest::newRow("label") << labelled() << u" sad "_s << QByteArray("sad");
    QTest::newRow("other") << column(u"o"_s, ColumnKind::Other) << u" x"_s << QByteArray(" x");
}

void TestValidation::normalisedDropsOuterSpaceWhereTheTypeAllowsNone()
{
    QFETCH(const ColumnInfo, info);
    QFETCH(const QString, typed);
    QFETCH(const QByteArray, sent);
    QCOMPARE(normalised(info, typed), sent);
}

QTEST_GUILESS_MAIN(TestValidation)
#include "tst_validation.moc"
