// SPDX-License-Identifier: GPL-3.0-or-later
#include "samples.h"

#include "ui/delegates/celldelegate.h"
#include "ui/delegates/gridlook.h"
#include "ui/mainactions.h"
#include "ui/maintoolbar.h"
#include "ui/mainwindow.h"
#include "ui/models/activitymodel.h"
#include "ui/panes/activitypane.h"
#include "ui/panes/activitytable.h"
#include "ui/panes/columnwidths.h"
#include "ui/panes/generatorform.h"
#include "ui/panes/generatorpane.h"
#include "ui/panes/receiptpane.h"
#include "ui/panes/statusline.h"
#include "ui/panes/storepanes.h"
#include "ui/panes/tablebar.h"
#include "ui/widgets/environmentband.h"
#include "ui/widgets/statepage.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

struct Bench
{
    Bench()
        : model(samples::gridModel(mapping))
        , window({grid, bar, panes, receipt, generator, activity, status, band, page})
    {
        giveGridLook(*grid, mapping, delegate);
        grid->setModel(model.get());
        bar->setTable(mapping.table);
        bar->setCount(60, 60, {});
        panes->setMapping(mapping);
        panes->showPair(samples::differingPair(mapping));
        status->setEnvironment(Environment::Development);
        status->setTimeZone(u"UTC"_s);
        StoreStates states;
        states.postgres = {StoreHealth::State::Connected, u"15.8"_s, 0.4, std::nullopt, 0};
        states.redis = {StoreHealth::State::Connected, u"7.0.15"_s, 0.1, std::nullopt, 0};
        status->setStates(states);
        window.setConnection(mapping.table, u"Sandbox"_s, Environment::Development);
        window.showTable();
    }

    void show(int width, int height)
    {
        window.resize(width, height);
        window.show();
        window.activateWindow();
        QApplication::processEvents();
        const std::vector<int> widths = ColumnWidths(mapping, grid->fontMetrics()).filling(grid->viewport()->width());
        for (size_t i = 0; i < widths.size(); ++i)
            grid->setColumnWidth(int(i), widths[i]);
        QApplication::processEvents();
    }

    Mapping mapping = samples::usersMapping();
    std::unique_ptr<QStandardItemModel> model;
    CellDelegate delegate;
    QTableView *grid = new QTableView;
    TableBar *bar = new TableBar;
    StorePanes *panes = new StorePanes;
    ReceiptPane *receipt = new ReceiptPane;
    GeneratorPane *generator = new GeneratorPane;
    ActivityPane *activity = new ActivityPane;
    StatusLine *status = new StatusLine;
    EnvironmentBand *band = new EnvironmentBand;
    StatePage *page = new StatePage;
    MainWindow window;
};

std::vector<ActivityLine> someActivity(int count)
{
    std::vector<ActivityLine> lines;
    for (int i = 0; i < count; ++i) {
        ActivityLine line;
        line.id = OpId::create();
        line.at = QDateTime::currentDateTimeUtc();
        line.origin = static_cast<ActivityOrigin>(i % 3);
        line.label = "users";
        line.key = {QByteArray::number(i)};
        line.work = static_cast<ActivityWork>(i % 5);
        line.result = i % 4 == 1 ? CellState::Failed : i % 7 == 3 ? CellState::Conflict : CellState::Saved;
        if (line.isFailure())
            line.reason = u"score does not take this value: its type is integer."_s;
        if (line.origin != ActivityOrigin::Gateway)
            line.took = std::chrono::microseconds(900 + 370 * i);
        lines.push_back(line);
    }
    return lines;
}

void save(QWidget &widget, const QString &name)
{
    const QString directory = qEnvironmentVariable("THROUGHLINE_SHOTS");
    QApplication::processEvents();
    if (!directory.isEmpty())
        QVERIFY(widget.grab().save(directory + u'/' + name + u".png"_s));
}

} // namespace

class WindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyActionHasNameIconTipAndItsOwnShortcut();
    void menuMnemonicsDiffer();
    void nothingFallsIntoAnOverflowMenu_data();
    void nothingFallsIntoAnOverflowMenu();
    void labelsGoWhenRoomIsShort();
    void paneKeysGoRound();
    void theToolbarSaysWhichRateIsWanted();
    void searchWaitsForThePen();
    void productionIsInTheTitleAndStopsTheGenerator();
    void closingAsksTheOwner();
    void lowWindowShowsFiveFields();
    void popupsAreInThePalette();
    void theActivityOpensAndCloses();
    void theActivityIsRemembered();
    void theActivityLeavesRowsToTheGrid_data();
    void theActivityLeavesRowsToTheGrid();
    void linesAreCopied();
    void theActivityStaysWhereItWasScrolledTo();
    void theGeneratorOpensAndCloses();
    void theDocksShareTheWindow_data();
    void theDocksShareTheWindow();
    void theGeneratorIsWiderInAWideWindow();
    void theGeneratorFloatsInANarrowWindow();
    void theGeneratorLeavesRowsToTheGrid_data();
    void theGeneratorLeavesRowsToTheGrid();

private:
    std::unique_ptr<Theme> m_theme;
};

void WindowTest::initTestCase()
{
    m_theme = std::make_unique<Theme>(*qApp);
}

void WindowTest::everyActionHasNameIconTipAndItsOwnShortcut()
{
    QWidget window;
    const MainActions actions(&window);
    QSet<QString> names;
    QHash<QKeySequence, QString> taken;
    for (const QAction *action : window.actions()) {
        const QByteArray name = action->objectName().toUtf8();
        QVERIFY(!name.isEmpty() && !names.contains(action->objectName()));
        names.insert(action->objectName());
        QVERIFY2(!action->statusTip().isEmpty(), name.constData());
        const QImage picture = action->icon().pixmap(QSize(20, 20), 1.0).toImage();
        QImage blank = picture;
        blank.fill(Qt::transparent);
        QVERIFY2(picture != blank, name.constData());
        for (const QKeySequence &shortcut : action->shortcuts()) {
            QVERIFY2(!taken.contains(shortcut), name.constData());
            taken.insert(shortcut, action->objectName());
            QVERIFY2(!shortcut.toString().contains("F10"_L1), name.constData());
        }
    }
}

void WindowTest::menuMnemonicsDiffer()
{
    QMenuBar bar;
    QWidget window;
    MainActions(&window).fillMenus(bar);
    for (const QAction *top : bar.actions()) {
        QSet<QChar> letters;
        for (const QAction *action : top->menu()->actions()) {
            if (action->isSeparator())
                continue;
            const QChar letter = action->text().at(action->text().indexOf(u'&') + 1).toLower();
            QVERIFY2(!letters.contains(letter), qPrintable(action->text()));
            letters.insert(letter);
        }
    }
}

void WindowTest::nothingFallsIntoAnOverflowMenu_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<Look>("look");
    for (const int width : {900, 1024, 1280, 1920}) {
        QTest::addRow("%d light", width) << width << Look::Light;
        QTest::addRow("%d dark", width) << width << Look::Dark;
    }
}

void WindowTest::nothingFallsIntoAnOverflowMenu()
{
    QFETCH(int, width);
    QFETCH(Look, look);
    m_theme->setLook(look);
    Bench bench;
    bench.grid->setCurrentIndex(bench.model->index(1, 7));
    bench.show(width, 800);
    QCOMPARE(bench.window.width(), width);
    MainToolBar &bar = bench.window.toolBar();
    for (QWidget *widget : bar.findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly)) {
        if (widget->isVisible())
            QVERIFY2(bar.rect().contains(widget->geometry()), widget->metaObject()->className());
    }
    save(bench.window, u"window-%1-%2"_s.arg(width).arg(look == Look::Dark ? u"dark"_s : u"light"_s));
}

void WindowTest::labelsGoWhenRoomIsShort()
{
    Bench bench;
    bench.window.setConnection(bench.mapping.table, u"a-rather-long-database-name at db1.example.net"_s,
                               Environment::Development);
    const auto addButton = [&bench] {
        MainToolBar &bar = bench.window.toolBar();
        return qobject_cast<QToolButton *>(bar.widgetForAction(bench.window.actions().action(Command::AddRow)));
    };
    bench.show(1280, 800);
    QCOMPARE(addButton()->toolButtonStyle(), Qt::ToolButtonTextBesideIcon);
    bench.window.toolBar().fitInto(500);
    QCOMPARE(addButton()->toolButtonStyle(), Qt::ToolButtonIconOnly);
}

