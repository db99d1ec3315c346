// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the window's parts with sample values, checks the facts of their layout, and, when THROUGHLINE_SHOTS names a
// directory, saves pictures of them for the eye.
#include "samples.h"

#include "ui/charts/chartspane.h"
#include "ui/delegates/celldelegate.h"
#include "ui/delegates/gridlook.h"
#include "ui/dialogs/conflictdialog.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/preparedialog.h"
#include "ui/dialogs/rowdialog.h"
#include "ui/models/generatorwords.h"
#include "ui/models/rowroles.h"
#include "ui/panes/columnwidths.h"
#include "ui/panes/firststeps.h"
#include "ui/panes/generatorform.h"
#include "ui/panes/generatorpane.h"
#include "ui/panes/receiptpane.h"
#include "ui/panes/statusline.h"
#include "ui/panes/storepane.h"
#include "ui/panes/storepanes.h"
#include "ui/panes/tablebar.h"
#include "ui/theme.h"
#include "ui/widgets/cellnote.h"
#include "ui/widgets/environmentband.h"
#include "ui/widgets/paragraph.h"
#include "ui/widgets/statepage.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QDir>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSplitter>
#include <QTableView>
#include <QTest>
#include <QVBoxLayout>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

using std::chrono_literals::operator""us;

StoreStates healthyStates()
{
    StoreStates states;
    states.postgres = {StoreHealth::State::Connected, u"15.8"_s, 0.4, std::nullopt, 0};
    states.redis = {StoreHealth::State::Connected, u"7.0.15"_s, 0.1, std::nullopt, 0};
    return states;
}

Outcome outcomeOf(Verdict verdict)
{
    Outcome outcome;
    outcome.verdict = verdict;
    outcome.timings = {300us, 1900us, 400us};
    if (verdict == Verdict::Conflict)
        outcome.row = Row{};
    if (verdict == Verdict::Rejected) {
        StoreError error;
        error.message = u"username \u201cfulano\u201d is already taken (users_username_key)."_s;
        outcome.error = error;
    }
    return outcome;
}

/// The parts put together as the window has them.
struct Bench
{
    explicit Bench(const Mapping &users)
        : mapping(users)
        , model(samples::gridModel(mapping))
        , splitter(new QSplitter(Qt::Vertical))
        , grid(new QTableView)
        , panes(new StorePanes)
        , bar(new TableBar)
        , receipt(new ReceiptPane)
        , status(new StatusLine)
        , band(new EnvironmentBand)
    {
        giveGridLook(*grid, mapping, delegate);
        grid->setModel(model.get());
        splitter->addWidget(grid);
        splitter->addWidget(panes);
        splitter->setChildrenCollapsible(false);
        splitter->setStretchFactor(0, 1);
        splitter->setStretchFactor(1, 0);
        auto *column = new QVBoxLayout(&window);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        column->addWidget(band);
        column->addWidget(bar);
        column->addWidget(splitter, 1);
        column->addWidget(receipt);
        column->addWidget(status);
        panes->setMapping(mapping);
        bar->setTable(mapping.table);
        bar->setCount(1000234, 1000234, {});
        status->setStates(healthyStates());
        status->setTimeZone(u"UTC"_s);
        status->setEnvironment(Environment::Development);
    }

    void show(int width, int height)
    {
        window.resize(width, height);
        window.show();
        const std::vector<int> widths = ColumnWidths(mapping, grid->fontMetrics()).filling(grid->viewport()->width());
        for (size_t i = 0; i < widths.size(); ++i)
            grid->setColumnWidth(int(i), widths[i]);
        QApplication::sendPostedEvents();
    }

    Mapping mapping;
    std::unique_ptr<QStandardItemModel> model;
    CellDelegate delegate;
    QWidget window;
    QSplitter *splitter;
    QTableView *grid;
    StorePanes *panes;
    TableBar *bar;
    ReceiptPane *receipt;
    StatusLine *status;
    EnvironmentBand *band;
};

void save(QWidget &widget, const QString &name)
{
    const QString directory = qEnvironmentVariable("THROUGHLINE_SHOTS");
    QApplication::processEvents();
    const QPixmap picture = widget.grab();
    QVERIFY(!picture.isNull());
    if (!directory.isEmpty())
        QVERIFY(picture.save(directory + u'/' + name + u".png"_s));
}

} // namespace

class GalleryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyPartInBothLooks_data();
    void everyPartInBothLooks();
    void dialogs_data();
    void dialogs();
    void generatorDock_data();
    void generatorDock();
    void headersOfBothPanesAreEquallyHigh();
    void rowsOfBothPanesAlign();
    void panesAreAsHighAsTheirFields();
    void manyFieldsScrollTogether();
    void usersFitWithoutHorizontalScrolling();
    void variableTextsDoNotWidenTheWindow();
    void noteStaysInsideAndLeavesTheFocus();
    void deleteKeepsByDefault();
    void rowDialogNamesTheRefusedField();
    void rowDialogWaitsWhileTheOutcomeIsUnknown();

private:
    std::unique_ptr<Theme> m_theme;
};

void GalleryTest::initTestCase()
{
    m_theme = std::make_unique<Theme>(*qApp);
}

void GalleryTest::everyPartInBothLooks_data()
{
    QTest::addColumn<Look>("look");
    QTest::addRow("light") << Look::Light;
    QTest::addRow("dark") << Look::Dark;
}

void GalleryTest::everyPartInBothLooks()
{
    QFETCH(Look, look);
    m_theme->setLook(look);
    const QString tag = QString::fromLatin1(QTest::currentDataTag());
    const Mapping mapping = samples::usersMapping();

    Bench bench(mapping);
    bench.panes->showPair(samples::differingPair(mapping));
    bench.panes->setCurrentField(6);
    bench.grid->setCurrentIndex(bench.model->index(1, 7));
    bench.receipt->showOutcome(outcomeOf(Verdict::Committed), u"users 2 \u00b7 score 771004 \u2192 771005"_s);
    bench.show(1280, 735);
    bench.grid->setFocus();
    save(bench.window, u"1-differs-"_s + tag);

    bench.panes->showPair(samples::samePair(mapping));
    bench.panes->showEditOf(0, CellState::Failed, u"fulano"_s);
    bench.panes->setCurrentField(0);
    bench.grid->setCurrentIndex(bench.model->index(6, 1));
    bench.receipt->showOutcome(outcomeOf(Verdict::Rejected), {});
    for (int row = 0; row < bench.model->rowCount(); ++row)
        for (int cell = 1; cell < 6; ++cell)
            bench.model->item(row, cell)->setData(u"oli"_s, SearchTextRole);
    bench.bar->setCount(412, 1000234, u"oli"_s);
    CellNote note(bench.grid);
    const QRect cell = bench.grid->visualRect(bench.model->index(6, 1));
    note.showAt(cell.translated(bench.grid->viewport()->pos()),
                {CellState::Failed, u"username is taken"_s,
                 u"\u201cfulano\u201d belongs to id 1. Nothing was written. Your text is kept."_s, u"Edit"_s,
                 u"Discard"_s});
    save(bench.window, u"2-failed-"_s + tag);

    note.hide();
    bench.panes->showEditOf(1, CellState::Conflict, u"j.oliveira@example.org"_s);
    bench.panes->setCurrentField(1);
    bench.grid->setCurrentIndex(bench.model->index(7, 2));
    bench.receipt->showOutcome(outcomeOf(Verdict::Conflict), {});
    bench.band->setEnvironment(Environment::Production, u"db1.example.net / shop and cache1.example.net."_s);
    bench.status->setEnvironment(Environment::Production);
    StoreStates down = healthyStates();
    down.postgres.state = StoreHealth::State::Down;
    down.postgres.nextTryMs = 4000;
    bench.status->setStates(down);
    bench.status->setCompact(true);
    bench.show(1024, 636);
    save(bench.window, u"3-conflict-"_s + tag);

    bench.band->setEnvironment(Environment::ReadOnly, u"db1.example.net / shop and cache1.example.net."_s);
    bench.status->setEnvironment(Environment::ReadOnly);
    LoadStats load;
    load.phase = LoadPhase::Running;
    load.committed = 990;
    load.backlog = 12;
    load.perSecond = 99.5;
    bench.status->setGenerator(load);
    RowPair unreachable = samples::samePair(mapping);
    unreachable.row.reset();
    unreachable.postgresError = StoreError{};
    unreachable.postgresError->message = u"PostgreSQL does not answer."_s;
    bench.panes->showPair(unreachable);
    bench.receipt->showNothing();
    bench.show(900, 500);
    save(bench.window, u"4-small-"_s + tag);

    FirstSteps steps;
    steps.resize(1240, 260);
    save(steps, u"5-firststeps-"_s + tag);
    StatePage page;
    page.resize(900, 400);
    page.showProblem(u"The private servers did not start"_s,
                     u"PostgreSQL ended with code 1: the data directory belongs to another account. Start Throughline "
                     "as that account, or choose another directory with --data."_s,
                     u"Try again"_s, u"Quit"_s);
    save(page, u"6-statepage-"_s + tag);
}

