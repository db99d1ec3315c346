// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadprofile.h"
#include "heartbeat.h"
#include "stores/postgres/pgconnection.h"
#include "testservers.h"
#include "ui/charts/chartseries.h"
#include "ui/charts/chartspane.h"
#include "ui/control/windowcontroller.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/preparedialog.h"
#include "ui/dialogs/rowdialog.h"
#include "ui/mainactions.h"
#include "ui/maintoolbar.h"
#include "ui/models/activitymodel.h"
#include "ui/models/rowroles.h"
#include "ui/models/rowsmodel.h"
#include "ui/panes/activitypane.h"
#include "ui/panes/activitytable.h"
#include "ui/panes/generatorform.h"
#include "ui/panes/generatorpane.h"
#include "ui/panes/gridview.h"
#include "ui/panes/receiptpane.h"
#include "ui/widgets/cellnote.h"
#include "ui/widgets/paragraph.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QScopeGuard>
#include <QScrollBar>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// The whole window on real servers: what a person does, and what both stores hold afterwards.
class EndToEndTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init();
    void cleanup();

    void theThreeUsersAreThere();
    void anEditedCellReachesBothStores();
    void aTakenNameIsRefusedBesideTheCell();
    void aForeignChangeIsAConflict();
    void takingTheirsEndsTheConflict();
    void aUserIsAddedAndDeleted();
    void searchFindsAndClears();
    void theGeneratorLeavesAnOpenEditorAlone();
    void theDockRunsAndRemembers();
    void badSettingsDoNotStart();
    void aPausedRunWritesNothing();
    void theWindowAnswersAtFullLoad();
    void aStoppedPostgresFreezesNothing();
    void aStoppedRedisIsCachePending();
    void anUnknownInsertIsNotSentTwice_data();
    void anUnknownInsertIsNotSentTwice();
    void aLateInsertLeavesTheCursorAlone();
    void foreignSqlReachesTheCache();
    void foreignSqlReachesTheGrid();
    void aTableThatHasGrownIsIndexedAgain();
    void stagedWritesAreCarriedOutAndListed();
    void aVerdictOfAnotherProgramIsListed();
    void ownEditsAreListed();
    void anUnpreparedTableIsAskedAbout();

private:
    void openWindow(const AppConfig &config);
    [[nodiscard]] GridView *grid() const { return m_controller->window().findChild<GridView *>(); }
    [[nodiscard]] QModelIndex cell(const char *key, const char *column) const;
    void typeInto(const QModelIndex &index, const QString &text);
    [[nodiscard]] int stateOf(const QModelIndex &index) const { return index.data(CellStateRole).toInt(); }
    [[nodiscard]] QByteArray inTable(const char *sql) const
    {
        return m_servers->scalar(m_servers->conninfo(), QString::fromLatin1(sql)).value_or("NULL");
    }
    [[nodiscard]] QByteArray inCache(const QByteArray &key, const char *field) const
    {
        return m_servers->redis({"HGET", key, field}).value(0);
    }
    template <class Dialog>
    [[nodiscard]] Dialog *dialog() const
    {
        return m_controller->window().template findChild<Dialog *>();
    }
    [[nodiscard]] QString receipt() const
    {
        return m_controller->window().findChild<ReceiptPane *>()->accessibleDescription();
    }
    [[nodiscard]] GeneratorPane *generator() const { return m_controller->window().findChild<GeneratorPane *>(); }
    [[nodiscard]] QString generatorText(const char *name) const
    {
        return generator()->findChild<QLabel *>(QLatin1StringView(name))->text();
    }
    [[nodiscard]] bool isRunning() const
    {
        return m_controller->window().actions().action(Command::StartStop)->text() == u"&Stop"_s;
    }
    [[nodiscard]] ActivityPane *activity() const { return m_controller->window().findChild<ActivityPane *>(); }
    /// The newest line of a row in the activity list: from, operation, outcome and reason.
    [[nodiscard]] QString activityOf(const QString &row) const;
    void saveAs(Command command, const QString &fileName) const;
    /// Opens the form, fills it and sends it.
    void submitForm(const QString &username);
    void trigger(Command command) const { m_controller->window().actions().action(command)->trigger(); }

    std::unique_ptr<TestServers> m_servers;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<WindowController> m_controller;
};