void WindowTest::paneKeysGoRound()
{
    Bench bench;
    bench.show(1280, 800);
    bench.grid->setFocus();
    QAction *next = bench.window.actions().action(Command::NextPane);
    next->trigger();
    QVERIFY(bench.window.focusWidget() == bench.panes->databasePane());
    next->trigger();
    QVERIFY(bench.window.focusWidget() == bench.panes->cachePane());
    save(bench.window, u"window-focus"_s);
    next->trigger();
    QVERIFY(bench.window.focusWidget() == bench.window.toolBar().searchField());
    bench.window.actions().action(Command::PreviousPane)->trigger();
    QVERIFY(bench.window.focusWidget() == bench.panes->cachePane());
}

void WindowTest::theToolbarSaysWhichRateIsWanted()
{
    Bench bench;
    bench.show(1280, 800);
    MainToolBar &bar = bench.window.toolBar();
    const QSignalSpy entered(&bar, &MainToolBar::rateEntered);
    connect(&bar, &MainToolBar::rateEntered, &bar, &MainToolBar::setRateText);
    bar.setRateText(u"200 /s"_s);
    QCOMPARE(entered.count(), 0);
    bar.focusRate();
    auto *rate = bench.window.toolBar().findChild<QComboBox *>();
    QTest::keyClicks(rate->lineEdit(), u"25"_s);
    QTest::keyClick(rate->lineEdit(), Qt::Key_Return);
    QCOMPARE(entered.count(), 1);
    QCOMPARE(entered.first().first().toString(), u"25"_s);
}

void WindowTest::searchWaitsForThePen()
{
    Bench bench;
    bench.show(1280, 800);
    MainToolBar &bar = bench.window.toolBar();
    QSignalSpy changed(&bar, &MainToolBar::searchChanged);
    bar.focusSearch();
    QTest::keyClicks(bar.searchField(), u"oliv"_s);
    QCOMPARE(changed.count(), 0);
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(changed.first().first().toString(), u"oliv"_s);
    QTest::keyClick(bar.searchField(), Qt::Key_Return);
    QVERIFY(bench.window.focusWidget() == bench.grid);
}

void WindowTest::productionIsInTheTitleAndStopsTheGenerator()
{
    Bench bench;
    bench.window.setConnection(u"users"_s, u"shop at db1.example.net"_s, Environment::Production);
    QCOMPARE(bench.window.windowTitle(), u"users - shop at db1.example.net [PRODUCTION] - Throughline"_s);
    QVERIFY(!bench.window.actions().action(Command::StartStop)->isEnabled());
    const QString refusal = u"The generator is off in production."_s;
    const auto *start = bench.generator->findChild<QPushButton *>(u"generatorStart"_s);
    QVERIFY(!start->isEnabled());
    QCOMPARE(start->toolTip(), refusal);
    QCOMPARE(bench.generator->findChild<QLabel *>(u"generatorState"_s)->text(), refusal);
}

void WindowTest::closingAsksTheOwner()
{
    Bench bench;
    bench.show(1280, 800);
    QSignalSpy asked(&bench.window, &MainWindow::closeRequested);
    QVERIFY(!bench.window.close());
    QCOMPARE(asked.count(), 1);
    bench.window.allowClosing();
    QVERIFY(bench.window.close());
}

void WindowTest::lowWindowShowsFiveFields()
{
    Bench bench;
    bench.show(1280, 600);
    QCOMPARE(bench.window.height(), 600);
    const int five = bench.panes->height();
    save(bench.window, u"window-low"_s);
    bench.show(1280, 800);
    QVERIFY(bench.panes->height() > five);
    QCOMPARE(bench.panes->height(), bench.panes->sizeHint().height());
}

void WindowTest::popupsAreInThePalette()
{
    Bench bench;
    for (const Look look : {Look::Light, Look::Dark}) {
        m_theme->setLook(look);
        bench.show(1280, 800);
        const QString tag = look == Look::Dark ? u"dark"_s : u"light"_s;
        QMenu *menu = bench.window.menuBar()->actions().at(3)->menu();
        menu->popup(QPoint(100, 100));
        menu->setActiveAction(menu->actions().at(1));
        save(*menu, u"menu-"_s + tag);
        menu->close();
        auto *rate = bench.window.findChild<QComboBox *>();
        rate->showPopup();
        save(*rate->view()->window(), u"popup-"_s + tag);
        QCOMPARE(coloursFor(rate->view()->palette()).dark, look == Look::Dark);
        rate->hidePopup();
    }
}