void GalleryTest::dialogs_data()
{
    everyPartInBothLooks_data();
}

void GalleryTest::dialogs()
{
    QFETCH(Look, look);
    m_theme->setLook(look);
    const QString tag = QString::fromLatin1(QTest::currentDataTag());
    const Mapping mapping = samples::usersMapping();
    DeleteDialog remove(u"users"_s, {u"14"_s, u"27"_s, u"901"_s});
    remove.show();
    save(remove, u"7-delete-"_s + tag);
    PrepareDialog prepare(
        u"public.users"_s, u"shop at db1.example.net"_s,
        u"ALTER TABLE users ADD COLUMN wt_version bigint NOT NULL DEFAULT 0;\nCREATE TABLE wt_outbox (\n"
        "    label text NOT NULL,\n    key text NOT NULL\n);"_s,
        false);
    prepare.show();
    save(prepare, u"8-prepare-"_s + tag);
    ConflictDialog conflict(mapping, u"users 20401"_s,
                            {{1, "joaquim@oliveira.example"_ba, "j.oliveira@example.org"_ba, "jo@oliveira.example"_ba},
                             {6, "491193"_ba, Value(), "500000"_ba}});
    conflict.show();
    save(conflict, u"9-conflict-"_s + tag);
    RowDialog row(mapping, u"Add user"_s);
    row.show();
    row.findChild<QLineEdit *>(u"username"_s)->setText(u"fulano"_s);
    row.showFieldError(u"username"_s, u"\u201cfulano\u201d is already taken (users_username_key)."_s);
    save(row, u"10-row-"_s + tag);
    row.showUnknown(u"The connection broke. Whether the row was added is being found out. You can wait here, or close "
                    "the form: the receipt will show the answer."_s);
    save(row, u"11-row-unknown-"_s + tag);
}

void GalleryTest::generatorDock_data()
{
    QTest::addColumn<Look>("look");
    QTest::addColumn<QSize>("size");
    for (const QSize size : {QSize(372, 520), QSize(372, 660), QSize(460, 960), QSize(460, 1300)}) {
        QTest::addRow("light-%d", size.height()) << Look::Light << size;
        QTest::addRow("dark-%d", size.height()) << Look::Dark << size;
    }
}

void GalleryTest::generatorDock()
{
    QFETCH(const Look, look);
    QFETCH(const QSize, size);
    m_theme->setLook(look);
    const QString tag = QString::fromLatin1(QTest::currentDataTag());
    GeneratorPane pane;
    pane.resize(size);
    pane.form().setTexts(generatortexts::textsOf(generatortexts::firstSettings()));
    pane.show();
    pane.setRunning(true);
    LoadStats stats;
    for (int i = 1; i <= 720; ++i) {
        stats = samples::loadStatsAt(i / 10.0);
        pane.charts().add(samples::loadSampleAt(i / 10.0));
        pane.showStats(stats);
    }
    pane.setState(generatorwords::stateOf(stats, 42, false));
    save(pane, u"12-generator-"_s + tag);
    QVERIFY(pane.findChild<QScrollBar *>() == nullptr || size.height() < 560 ||
            !pane.findChild<QScrollBar *>()->isVisible());

    pane.setRunning(false);
    stats.dropped = 412;
    stats.unknown = 2;
    pane.showStats(stats);
    LoadReport report;
    report.stats = stats;
    report.keysTouched = report.keysVerified = 9120;
    pane.setState(generatorwords::endOf(report));
    pane.showResult(generatorwords::resultOf(report), generatorwords::toneOf(report));
    pane.form().setText(GeneratorField::Batch, u"many"_s);
    pane.form().setText(GeneratorField::Rate, u"fast"_s);
    QVERIFY(!pane.form().check());
    save(pane, u"13-generator-ended-"_s + tag);
    for (const QString &name : {u"generatorBatchFault"_s, u"generatorRateFault"_s}) {
        const auto *sentence = pane.findChild<QLabel *>(name);
        QVERIFY(sentence->isVisible());
        QVERIFY(sentence->height() >= sentence->heightForWidth(sentence->width()));
    }
}