void EndToEndTest::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    m_servers = std::make_unique<TestServers>();
    QVERIFY2(m_servers->start(), qPrintable(m_servers->error()));
    m_theme = std::make_unique<Theme>(*qApp);
}

void EndToEndTest::cleanupTestCase()
{
    m_theme.reset();
    m_servers.reset();
}

void EndToEndTest::init()
{
    AppConfig config;
    config.dataDir = {m_servers->dataDir(), u"test"_s};
    openWindow(config);
    QTRY_VERIFY_WITH_TIMEOUT(grid() && grid()->model()->rowCount() == 3, 20000);
    new QAbstractItemModelTester(grid()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, grid());
    QTRY_VERIFY(cell("1", "score").data(LoadedRole).toBool());
}

void EndToEndTest::cleanup()
{
    m_controller.reset();
}

void EndToEndTest::openWindow(const AppConfig &config)
{
    m_controller = std::make_unique<WindowController>(config, *m_theme);
    m_controller->start();
    QVERIFY(QTest::qWaitForWindowExposed(&m_controller->window()));
}

QModelIndex EndToEndTest::cell(const char *key, const char *column) const
{
    const auto *model = qobject_cast<RowsModel *>(grid()->model());
    const auto row = model->rowOf({key});
    const auto field = model->mapping().fieldNamed(QString::fromLatin1(column));
    return row && field ? model->index(*row, RowsModel::columnOf(*field)) : QModelIndex();
}

void EndToEndTest::typeInto(const QModelIndex &index, const QString &text)
{
    grid()->setCurrentIndex(index);
    QTest::keyClick(grid(), Qt::Key_F2);
    auto *editor = grid()->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, text);
    QTest::keyClick(editor, Qt::Key_Return);
}

void EndToEndTest::theThreeUsersAreThere()
{
    QCOMPARE(cell("1", "username").data().toString(), u"fulano"_s);
    QCOMPARE(cell("3", "username").data().toString(), u"sicrano"_s);
    QVERIFY(!cell("1", "password_hash").data().toString().contains(u"d1e8"_s));
    QVERIFY(m_controller->window().windowTitle().contains(u"Sandbox"_s));
}

void EndToEndTest::anEditedCellReachesBothStores()
{
    typeInto(cell("1", "score"), u"4711"_s);
    QTRY_COMPARE(inTable("SELECT score::text FROM users WHERE id = 1"), "4711");
    QTRY_COMPARE(inCache("users:1", "score"), "4711");
    QTRY_COMPARE(stateOf(cell("1", "score")), int(CellState::Saved));
}

void EndToEndTest::aTakenNameIsRefusedBesideTheCell()
{
    typeInto(cell("1", "username"), u"beltrano"_s);
    QTRY_COMPARE(stateOf(cell("1", "username")), int(CellState::Failed));
    grid()->setCurrentIndex(cell("1", "username"));
    QTRY_VERIFY(m_controller->window().findChild<CellNote *>()->isVisible());
    QVERIFY(cell("1", "username").data(StateSentenceRole).toString().contains(u"taken"_s));
    QCOMPARE(cell("1", "username").data().toString(), u"beltrano"_s); // what was typed is kept
    QCOMPARE(inTable("SELECT username FROM users WHERE id = 1"), "fulano");
    trigger(Command::RevertCell);
    QCOMPARE(cell("1", "username").data().toString(), u"fulano"_s);
}

void EndToEndTest::aForeignChangeIsAConflict()
{
    grid()->setCurrentIndex(cell("2", "score"));
    QTest::keyClick(grid(), Qt::Key_F2);
    auto *editor = grid()->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    QVERIFY(m_servers->execute(m_servers->conninfo(), u"UPDATE users SET score = 99 WHERE id = 2"_s));
    editor->selectAll();
    QTest::keyClicks(editor, u"5"_s);
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_COMPARE(stateOf(cell("2", "score")), int(CellState::Conflict));
    QCOMPARE(inTable("SELECT score::text FROM users WHERE id = 2"), "99");
    QCOMPARE(cell("2", "score").data().toString(), u"5"_s);
    grid()->setCurrentIndex(cell("2", "score"));
    trigger(Command::TakeTheirs);
    QCOMPARE(cell("2", "score").data().toString(), u"99"_s);
}

