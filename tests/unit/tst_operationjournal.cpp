// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/operationjournal.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace throughline;
using namespace Qt::StringLiterals;

/// Operations of unknown outcome over a restart of the program.
class OperationJournalTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEndedProgramsOperationsAreAdopted();
    void aLivingProgramsOperationsAreNot();
    void whatIsSettledIsForgotten();
    void noValuesAreWritten();
    void anotherTablesOperationsAreLeft();
    void rubbishIsLeftAlone();
    void withoutADirectoryNothingIsKept();

private:
    static UnsettledOperation operation()
    {
        Edit edit{OpId::create(), EditKind::Delete, {"k'1"}, {7}, {}, Origin::Grid, {}};
        Edit other = edit;
        other.op = OpId::create();
        other.key = {"k2"};
        other.base = {9};
        return {{OpId::create(), {edit, other}}, QDateTime::currentDateTimeUtc()};
    }
};

void OperationJournalTest::anEndedProgramsOperationsAreAdopted()
{
    const QTemporaryDir directory;
    const auto before = operation();
    {
        OperationJournal ended(directory.path(), u"users"_s);
        ended.remember(before);
    }
    QCOMPARE(OperationJournal::count(directory.path()), 1);
    OperationJournal journal(directory.path(), u"users"_s);
    const auto adopted = journal.adopt();
    QCOMPARE(adopted.size(), size_t(1));
    const Statement &statement = adopted.front().statement;
    QCOMPARE(statement.op, before.statement.op);
    QCOMPARE(statement.edits.size(), size_t(2));
    QCOMPARE(statement.edits[0].op, before.statement.edits[0].op);
    QCOMPARE(statement.edits[0].kind, EditKind::Delete);
    QCOMPARE(statement.edits[0].key.text, "k'1");
    QCOMPARE(statement.edits[1].base.number, 9);
    QCOMPARE(statement.lowestBase().number, 7);
    QVERIFY(qAbs(adopted.front().since.msecsTo(before.since)) < 10);
    QVERIFY(journal.adopt().empty());
}

void OperationJournalTest::aLivingProgramsOperationsAreNot()
{
    const QTemporaryDir directory;
    OperationJournal living(directory.path(), u"users"_s);
    living.remember(operation());
    OperationJournal journal(directory.path(), u"users"_s);
    QVERIFY(journal.adopt().empty());
    QCOMPARE(OperationJournal::count(directory.path()), 1);
}

void OperationJournalTest::whatIsSettledIsForgotten()
{
    const QTemporaryDir directory;
    OperationJournal journal(directory.path(), u"users"_s);
    const auto one = operation();
    journal.remember(one);
    journal.forget(one.statement.op);
    QCOMPARE(OperationJournal::count(directory.path()), 0);
}

void OperationJournalTest::noValuesAreWritten()
{
    const QTemporaryDir directory;
    OperationJournal journal(directory.path(), u"users"_s);
    auto one = operation();
    one.statement.edits.front().changes = {{0, QByteArray("very secret")}};
    journal.remember(one);
    QFile file(directory.filePath(QDir(directory.path()).entryList(QDir::Files).front()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("secret"));
    QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void OperationJournalTest::anotherTablesOperationsAreLeft()
{
    const QTemporaryDir directory;
    {
        OperationJournal ended(directory.path(), u"orders"_s);
        ended.remember(operation());
    }
    OperationJournal journal(directory.path(), u"users"_s);
    QVERIFY(journal.adopt().empty());
    QCOMPARE(OperationJournal(directory.path(), u"orders"_s).adopt().size(), size_t(1));
}

void OperationJournalTest::rubbishIsLeftAlone()
{
    const QTemporaryDir directory;
    QFile file(directory.filePath(u"half.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"op\":");
    file.close();
    OperationJournal journal(directory.path(), u"users"_s);
    QVERIFY(journal.adopt().empty());
    QVERIFY(file.exists());
}

void OperationJournalTest::withoutADirectoryNothingIsKept()
{
    OperationJournal journal({}, u"users"_s);
    journal.remember(operation());
    QVERIFY(journal.adopt().empty());
    QCOMPARE(OperationJournal::count({}), 0);
}

QTEST_APPLESS_MAIN(OperationJournalTest)
#include "tst_operationjournal.moc"