void GalleryTest::headersOfBothPanesAreEquallyHigh()
{
    const Mapping mapping = samples::usersMapping();
    Bench bench(mapping);
    bench.panes->showPair(samples::differingPair(mapping));
    bench.show(1280, 735);
    const auto panes = bench.panes->findChildren<StorePane *>();
    QCOMPARE(panes.size(), 2);
    QCOMPARE(panes[0]->headerHeight(), panes[1]->headerHeight());
    QCOMPARE(panes[0]->headerHeight(), panes[0]->fontMetrics().height() + 14);
}

void GalleryTest::rowsOfBothPanesAlign()
{
    const Mapping mapping = samples::usersMapping();
    Bench bench(mapping);
    bench.panes->showPair(samples::differingPair(mapping));
    bench.show(1280, 735);
    const auto panes = bench.panes->findChildren<StorePane *>();
    for (int line = 0; line < int(mapping.fields.size()); ++line) {
        const QPoint left = panes[0]->mapToGlobal(panes[0]->lineRect(line).topLeft());
        const QPoint right = panes[1]->mapToGlobal(panes[1]->lineRect(line).topLeft());
        QCOMPARE(left.y(), right.y());
        QCOMPARE(panes[0]->lineRect(line).height(), panes[1]->lineRect(line).height());
    }
    QVERIFY(qAbs(panes[0]->width() - panes[1]->width()) <= 1);
}

void GalleryTest::panesAreAsHighAsTheirFields()
{
    const Mapping mapping = samples::usersMapping();
    Bench bench(mapping);
    bench.panes->showPair(samples::samePair(mapping));
    bench.show(1280, 735);
    const auto *pane = bench.panes->findChild<StorePane *>();
    QCOMPARE(bench.panes->height(), pane->headerHeight() + int(mapping.fields.size()) * pane->lineHeight());
}

void GalleryTest::manyFieldsScrollTogether()
{
    Mapping mapping = samples::usersMapping();
    RowPair pair = samples::samePair(mapping);
    while (mapping.fields.size() < 20) {
        mapping.fields.push_back(mapping.fields.front());
        pair.row->values.push_back("x"_ba);
        pair.cached.values.push_back("x"_ba);
    }
    pair.comparison = compareRow(mapping, pair.row, pair.cached);
    StorePanes panes;
    panes.setMapping(mapping);
    panes.showPair(pair);
    panes.resize(800, panes.sizeHint().height());
    panes.show();
    const auto sides = panes.findChildren<StorePane *>();
    auto *scroll = panes.findChild<QScrollBar *>();
    QVERIFY(scroll->isVisible());
    QCOMPARE(scroll->pageStep(), 12);
    panes.setCurrentField(19);
    QCOMPARE(scroll->value(), 8);
    QCOMPARE(sides[0]->lineRect(19),
             QRect(sides[0]->lineRect(19).topLeft(), QSize(sides[0]->width(), sides[0]->lineHeight())));
    QCOMPARE(sides[0]->lineRect(19).top(), sides[1]->lineRect(19).top());
    QVERIFY(sides[1]->lineRect(19).bottom() < panes.height());
}

void GalleryTest::usersFitWithoutHorizontalScrolling()
{
    if (!QApplication::font().family().startsWith("Noto Sans"_L1))
        QSKIP("The widths are made for Noto Sans.");
    const Mapping mapping = samples::usersMapping();
    Bench bench(mapping);
    bench.show(1280, 735);
    QCOMPARE(bench.grid->horizontalScrollBar()->maximum(), 0);
    const int timestamp = bench.grid->fontMetrics().horizontalAdvance(u"2026-11-22 14:01:37"_s);
    QVERIFY(bench.grid->columnWidth(8) >= timestamp + 16);
    QCOMPARE(bench.grid->rowHeight(0), bench.grid->fontMetrics().height() + 6);
}

void GalleryTest::variableTextsDoNotWidenTheWindow()
{
    const Mapping mapping = samples::usersMapping();
    Bench bench(mapping);
    bench.panes->showPair(samples::differingPair(mapping));
    bench.receipt->showOutcome(outcomeOf(Verdict::Conflict), QString(400, u'x'));
    bench.bar->setCount(1, 1000234, QString(200, u'x'));
    bench.show(900, 560);
    QVERIFY2(bench.window.minimumSizeHint().width() <= 900,
             qPrintable(QString::number(bench.window.minimumSizeHint().width())));
    for (const QPushButton *button : bench.receipt->findChildren<QPushButton *>())
        if (button->isVisible())
            QVERIFY(bench.receipt->rect().contains(button->geometry()));
}