void EndToEndTest::takingTheirsEndsTheConflict()
{
    // The table changed before the edit was sent, and the pane's reading has not told the grid yet.
    QVERIFY(m_servers->execute(m_servers->conninfo(), u"UPDATE users SET score = 41 WHERE id = 3"_s));
    typeInto(cell("3", "score"), u"6"_s);
    QTRY_VERIFY(stateOf(cell("3", "score")) == int(CellState::Conflict) ||
                inTable("SELECT score::text FROM users WHERE id = 3") == "6");
    grid()->setCurrentIndex(cell("3", "score"));
    trigger(Command::TakeTheirs);
    QTRY_COMPARE(cell("3", "score").data().toString().toUtf8(), inTable("SELECT score::text FROM users WHERE id = 3"));
}

void EndToEndTest::aUserIsAddedAndDeleted()
{
    trigger(Command::AddRow);
    auto *form = dialog<RowDialog>();
    QVERIFY(form);
    const auto lines = form->findChildren<QLineEdit *>();
    QTest::keyClicks(lines.at(0), u"fulano"_s);
    QTest::keyClicks(lines.at(1), u"ana@example.org"_s);
    QTest::keyClicks(lines.at(2), u"x"_s);
    QTest::keyClick(lines.at(2), Qt::Key_Return);
    const auto *add = form->findChild<QPushButton *>(u"add"_s);
    QVERIFY(add && !add->isEnabled());                  // on its way
    QTRY_VERIFY(add->isEnabled() && form->isVisible()); // the name is taken, so the form stays
    QCOMPARE(inTable("SELECT count(*)::text FROM users"), "3");
    lines.at(0)->selectAll();
    QTest::keyClicks(lines.at(0), u"ana"_s);
    QTest::keyClick(lines.at(0), Qt::Key_Return);
    QTRY_COMPARE(inTable("SELECT count(*)::text FROM users WHERE username = 'ana'"), "1");
    QTRY_COMPARE(grid()->model()->rowCount(), 4);
    const QByteArray key = inTable("SELECT id::text FROM users WHERE username = 'ana'");
    QTRY_COMPARE(inCache("users:" + key, "username"), "ana");
    QTRY_VERIFY(grid()->currentKey() == RowKey{key});
    trigger(Command::DeleteRows);
    QVERIFY(dialog<DeleteDialog>());
    dialog<DeleteDialog>()->accept();
    QTRY_COMPARE(inTable("SELECT count(*)::text FROM users"), "3");
    QTRY_COMPARE(m_servers->redis({"EXISTS", "users:" + key}).value(0), "0");
    QTRY_COMPARE(grid()->model()->rowCount(), 3);
}

void EndToEndTest::searchFindsAndClears()
{
    auto *field = qobject_cast<QLineEdit *>(m_controller->window().toolBar().searchField());
    QVERIFY(field);
    QTest::keyClicks(field, u"beltr"_s);
    QTRY_COMPARE(grid()->model()->rowCount(), 1);
    m_controller->window().toolBar().clearSearch();
    QTRY_COMPARE(grid()->model()->rowCount(), 3);
}

void EndToEndTest::theGeneratorLeavesAnOpenEditorAlone()
{
    grid()->setCurrentIndex(cell("1", "score"));
    QTest::keyClick(grid(), Qt::Key_F2);
    auto *editor = grid()->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    editor->selectAll();
    QTest::keyClicks(editor, u"12345"_s);
    const QString before = cell("2", "score").data().toString();
    trigger(Command::StartStop);
    QTRY_VERIFY_WITH_TIMEOUT(cell("2", "score").data().toString() != before, 20000);
    QCOMPARE(editor->text(), u"12345"_s);
    QVERIFY(editor->isVisible());
    QCOMPARE(grid()->currentIndex(), cell("1", "score"));
    trigger(Command::StartStop);
    QTest::keyClick(editor, Qt::Key_Escape);
    QTRY_COMPARE(m_controller->window().actions().action(Command::StartStop)->text(), u"&Start"_s);
    QTRY_COMPARE(cell("2", "score").data().toString().toUtf8(), inTable("SELECT score::text FROM users WHERE id = 2"));
}

