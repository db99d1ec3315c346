// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/stagedwrite.h"

#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

using Fields = std::vector<std::pair<QByteArray, QByteArray>>;

/// What a staged hash asks for, without any store.
class StagedWriteTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstCharacterIsTheOperation_data();
    void theFirstCharacterIsTheOperation();
    void fieldsBecomeChanges();
    void onlyHashFieldsAreFields();
    void reasonsHoldNoValue();
    void aDeleteTakesAnyValues();
    void theSameContentIsTheSameOperation();
    void withoutAnIdEachTakingIsAnOperation();
    void failureTextsNameTheirRefusal();
};

namespace {

Field fieldNamed(const char *hashField, const QString &column, ColumnKind kind)
{
    Field field;
    field.hashField = hashField;
    field.column.name = column;
    field.column.kind = kind;
    field.column.bytes = 4;
    field.column.typeName = kind == ColumnKind::Integer ? u"integer"_s : u"text"_s;
    return field;
}

Mapping users()
{
    Mapping mapping;
    mapping.config.prefix = "users:";
    mapping.key.name = u"id"_s;
    mapping.key.kind = ColumnKind::Integer;
    mapping.key.bytes = 4;
    mapping.key.typeName = u"integer"_s;
    mapping.key.generated = true;
    mapping.fields = {fieldNamed("first", u"first_name"_s, ColumnKind::Text),
                      fieldNamed("score", u"score"_s, ColumnKind::Integer)};
    return mapping;
}

StagedWrite parse(const Fields &fields, const Mapping &mapping = users(), const char *key = "1")
{
    return parseStagedWrite(mapping, {key}, fields, "nonce");
}

} // namespace

void StagedWriteTest::theFirstCharacterIsTheOperation_data()
{
    QTest::addColumn<QByteArray>("mark");
    QTest::addColumn<char>("op");
    QTest::addColumn<QByteArray>("uuid");
    QTest::addColumn<StagedRefusal>("refusal");
    const auto row = [](const char *mark, char op, const char *uuid, StagedRefusal refusal = StagedRefusal::None) {
        QTest::newRow(mark) << QByteArray(mark) << op << QByteArray(uuid) << refusal;
    };
    row("", '=', "");
    row("=", '=', "");
    row("=a-b", '=', "a-b");
    row("~a", '~', "a");
    row("-a", '-', "a");
    row("+a", '+', "a", StagedRefusal::CacheOnly);
    row("xa", '?', "a", StagedRefusal::Operation);
    row("=:wip", '=', "", StagedRefusal::Operation);
}

void StagedWriteTest::theFirstCharacterIsTheOperation()
{
    QFETCH(QByteArray, mark);
    const StagedWrite write = parse({{"score", "5"}, {"#", mark}});
    QTEST(static_cast<char>(write.op), "op");
    QTEST(write.uuid, "uuid");
    QTEST(write.refusal, "refusal");
}

void StagedWriteTest::fieldsBecomeChanges()
{
    const StagedWrite write = parse({{"score", "5"}, {"first", "Ana"}, {"version", "77"}});
    QCOMPARE(write.refusal, StagedRefusal::None);
    QCOMPARE(write.op, StagedOp::Upsert);
    QCOMPARE(write.changes, (std::vector<FieldChange>{{0, "Ana"_ba}, {1, "5"_ba}})); // in the order of the mapping
    QCOMPARE(write.base, std::optional(RowVersion{77}));
}

void StagedWriteTest::onlyHashFieldsAreFields()
{
    const StagedWrite byColumn = parse({{"first_name", "Ana"}});
    QCOMPARE(byColumn.refusal, StagedRefusal::Field);
    QCOMPARE(byColumn.reason, u"The field first_name belongs to no column of the table."_s);
    Mapping keeping = users();
    keeping.config.keepUnmapped = true;
    const StagedWrite kept = parse({{"score", "5"}, {"zeta", "z"}, {"alpha", "a"}}, keeping);
    QCOMPARE(kept.refusal, StagedRefusal::None);
    QCOMPARE(kept.unmapped, (Fields{{"alpha", "a"}, {"zeta", "z"}}));
    QCOMPARE(parse({{"score", "5"}, {"#x", "z"}}, keeping).refusal, StagedRefusal::Field);
    QCOMPARE(parse({}).refusal, StagedRefusal::Field);
    QCOMPARE(parse({{"score", "5"}}, users(), "eu:9").refusal, StagedRefusal::Key);
}

void StagedWriteTest::reasonsHoldNoValue()
{
    const StagedWrite write = parse({{"score", "secret"}});
    QCOMPARE(write.refusal, StagedRefusal::InvalidValue);
    QVERIFY(!write.reason.contains("secret"_L1));
    QVERIFY(write.reason.contains("score"_L1));
    QVERIFY(!parse({{"score", "5"}, {"version", "secret"}}).reason.contains("secret"_L1));
    QVERIFY(!parse({{"score", "5"}, {"#", "?secret"}}).reason.contains("secret"_L1));
}

void StagedWriteTest::aDeleteTakesAnyValues()
{
    QCOMPARE(parse({{"#", "~"}}).refusal, StagedRefusal::None);
    QCOMPARE(parse({{"score", "old"}, {"#", "~"}}).refusal, StagedRefusal::None);
    QCOMPARE(parse({{"#", "-"}}).refusal, StagedRefusal::None);
}

void StagedWriteTest::theSameContentIsTheSameOperation()
{
    const Fields fields{{"score", "5"}, {"first", "Ana"}, {"#", "=u"}};
    const Fields turned{{"#", "=u"}, {"first", "Ana"}, {"score", "5"}};
    QCOMPARE(parse(fields).id, parse(turned).id);
    QCOMPARE(parse(fields).id, parseStagedWrite(users(), {"1"}, fields, "another taking").id);
    QVERIFY(parse(fields).id != parse(fields, users(), "2").id);
    QVERIFY(parse(fields).id != parse({{"score", "6"}, {"first", "Ana"}, {"#", "=u"}}).id);
    QVERIFY(parse(fields).id != parse({{"score", "5"}, {"first", "Ana"}, {"#", "~u"}}).id);
    QVERIFY(parse(fields).id != parse({{"score", "5"}, {"first", "Ana"}, {"#", "=v"}}).id);
    QVERIFY(parse({{"ab", "c"}}).id != parse({{"a", "bc"}}).id);
}

void StagedWriteTest::withoutAnIdEachTakingIsAnOperation()
{
    const Fields fields{{"score", "5"}};
    QCOMPARE(parseStagedWrite(users(), {"1"}, fields, "a").id, parseStagedWrite(users(), {"1"}, fields, "a").id);
    QVERIFY(parseStagedWrite(users(), {"1"}, fields, "a").id != parseStagedWrite(users(), {"1"}, fields, "b").id);
}

void StagedWriteTest::failureTextsNameTheirRefusal()
{
    for (int i = 0; i < stagedRefusals; ++i) {
        const auto refusal = static_cast<StagedRefusal>(i);
        QCOMPARE(refusalOf(failureText(refusal, u"A reason: with a colon."_s)), refusal);
    }
    QCOMPARE(failureText(StagedRefusal::CacheOnly, u"No."_s), u"cache_only: No."_s);
    QCOMPARE(refusalOf(u"something else"_s), StagedRefusal::Other);
}

QTEST_APPLESS_MAIN(StagedWriteTest)
#include "tst_stagedwrite.moc"