void WindowTest::theActivityOpensAndCloses()
{
    Bench bench;
    bench.show(1280, 800);
    QAction *action = bench.window.actions().action(Command::ShowActivity);
    QCOMPARE(action->shortcut(), QKeySequence(u"Alt+5"_s));
    QVERIFY(!bench.activity->isVisible() && !action->isChecked());
    action->trigger();
    QVERIFY(bench.activity->isVisible() && action->isChecked());
    QVERIFY(bench.window.focusWidget() == &bench.activity->table());
    bench.window.actions().action(Command::NextPane)->trigger();
    QVERIFY(bench.window.focusWidget() == bench.window.toolBar().searchField());
    bench.window.actions().action(Command::PreviousPane)->trigger();
    QVERIFY(bench.window.focusWidget() == &bench.activity->table());
    QTest::keyClick(&bench.activity->table(), Qt::Key_Escape);
    QVERIFY(bench.window.focusWidget() == bench.grid);
    bench.window.findChild<QToolButton *>(u"activityClose"_s)->click();
    QVERIFY(!bench.activity->isVisible() && !action->isChecked());
}

void WindowTest::theActivityIsRemembered()
{
    QByteArray docks;
    {
        Bench bench;
        bench.show(1280, 800);
        bench.window.showActivity();
        docks = bench.window.saveDocks();
    }
    Bench bench;
    bench.window.restoreDocks(docks);
    bench.show(1280, 800);
    QVERIFY(bench.activity->isVisible());
    QVERIFY(bench.window.actions().action(Command::ShowActivity)->isChecked());
}

void WindowTest::theActivityLeavesRowsToTheGrid_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("rows");
    QTest::addColumn<Look>("look");
    QTest::addRow("usual, light") << QSize(1280, 800) << 6 << Look::Light;
    QTest::addRow("usual, dark") << QSize(1280, 800) << 6 << Look::Dark;
    QTest::addRow("small, light") << QSize(1024, 700) << 6 << Look::Light;
    QTest::addRow("smallest, dark") << QSize(900, 560) << 3 << Look::Dark;
}

void WindowTest::theActivityLeavesRowsToTheGrid()
{
    QFETCH(const QSize, size);
    QFETCH(const int, rows);
    QFETCH(const Look, look);
    m_theme->setLook(look);
    Bench bench;
    bench.show(size.width(), size.height());
    bench.activity->model().add(someActivity(40));
    bench.window.showActivity();
    QApplication::processEvents();
    bench.activity->table().selectRow(1);
    QCOMPARE(bench.window.size(), size);
    save(bench.window, u"activity-%1-%2"_s.arg(size.width()).arg(look == Look::Dark ? u"dark"_s : u"light"_s));
    QVERIFY2(bench.grid->viewport()->height() >= rows * bench.grid->rowHeight(0),
             qPrintable(QString::number(bench.grid->viewport()->height())));
    QVERIFY(bench.activity->table().viewport()->height() >= 2 * bench.activity->table().rowHeight(0));
}

void WindowTest::linesAreCopied()
{
    Bench bench;
    bench.show(1280, 800);
    bench.activity->model().add(someActivity(5));
    bench.window.showActivity();
    ActivityTable &table = bench.activity->table();
    const auto pasted = [] { return QApplication::clipboard()->text().split(u'\n'); };
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(pasted().size(), 5);
    table.selectRow(2);
    QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(pasted(), QStringList{bench.activity->model().textOf(2)});
    QCOMPARE(pasted().first().count(u'\t'), 6);
    const QSignalSpy chosen(&table, &ActivityTable::lineChosen);
    QTest::keyClick(&table, Qt::Key_Return);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen.first().first().toInt(), 2);
}

void WindowTest::theActivityStaysWhereItWasScrolledTo()
{
    Bench bench;
    bench.show(1280, 800);
    bench.activity->model().add(someActivity(100));
    bench.window.showActivity();
    QApplication::processEvents();
    ActivityTable &table = bench.activity->table();
    const auto topKey = [&] { return bench.activity->model().line(table.rowAt(0)).key; };
    bench.activity->model().add(someActivity(10));
    QCOMPARE(table.rowAt(0), 0); // still at the newest
    table.verticalScrollBar()->setValue(40);
    const RowKey top = topKey();
    bench.activity->model().add(someActivity(10));
    QCOMPARE(topKey(), top);
    QCOMPARE(table.rowAt(0), 50);
}

