// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/messageplan.h"
#include "messaging/messagevalue.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

/// What a message means, which of several win, and what goes as one statement.
class MessagePlanTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void positionsAreCompared();
    void valuesKeepTheirText_data();
    void valuesKeepTheirText();
    void whatIsNoValueIsRefused_data();
    void whatIsNoValueIsRefused();
    void fieldsGoByColumnOrHashField();
    void whatCannotBeAWishSaysWhy_data();
    void whatCannotBeAWishSaysWhy();
    void keysAreTakenAsTheyAreStored();
    void theNewestOfEachFieldWins();
    void statementsHoldTheSameFields();
    void aRefusalIsOfTheMessage_data();
    void aRefusalIsOfTheMessage();
};

namespace {

Mapping users()
{
    Mapping mapping;
    mapping.table = u"users"_s;
    mapping.key.name = u"id"_s;
    mapping.key.kind = ColumnKind::Integer;
    mapping.key.bytes = 4;
    mapping.key.nullable = false;
    const auto add = [&mapping](const char *hashField, const char *column, ColumnKind kind, int bytes) {
        Field field;
        field.hashField = hashField;
        field.column.name = QString::fromLatin1(column);
        field.column.kind = kind;
        field.column.bytes = bytes;
        mapping.fields.push_back(field);
    };
    add("first", "first_name", ColumnKind::Text, 0);
    add("score", "score", ColumnKind::Integer, 4);
    add("big", "big", ColumnKind::Integer, 8);
    add("rate", "rate", ColumnKind::Numeric, 0);
    add("sum", "sum", ColumnKind::Text, 0);
    mapping.fields.back().column.generated = true;
    return mapping;
}

Message message(const char *id, const char *key, const char *value)
{
    return {id, QByteArray(key), QByteArray(value), {}};
}

RowWish wish(const char *key, std::vector<FieldWish> fields)
{
    return {{key}, std::move(fields)};
}

} // namespace

void MessagePlanTest::positionsAreCompared()
{
    QCOMPARE(MessagePosition::parse("1700000000000-12"), (MessagePosition{1700000000000, 12}));
    QVERIFY(*MessagePosition::parse("9-11") > *MessagePosition::parse("9-2"));
    QVERIFY(*MessagePosition::parse("10-0") > *MessagePosition::parse("9-99"));
    for (const char *bad : {"", "5", "-5", "5-", "a-b", "5--1", "18446744073709551615-0"})
        QVERIFY2(!MessagePosition::parse(bad), bad);
}

void MessagePlanTest::valuesKeepTheirText_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *json, const char *expected) {
        QTest::newRow(json) << QByteArray(json) << QByteArray(expected);
    };
    row("5", "score=5");
    row(" -17\n", "score=-17");
    row("9223372036854775807", "score=9223372036854775807");
    row("0.1000000000000000055511151231257827", "score=0.1000000000000000055511151231257827");
    row(R"({"score": 5, "first": "Ana"})", "score=5 first=Ana");
    row(R"({"big":9223372036854775807,"rate":12345678901234567890.12345678901234567890})",
        "big=9223372036854775807 rate=12345678901234567890.12345678901234567890");
    row(R"({ "a" : null , "b":true,"c":false })", "a=NULL b=true c=false");
    row(R"({"a":"","b":"x,y:{z}\\\"","c\u0041":"\u00e9\ud83d\ude00"})", "a= b=x,y:{z}\\\" cA=\xc3\xa9\xf0\x9f\x98\x80");
    row("{}", "");
}

void MessagePlanTest::valuesKeepTheirText()
{
    QFETCH(QByteArray, json);
    const auto named = messagevalue::parse(json);
    QVERIFY2(named, named ? "" : qPrintable(named.error()));
    QByteArrayList parts;
    for (const auto &[name, value] : *named)
        parts << name.toUtf8() + '=' + value.value_or("NULL");
    QTEST(parts.join(' '), "expected");
}

void MessagePlanTest::whatIsNoValueIsRefused_data()
{
    QTest::addColumn<QByteArray>("json");
    for (const char *json :
         {"", "five", "1,2", "1],[2", "[1]", "\"5\"", "null", "true", "{\"a\":{}}", "{\"a\":[1]}", "{\"a\":1", "{a:1}",
          "{\"a\":1}{}", "05", "+5", "NaN", R"({"a":"\u0000"})", "{\"a\":\"\xff\"}", R"({"a":1,"b":{"c":2}})"})
        QTest::newRow(json) << QByteArray(json);
}

void MessagePlanTest::whatIsNoValueIsRefused()
{
    QFETCH(QByteArray, json);
    const auto named = messagevalue::parse(json);
    QVERIFY(!named);
    QVERIFY(named.error().endsWith(u'.'));
}

void MessagePlanTest::fieldsGoByColumnOrHashField()
{
    const auto byBoth = messageplan::wishOf(users(), message("7-1", "3", R"({"score":"5","first":null})"));
    QVERIFY(byBoth);
    const MessagePosition position{7, 1};
    QCOMPARE(*byBoth, wish("3", {{0, std::nullopt, position}, {1, "5", position}}));
    const auto byColumn = messageplan::wishOf(users(), message("7-1", "3", R"({"first_name":"Ana"})"));
    QVERIFY(byColumn);
    QCOMPARE(*byColumn, wish("3", {{0, "Ana", position}}));
}