void GalleryTest::noteStaysInsideAndLeavesTheFocus()
{
    QWidget parent;
    parent.resize(600, 300);
    QLineEdit editor(&parent);
    CellNote note(&parent);
    parent.show();
    editor.setFocus();
    const NoteContent content{CellState::Conflict, u"Changed by someone"_s, u"Nothing of yours was written."_s,
                              u"Take theirs"_s, u"Write mine\u2026"_s};
    for (const QPoint corner : {QPoint(0, 0), QPoint(560, 0), QPoint(0, 276), QPoint(560, 276)}) {
        const QRect cell(corner, QSize(100, 24));
        note.showAt(cell, content);
        QVERIFY(parent.rect().contains(note.geometry()));
        QVERIFY(!note.geometry().intersects(cell));
    }
    QVERIFY(parent.focusWidget() == &editor);
}

void GalleryTest::deleteKeepsByDefault()
{
    DeleteDialog dialog(u"users"_s, {u"14"_s, u"27"_s, u"901"_s});
    QCOMPARE(DeleteDialog::consequence({u"14"_s, u"27"_s, u"901"_s}),
             u"Ids 14, 27, 901. They leave PostgreSQL and the cache."_s);
    QSignalSpy accepted(&dialog, &QDialog::accepted);
    dialog.show();
    QTest::keyClick(&dialog, Qt::Key_Return);
    QCOMPARE(dialog.result(), int(QDialog::Rejected));
    QCOMPARE(accepted.count(), 0);
}

void GalleryTest::rowDialogNamesTheRefusedField()
{
    const Mapping mapping = samples::usersMapping();
    RowDialog dialog(mapping, u"Add user"_s);
    QSignalSpy submitted(&dialog, &RowDialog::submitted);
    dialog.show();
    for (const QString &name : {u"username"_s, u"email"_s, u"password_hash"_s})
        QTest::keyClicks(dialog.findChild<QLineEdit *>(name), u"abc"_s);
    QTest::keyClick(&dialog, Qt::Key_Return);
    QCOMPARE(submitted.count(), 1);
    const auto changes = submitted.first().at(1).value<std::vector<FieldChange>>();
    QCOMPARE(changes.size(), size_t(7)); // the timestamps are left to their defaults
    QCOMPARE(changes[0].value, Value("abc"_ba));
    QVERIFY(!changes[6].value);
    dialog.showFieldError(u"email"_s, u"email is already taken."_s);
    QVERIFY(dialog.isVisible());
    QCOMPARE(dialog.findChild<QLineEdit *>(u"email"_s)->accessibleDescription(), u"email is already taken."_s);
    QTest::keyClick(&dialog, Qt::Key_Return);
    QCOMPARE(submitted.count(), 2);
}

void GalleryTest::rowDialogWaitsWhileTheOutcomeIsUnknown()
{
    RowDialog dialog(samples::usersMapping(), u"Add user"_s);
    QSignalSpy submitted(&dialog, &RowDialog::submitted);
    dialog.show();
    for (const QString &name : {u"username"_s, u"email"_s, u"password_hash"_s})
        QTest::keyClicks(dialog.findChild<QLineEdit *>(name), u"abc"_s);
    QTest::keyClick(&dialog, Qt::Key_Return);
    const QString sentence = QString(u"Whether the row was added is being found out. "_s).repeated(5);
    dialog.showUnknown(sentence);
    auto *add = dialog.findChild<QPushButton *>(u"add"_s);
    const auto *shown = dialog.findChild<Paragraph *>(u"sentence"_s);
    QCOMPARE(shown->text(), sentence);
    QTRY_VERIFY(shown->isVisible() && shown->height() >= shown->heightForWidth(shown->width()));
    QVERIFY(!add->isEnabled());
    QTest::keyClick(&dialog, Qt::Key_Return);
    add->click();
    QCOMPARE(submitted.count(), 1);
    dialog.showError(u"The row was not added."_s);
    add->click();
    QCOMPARE(submitted.count(), 2);
    dialog.showUnknown(sentence);
    dialog.reject();
    QVERIFY(!dialog.isVisible());
}

QTEST_MAIN(GalleryTest)
#include "tst_gallery.moc"