void WindowTest::theGeneratorOpensAndCloses()
{
    Bench bench;
    bench.show(1280, 800);
    QAction *action = bench.window.actions().action(Command::ShowGenerator);
    QCOMPARE(action->shortcut(), QKeySequence(u"Alt+4"_s));
    QVERIFY(!bench.generator->isVisible() && !action->isChecked());
    action->trigger();
    QVERIFY(bench.generator->isVisible() && action->isChecked());
    QVERIFY(bench.generator->isAncestorOf(bench.window.focusWidget()));
    bench.window.actions().action(Command::NextPane)->trigger();
    QVERIFY(bench.window.focusWidget() == bench.window.toolBar().searchField());
    bench.window.actions().action(Command::PreviousPane)->trigger();
    QVERIFY(bench.generator->isAncestorOf(bench.window.focusWidget()));
    bench.generator->window()->findChild<QToolButton *>(u"generatorClose"_s)->click();
    QVERIFY(!bench.generator->isVisible() && !action->isChecked());
    QVERIFY(bench.window.focusWidget() == bench.grid);
}

void WindowTest::theDocksShareTheWindow_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("both");
    QTest::addRow("1920") << 1920 << true;
    QTest::addRow("1440") << 1440 << true;
    QTest::addRow("1439") << 1439 << false;
    QTest::addRow("1024") << 1024 << false;
}

void WindowTest::theDocksShareTheWindow()
{
    QFETCH(const int, width);
    QFETCH(const bool, both);
    Bench bench;
    bench.show(width, 900);
    bench.window.showActivity();
    bench.window.showGenerator();
    QVERIFY(bench.generator->isVisible());
    QCOMPARE(bench.activity->isVisible(), both);
    bench.window.showActivity();
    QVERIFY(bench.activity->isVisible());
    QCOMPARE(bench.generator->isVisible(), both);
    QCOMPARE(bench.window.actions().action(Command::ShowGenerator)->isChecked(), both);
    if (!both)
        return;
    bench.show(1300, 900); // what was asked for last stays
    QVERIFY(bench.generator->isVisible() != bench.activity->isVisible());
}

void WindowTest::theGeneratorIsWiderInAWideWindow()
{
    Bench bench;
    bench.show(1280, 800);
    bench.window.showGenerator();
    QApplication::processEvents();
    QCOMPARE(bench.generator->width(), 372);
    bench.show(1920, 1000);
    QCOMPARE(bench.generator->width(), 460);
    bench.show(1500, 1000);
    QCOMPARE(bench.generator->width(), 372);
}

void WindowTest::theGeneratorFloatsInANarrowWindow()
{
    Bench bench;
    bench.show(960, 700);
    bench.window.showGenerator();
    QApplication::processEvents();
    QVERIFY(bench.generator->isVisible());
    QVERIFY(bench.generator->window() != &bench.window);
    QVERIFY(bench.grid->width() > 900);
    bench.show(1280, 800);
    QVERIFY(bench.generator->isVisible());
    QVERIFY(bench.generator->window() == &bench.window);
}

void WindowTest::theGeneratorLeavesRowsToTheGrid_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<Look>("look");
    for (const QSize size : {QSize(1920, 1080), QSize(1280, 800), QSize(1024, 700)}) {
        QTest::addRow("%d light", size.width()) << size << Look::Light;
        QTest::addRow("%d dark", size.width()) << size << Look::Dark;
    }
}

void WindowTest::theGeneratorLeavesRowsToTheGrid()
{
    QFETCH(const QSize, size);
    QFETCH(const Look, look);
    m_theme->setLook(look);
    Bench bench;
    bench.show(size.width(), size.height());
    bench.generator->form().setTexts(generatortexts::textsOf(generatortexts::firstSettings()));
    bench.window.showGenerator();
    QApplication::processEvents();
    QCOMPARE(bench.window.size(), size);
    QVERIFY(bench.grid->viewport()->height() >= 6 * bench.grid->rowHeight(0));
    QVERIFY(bench.grid->width() >= 640);
    save(bench.window, u"generator-%1-%2"_s.arg(size.width()).arg(look == Look::Dark ? u"dark"_s : u"light"_s));
}

QTEST_MAIN(WindowTest)
#include "tst_window.moc"