void MessagePlanTest::whatCannotBeAWishSaysWhy_data()
{
    QTest::addColumn<Message>("bad");
    QTest::addColumn<QString>("word");
    QTest::newRow("key of another type") << message("1-0", "ana", "5") << u"id must"_s;
    QTest::newRow("key out of range") << message("1-0", "3000000000", "5") << u"id must"_s;
    QTest::newRow("empty key") << message("1-0", "", "5") << u"id"_s;
    QTest::newRow("no key") << Message{"1-0", std::nullopt, "5", {}} << u"\"key\""_s;
    QTest::newRow("no value") << Message{"1-0", "1", std::nullopt, {}} << u"\"value\""_s;
    QTest::newRow("key that is no text") << message("1-0", "\xff", "5") << u"key"_s;
    QTest::newRow("no JSON") << message("1-0", "1", "{") << u"JSON"_s;
    QTest::newRow("unknown field") << message("1-0", "1", R"({"nope":1})") << u"nope"_s;
    QTest::newRow("the key as a field") << message("1-0", "1", R"({"id":1})") << u"\"id\""_s;
    QTest::newRow("computed field") << message("1-0", "1", R"({"sum":"1"})") << u"computed"_s;
    QTest::newRow("out of range") << message("1-0", "1", "3000000000") << u"score"_s;
    QTest::newRow("no whole number") << message("1-0", "1", "5.5") << u"score"_s;
    QTest::newRow("twice") << message("1-0", "1", R"({"first":"a","first_name":"b"})") << u"twice"_s;
    QTest::newRow("nothing") << message("1-0", "1", "{}") << u"no field"_s;
    QTest::newRow("position") << message("18446744073709551615-0", "1", "5") << u"position"_s;
}

void MessagePlanTest::whatCannotBeAWishSaysWhy()
{
    QFETCH(Message, bad);
    QFETCH(QString, word);
    const auto wish = messageplan::wishOf(users(), bad);
    QVERIFY(!wish);
    QVERIFY2(wish.error().contains(word) && wish.error().endsWith(u'.'), qPrintable(wish.error()));
}

void MessagePlanTest::keysAreTakenAsTheyAreStored()
{
    QCOMPARE(messageplan::wishOf(users(), message("1-0", " 3 ", "5"))->key.text, "3");
    Mapping texts = users();
    texts.key.kind = ColumnKind::Text;
    QVERIFY(!messageplan::wishOf(texts, message("1-0", "a{b", "5")));
    QCOMPARE(messageplan::wishOf(texts, message("1-0", "a b", "5"))->key.text, "a b");
}

void MessagePlanTest::theNewestOfEachFieldWins()
{
    const auto merged =
        messageplan::merge({wish("1", {{1, "new", {9, 0}}}), wish("2", {{0, "x", {4, 0}}}),
                            wish("1", {{0, "only", {2, 0}}, {1, "old", {2, 0}}}), wish("1", {{1, "older", {1, 5}}})});
    QCOMPARE(merged.size(), 2U);
    QCOMPARE(merged[0].wish, wish("1", {{0, "only", {2, 0}}, {1, "new", {9, 0}}}));
    QCOMPARE(merged[0].wishes, (std::vector<size_t>{0, 2, 3}));
    QCOMPARE(merged[0].owners, (std::vector<size_t>{2, 0}));
    QCOMPARE(merged[1].wishes, (std::vector<size_t>{1}));
}

void MessagePlanTest::statementsHoldTheSameFields()
{
    std::vector<RowWish> wishes;
    for (int i = 0; i < 5; ++i)
        wishes.push_back({{QByteArray::number(i)}, {{i == 3 ? 0 : 1, "5", {1, i}}}});
    const auto statements = messageplan::statements(messageplan::merge(wishes), 3);
    QCOMPARE(statements.size(), 3U);
    QCOMPARE(statements[0].size(), 3U);
    QCOMPARE(statements[1].front().wish.key.text, "3");
    QCOMPARE(statements[2].front().wish.key.text, "4");
}

void MessagePlanTest::aRefusalIsOfTheMessage_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("refusal");
    QTest::addColumn<bool>("passing");
    QTest::newRow("value") << ErrorKind::InvalidValue << u"22003"_s << true << false;
    QTest::newRow("duplicate") << ErrorKind::Duplicate << u"23505"_s << true << false;
    QTest::newRow("a trigger's own") << ErrorKind::Other << u"U0001"_s << true << false;
    QTest::newRow("one row twice") << ErrorKind::Other << u"21000"_s << true << false;
    QTest::newRow("sequence behind") << ErrorKind::Other << u"55000"_s << false << false;
    QTest::newRow("rights") << ErrorKind::PermissionDenied << u"42501"_s << false << false;
    QTest::newRow("no such table") << ErrorKind::Misconfigured << u"42P01"_s << false << false;
    QTest::newRow("deadlock") << ErrorKind::Transient << u"40P01"_s << false << true;
    QTest::newRow("away") << ErrorKind::Unreachable << QString() << false << true;
    QTest::newRow("broken") << ErrorKind::ConnectionLost << u"57P01"_s << false << true;
}

void MessagePlanTest::aRefusalIsOfTheMessage()
{
    QFETCH(ErrorKind, kind);
    QFETCH(QString, code);
    StoreError error;
    error.kind = kind;
    error.store = Store::Postgres;
    error.code = code;
    QTEST(messageplan::isRefusal(error), "refusal");
    QTEST(messageplan::isPassing(error), "passing");
    error.store = Store::Redis;
    QVERIFY(!messageplan::isRefusal(error));
}

QTEST_GUILESS_MAIN(MessagePlanTest)
#include "tst_messageplan.moc"