void EndToEndTest::theDockRunsAndRemembers()
{
    trigger(Command::ShowGenerator);
    GeneratorForm &form = generator()->form();
    form.setText(GeneratorField::Rate, u"200 /s"_s);
    Q_EMIT form.rateEntered(u"200"_s);
    form.setText(GeneratorField::Seed, u"42"_s);
    form.setText(GeneratorField::Connections, u"2"_s);
    trigger(Command::StartStop);
    QVERIFY(isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(generatorText("generatorState").startsWith(u"Running for"_s), 20000);
    QVERIFY(generatorText("generatorState").endsWith(u"seed 42"_s));
    QTRY_VERIFY_WITH_TIMEOUT(generator()->charts().history().endS() > 1, 10000);
    trigger(Command::DoubleRate);
    QCOMPARE(form.texts().of(GeneratorField::Rate), u"400 /s"_s);
    const auto target = [this] { return generator()->charts().history().whole().back().of(Figure::Target).high; };
    QTRY_COMPARE_WITH_TIMEOUT(target(), 400.0, 10000);
    trigger(Command::StartStop);
    QTRY_VERIFY_WITH_TIMEOUT(!isRunning(), 20000);
    const QString result = generatorText("generatorResult");
    QVERIFY2(result.endsWith(u"All 3 touched rows are the same in both stores."_s), qPrintable(result));
    const QTemporaryDir folder;
    saveAs(Command::SaveReport, folder.filePath(u"report.json"_s));
    saveAs(Command::SaveProfile, folder.filePath(u"profile.ini"_s));
    saveAs(Command::SaveValues, folder.filePath(u"values.csv"_s));
    saveAs(Command::SavePicture, folder.filePath(u"charts.png"_s));
    const auto saved = loadprofile::read(folder.filePath(u"profile.ini"_s));
    QVERIFY(saved && saved->seed == 42 && saved->rate == 400);
    trigger(Command::ShowGenerator);

    m_controller.reset();
    AppConfig config;
    config.dataDir = {m_servers->dataDir(), u"test"_s};
    openWindow(config);
    QTRY_VERIFY_WITH_TIMEOUT(grid() && grid()->model()->rowCount() == 3, 20000);
    const GeneratorTexts texts = generator()->form().texts();
    QCOMPARE(texts.of(GeneratorField::Rate), u"400 /s"_s);
    QCOMPARE(texts.of(GeneratorField::Seed), u"42"_s);
    QCOMPARE(texts.of(GeneratorField::Connections), u"2"_s);
    QVERIFY(!generator()->isVisible());
}

void EndToEndTest::saveAs(Command command, const QString &fileName) const
{
    trigger(command);
    auto *asks = dialog<QFileDialog>();
    QVERIFY(asks);
    asks->selectFile(fileName);
    static_cast<QDialog *>(asks)->accept();
    QVERIFY2(QFileInfo(fileName).size() > 0, qPrintable(fileName));
    QTRY_VERIFY(!dialog<QFileDialog>());
}

void EndToEndTest::badSettingsDoNotStart()
{
    generator()->form().setText(GeneratorField::Batch, u"many"_s);
    trigger(Command::StartStop);
    QVERIFY(!isRunning());
    QVERIFY(generator()->isVisible()); // where the sentence stands
    QVERIFY(generatorText("generatorBatchFault").contains(u"1 to 500"_s));
    generator()->form().setText(GeneratorField::Batch, u"1"_s);
    generator()->form().setText(GeneratorField::Fields, u"nothing = integer 1..2"_s);
    trigger(Command::StartStop);
    QVERIFY(!isRunning());
    QVERIFY(generatorText("generatorFieldsFault").contains(u"nothing"_s));
    generator()->form().setText(GeneratorField::Fields, {});
    trigger(Command::ShowGenerator);
}

void EndToEndTest::aPausedRunWritesNothing()
{
    Q_EMIT generator()->form().rateEntered(u"200"_s);
    trigger(Command::StartStop);
    const LoadHistory &history = generator()->charts().history();
    const auto done = [&] { return history.isEmpty() ? -1 : history.whole().back().of(Figure::Done).high; };
    QTRY_VERIFY_WITH_TIMEOUT(done() > 0, 20000);
    trigger(Command::PauseRun);
    QTRY_VERIFY_WITH_TIMEOUT(done() == 0, 20000);
    const QByteArray before = inTable("SELECT sum(version)::text FROM users");
    const double since = history.endS();
    QTRY_VERIFY_WITH_TIMEOUT(history.endS() > since + 0.5, 10000);
    QCOMPARE(inTable("SELECT sum(version)::text FROM users"), before);
    trigger(Command::PauseRun);
    QTRY_VERIFY_WITH_TIMEOUT(done() > 0, 20000);
    trigger(Command::StartStop);
    QTRY_VERIFY_WITH_TIMEOUT(!isRunning(), 20000);
}

void EndToEndTest::theWindowAnswersAtFullLoad()
{
#ifdef __SANITIZE_ADDRESS__
    constexpr double most = 300; // everything is slower by this
#else
    constexpr double most = 100;
#endif
    const auto clean = qScopeGuard(
        [this] { m_servers->execute(m_servers->conninfo(), u"DELETE FROM users WHERE username ~ '^load'"_s); });
    QVERIFY(m_servers->execute(m_servers->conninfo(), uR"(INSERT INTO users(username,email,password_hash)
 SELECT 'load' || n, 'load' || n, 'x' FROM generate_series(1, 20000) n)"_s));
    delete grid()->findChild<QAbstractItemModelTester *>(); // it walks through all rows with each change
    trigger(Command::Refresh);
    QTRY_COMPARE_WITH_TIMEOUT(grid()->model()->rowCount(), 20003, 20000);
    m_controller->window().resize(1600, 1000);
    trigger(Command::ShowGenerator);
    GeneratorForm &form = generator()->form();
    form.setText(GeneratorField::Batch, u"500"_s);
    form.setText(GeneratorField::Connections, u"2"_s);
    Q_EMIT form.rateEntered(u"unlimited"_s);
    Heartbeat heartbeat;
    heartbeat.start();
    trigger(Command::StartStop);
    const LoadHistory &history = generator()->charts().history();
    QTRY_VERIFY_WITH_TIMEOUT(history.endS() > 2, 30000);
    typeInto(cell("1", "first_name"), u"Loaded"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!activityOf(u"users:1"_s).isEmpty(), 10000); // whatever the answer is
    grid()->verticalScrollBar()->setValue(grid()->verticalScrollBar()->maximum() / 2);
    QTRY_VERIFY_WITH_TIMEOUT(history.endS() > 6, 30000);
    trigger(Command::StartStop);
    QTRY_VERIFY_WITH_TIMEOUT(!isRunning(), 60000);
    heartbeat.stop();
    const std::array done{Figure::Done};
    qInfo("at up to %.0f writes/s the largest gap was %.0f ms, %.0f ms of it not for want of a core",
          chartseries::extremesOf(history.whole(), done).high, heartbeat.longestMs(), heartbeat.longestOwnMs());
    QVERIFY2(heartbeat.longestOwnMs() < most, qPrintable(QString::number(heartbeat.longestOwnMs())));
    const QString result = generatorText("generatorResult");
    QVERIFY2(result.contains(u"are the same in both stores"_s), qPrintable(result));
    form.setTexts(generatortexts::textsOf(generatortexts::firstSettings()));
    Q_EMIT form.rateEntered(u"10"_s);
    trigger(Command::ShowGenerator);
}

void EndToEndTest::aStoppedPostgresFreezesNothing()
{
    qint64 longest = 0;
    QElapsedTimer last;
    QTimer heartbeat;
    heartbeat.setInterval(5);
    connect(&heartbeat, &QTimer::timeout, this, [&] {
        if (last.isValid())
            longest = std::max(longest, last.elapsed());
        last.start();
    });
    typeInto(cell("1", "score"), u"776"_s); // the edits thread is connected now
    QTRY_COMPARE(inCache("users:1", "score"), "776");
    m_servers->pausePostgres();
    const auto resume = qScopeGuard([this] { m_servers->resumePostgres(); });
    typeInto(cell("1", "score"), u"777"_s);
    heartbeat.start();
    QTRY_COMPARE(stateOf(cell("1", "score")), int(CellState::Pending));
    trigger(Command::Refresh);
    trigger(Command::CancelWork);
    // In flight when it was cancelled: nobody can know, and it is not called failed.
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(cell("1", "score")), int(CellState::Unknown), 5000);
    heartbeat.stop();
    QVERIFY2(longest < 400, qPrintable(QString::number(longest)));
    QCOMPARE(cell("1", "score").data().toString(), u"777"_s);
    trigger(Command::RevertCell);
}

void EndToEndTest::aStoppedRedisIsCachePending()
{
    m_servers->pauseRedis();
    const auto resume = qScopeGuard([this] { m_servers->resumeRedis(); });
    typeInto(cell("2", "first_name"), u"Bela"_s);
    QTRY_COMPARE_WITH_TIMEOUT(stateOf(cell("2", "first_name")), int(CellState::CachePending), 15000);
    QCOMPARE(inTable("SELECT first_name FROM users WHERE id = 2"), "Bela");
    // It turns to saved by itself, in both stores.
    m_servers->resumeRedis();
    QTRY_VERIFY_WITH_TIMEOUT(stateOf(cell("2", "first_name")) != int(CellState::CachePending), 30000);
    QTRY_COMPARE_WITH_TIMEOUT(inCache("users:2", "first"), inTable("SELECT first_name FROM users WHERE id = 2"), 10000);
}

void EndToEndTest::submitForm(const QString &username)
{
    trigger(Command::AddRow);
    const auto lines = dialog<RowDialog>()->findChildren<QLineEdit *>();
    QTest::keyClicks(lines.at(0), username);
    QTest::keyClicks(lines.at(1), username + u"@example.org"_s);
    QTest::keyClicks(lines.at(2), u"x"_s);
    QTest::keyClick(lines.at(2), Qt::Key_Return);
}

void EndToEndTest::anUnknownInsertIsNotSentTwice_data()
{
    QTest::addColumn<bool>("waits");
    QTest::newRow("the form waits") << true;
    QTest::newRow("the form is closed") << false;
}

void EndToEndTest::anUnknownInsertIsNotSentTwice()
{
    QFETCH(const bool, waits);
    const auto clean = qScopeGuard(
        [this] { m_servers->execute(m_servers->conninfo(), u"DELETE FROM users WHERE username = 'carla'"_s); });
    grid()->setCurrentIndex(cell("2", "score"));
    PgConnection locker({m_servers->conninfo(), u"locker"_s}, nullptr);
    QVERIFY(locker.open());
    // Nobody can add a row of this name before it is known whether this one stays.
    QVERIFY(locker.runScript("BEGIN; INSERT INTO users(username,email,password_hash) VALUES('carla','c','x')",
                             Clock::now() + 10s));
    submitForm(u"carla"_s);
    QTRY_COMPARE(inTable("SELECT count(*)::text FROM pg_stat_activity WHERE wait_event_type = 'Lock'"), "1");
    trigger(Command::CancelWork); // in flight: nobody can know
    const QPointer<RowDialog> form = dialog<RowDialog>();
    QTRY_VERIFY(form->findChild<Paragraph *>(u"sentence"_s)->isVisible());
    auto *add = form->findChild<QPushButton *>(u"add"_s);
    QVERIFY2(form->isVisible() && !add->isEnabled(), qPrintable(receipt()));
    add->click();
    QTest::keyClick(form.data(), Qt::Key_Return);
    if (!waits)
        form->reject();
    QVERIFY(receipt().startsWith(u"Outcome unknown"_s));
    QVERIFY(locker.runScript("ROLLBACK", Clock::now() + 10s));
    QTRY_VERIFY_WITH_TIMEOUT(receipt().startsWith(u"Added to both stores"_s), 20000);
    QTRY_VERIFY(!form);
    QCOMPARE(inTable("SELECT count(*)::text FROM users WHERE username = 'carla'"), "1");
    QTRY_COMPARE(grid()->model()->rowCount(), 4);
    QCOMPARE(grid()->currentKey(), RowKey{"2"});
}

void EndToEndTest::aLateInsertLeavesTheCursorAlone()
{
    const auto clean = qScopeGuard(
        [this] { m_servers->execute(m_servers->conninfo(), u"DELETE FROM users WHERE username = 'dora'"_s); });
    m_servers->pauseRedis();
    const auto resume = qScopeGuard([this] { m_servers->resumeRedis(); });
    submitForm(u"dora"_s);
    QTRY_VERIFY_WITH_TIMEOUT(receipt().startsWith(u"Saved in PostgreSQL"_s), 20000);
    QTRY_COMPARE(grid()->currentKey(), RowKey{inTable("SELECT id::text FROM users WHERE username = 'dora'")});
    grid()->setCurrentIndex(cell("1", "score"));
    m_servers->resumeRedis();
    QTRY_VERIFY_WITH_TIMEOUT(receipt().startsWith(u"Added to both stores"_s), 30000);
    QCOMPARE(grid()->currentKey(), RowKey{"1"});
    QCOMPARE(grid()->model()->rowCount(), 4);
}

void EndToEndTest::foreignSqlReachesTheCache()
{
    QTRY_COMPARE_WITH_TIMEOUT(m_servers->redis({"EXISTS", "users:1"}).value(0), "1", 10000);
    QVERIFY(m_servers->execute(m_servers->conninfo(), u"UPDATE users SET score = 31415 WHERE id = 1"_s));
    QTRY_COMPARE_WITH_TIMEOUT(inCache("users:1", "score"), "31415", 10000);
}

QString EndToEndTest::activityOf(const QString &row) const
{
    const ActivityModel &model = activity()->model();
    for (int i = 0; i < model.rowCount(); ++i) {
        const QStringList cells = model.textOf(i).split(u'\t');
        if (cells.value(ActivityModel::RowColumn) == row)
            return QStringList{cells.value(1), cells.value(3), cells.value(4), cells.value(5)}.join(u'|');
    }
    return {};
}

void EndToEndTest::foreignSqlReachesTheGrid()
{
    grid()->setCurrentIndex(cell("1", "score"));
    QTRY_COMPARE_WITH_TIMEOUT(m_servers->redis({"EXISTS", "users:3"}).value(0), "1", 10000);
    QVERIFY(m_servers->execute(m_servers->conninfo(), u"UPDATE users SET score = 27182 WHERE id = 3"_s));
    QTRY_COMPARE_WITH_TIMEOUT(cell("3", "score").data().toString(), u"27182"_s, 5000);
    QCOMPARE(grid()->currentKey(), RowKey{"1"});
}

void EndToEndTest::aTableThatHasGrownIsIndexedAgain()
{
    const auto clean = qScopeGuard(
        [this] { m_servers->execute(m_servers->conninfo(), u"DELETE FROM users WHERE username ~ '^many'"_s); });
    grid()->setCurrentIndex(cell("2", "score"));
    QVERIFY(m_servers->execute(m_servers->conninfo(), uR"(INSERT INTO users(username,email,password_hash)
 SELECT 'many' || n, 'many' || n, 'x' FROM generate_series(1, 3000) n)"_s));
    QTRY_COMPARE_WITH_TIMEOUT(grid()->model()->rowCount(), 3003, 20000);
    QCOMPARE(grid()->currentKey(), RowKey{"2"});
    QVERIFY(qobject_cast<RowsModel *>(grid()->model())->loadedRows() < 1000);
}

void EndToEndTest::stagedWritesAreCarriedOutAndListed()
{
    // The window serves from the moment it says so; the row under the cursor would be read again anyway.
    grid()->setCurrentIndex(cell("1", "score"));
    QTest::keyClick(grid(), Qt::Key_F2);
    auto *editor = grid()->viewport()->findChild<QLineEdit *>();
    QVERIFY(editor);
    editor->setText(u"123"_s);
    m_servers->redis({"HSET", "__{users:2}", "score", "1234321"});
    QTRY_COMPARE_WITH_TIMEOUT(inTable("SELECT score::text FROM users WHERE id = 2"), "1234321", 10000);
    QTRY_COMPARE_WITH_TIMEOUT(cell("2", "score").data().toString(), u"1234321"_s, 2000);
    QTRY_COMPARE_WITH_TIMEOUT(activityOf(u"users:2"_s), u"Redis client|write|done|"_s, 2000);
    QVERIFY(editor->isVisible());
    QCOMPARE(editor->text(), u"123"_s);
    QTest::keyClick(editor, Qt::Key_Escape);

    auto *warning = m_controller->window().findChild<QToolButton *>(u"stagedFailures"_s);
    QVERIFY(!warning->isVisible());
    m_servers->redis({"HSET", "__{users:3}", "score", "many"});
    QTRY_VERIFY_WITH_TIMEOUT(warning->isVisible(), 2000);
    QCOMPARE(warning->text(), u"1 staged write failed"_s);
    QVERIFY(activityOf(u"users:3"_s).startsWith(u"Redis client|write|failed|score does not take this value"_s));
    QCOMPARE(grid()->currentKey(), RowKey{"1"});
    warning->click();
    QVERIFY(activity()->isVisible() && activity()->model().onlyFailures());
    QVERIFY(!warning->isVisible());
    QVERIFY(activityOf(u"users:3"_s).contains(u"|failed|"_s));
    QTest::keyClick(&activity()->table(), Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClick(&activity()->table(), Qt::Key_Return);
    QCOMPARE(grid()->currentKey(), RowKey{"3"});
    activity()->setOnlyFailures(false);
    trigger(Command::ShowActivity);
}

void EndToEndTest::aVerdictOfAnotherProgramIsListed()
{
    QVERIFY(m_servers->execute(m_servers->conninfo(), uR"(INSERT INTO wt_staged(op_id,tbl,id,ack,what,status,err)
 VALUES(gen_random_uuid(),'users','77','','=','failed','key: There is no such row.'))"_s));
    QVERIFY(activityOf(u"users:77"_s).isEmpty());
    trigger(Command::ShowActivity);
    QTRY_COMPARE_WITH_TIMEOUT(activityOf(u"users:77"_s),
                              u"Redis client, by another gateway|write|failed|There is no such row."_s, 10000);
    // Its row does not exist: the grid stays where it is, and says so.
    const auto current = grid()->currentKey();
    QTest::keyClick(&activity()->table(), Qt::Key_Home, Qt::ControlModifier);
    QTest::keyClick(&activity()->table(), Qt::Key_Return);
    QCOMPARE(grid()->currentKey(), current);
    trigger(Command::ShowActivity);
    QVERIFY(!activity()->isVisible());
}

void EndToEndTest::ownEditsAreListed()
{
    typeInto(cell("1", "score"), u"4712"_s);
    QTRY_COMPARE(activityOf(u"users:1"_s), u"This window|write|done|"_s);
    typeInto(cell("1", "username"), u"beltrano"_s);
    QTRY_VERIFY(activityOf(u"users:1"_s).startsWith(u"This window|write|failed|"_s));
    grid()->setCurrentIndex(cell("1", "username"));
    trigger(Command::RevertCell);
}

void EndToEndTest::anUnpreparedTableIsAskedAbout()
{
    m_controller.reset();
    const QString conninfo = m_servers->freshDatabase();
    QVERIFY(m_servers->execute(conninfo, uR"(CREATE TABLE users(id serial PRIMARY KEY, username text, email text,
 password_hash text, first_name text, last_name text, date_of_birth date, score int, created_at timestamp, updated_at timestamp);
 INSERT INTO users(username) VALUES ('ana'))"_s));
    AppConfig config;
    config.conninfo = {conninfo, u"test"_s};
    config.redisUrl = {m_servers->redisUrl(), u"test"_s};
    const auto url = RedisUrl::parse(m_servers->redisUrl());
    QVERIFY(url.has_value());
    config.redis = *url;
    openWindow(config);
    QTRY_VERIFY_WITH_TIMEOUT(dialog<PrepareDialog>(), 20000);
    QCOMPARE(m_servers->scalar(conninfo, u"SELECT count(*)::text FROM pg_class WHERE relname LIKE 'wt_%'"_s), "0");
    dialog<PrepareDialog>()->accept();
    QTRY_VERIFY_WITH_TIMEOUT(grid() && grid()->model()->rowCount() == 1, 20000);
    QTRY_COMPARE(cell("1", "username").data().toString(), u"ana"_s);
}

QTEST_MAIN(EndToEndTest)
#include "tst_endtoend.moc"
