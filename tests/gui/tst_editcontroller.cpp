// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/enginesettings.h"
#include "engine/storeservice.h"
#include "gridfake.h"
#include "ui/control/editcontroller.h"
#include "ui/dialogs/rowdialog.h"
#include "ui/panes/gridarea.h"
#include "ui/panes/gridview.h"
#include "ui/panes/receiptpane.h"
#include "ui/panes/storepanes.h"
#include "ui/widgets/paragraph.h"

#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

EngineSettings nowhere()
{
    EngineSettings settings;
    settings.conninfo = u"host=/nonexistent"_s;
    settings.keepsUp = false;
    return settings;
}

/// The controller with a service that reaches no server, so that an edit waits until the test answers it.
class EditedWindow : public GridFake
{
public:
    EditedWindow()
        : GridFake(30)
        , service(testMapping(), nowhere())
        , view(new GridView(&model))
    {
        area.setView(view);
        loadAll();
        controller = std::make_unique<EditController>(
            EditController::Parts{service, model, *view, area, panes, receipt}, nullptr);
        area.show();
    }

    [[nodiscard]] RowDialog *form() const { return area.findChild<RowDialog *>(); }
    [[nodiscard]] bool canAdd() const { return form()->findChild<QPushButton *>(u"add"_s)->isEnabled(); }
    [[nodiscard]] QString sentence() const { return form()->findChild<Paragraph *>(u"sentence"_s)->text(); }
    /// Sends the form; what comes back has the operation that it was sent as.
    [[nodiscard]] Outcome sendForm()
    {
        controller->addRow();
        QTest::keyClicks(form()->findChild<QLineEdit *>(u"id"_s), u"31"_s);
        QTest::keyClicks(form()->findChild<QLineEdit *>(u"username"_s), u"ana"_s);
        QSignalSpy answers(&service, &StoreService::outcomesReady);
        QTest::keyClick(form(), Qt::Key_Return);
        service.cancelEdits();
        if (answers.isEmpty() && !answers.wait())
            return {};
        return answers.first().first().value<std::vector<Outcome>>().front();
    }
    void answer(Outcome outcome, Verdict verdict, bool late)
    {
        outcome.verdict = verdict;
        outcome.late = late;
        if (outcome.isCommitted())
            outcome.row = testRow(31);
        Q_EMIT service.outcomesReady({outcome});
    }

    StoreService service;
    GridView *view;
    GridArea area;
    StorePanes panes;
    ReceiptPane receipt;
    std::unique_ptr<EditController> controller;
};

} // namespace

/// What a person is told of the form for a new row while nobody knows what became of it.
class EditControllerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFormWaitsForTheLateAnswer();
    void theFormMayBeSentAgainWhenNobodyCanTell();
    void theAnswerToAClosedFormIsSaid();
    void anotherFormIsNotAnswered();
};

void EditControllerTest::theFormWaitsForTheLateAnswer()
{
    EditedWindow window;
    const Outcome outcome = window.sendForm();
    QCOMPARE(outcome.kind, EditKind::Insert);
    const QPointer<RowDialog> form = window.form();
    window.answer(outcome, Verdict::Unknown, false);
    QVERIFY(form->isVisible() && !window.canAdd());
    QVERIFY(window.sentence().contains(u"being found out"_s));
    window.answer(outcome, Verdict::Committed, true);
    QTRY_VERIFY(!form);
    QCOMPARE(window.model.rowCount(), 31);
}

void EditControllerTest::theFormMayBeSentAgainWhenNobodyCanTell()
{
    EditedWindow window;
    const Outcome outcome = window.sendForm();
    QSignalSpy said(window.controller.get(), &EditController::statusSentence);
    window.answer(outcome, Verdict::Unknown, false);
    window.answer(outcome, Verdict::Unknown, true);
    QVERIFY(window.form()->isVisible() && window.canAdd());
    QCOMPARE(window.sentence(),
             u"Nobody can tell any more whether the row was added. Look in the table before you add it again."_s);
    QCOMPARE(said.count(), 1);
    QCOMPARE(window.form()->findChild<QLineEdit *>(u"username"_s)->text(), u"ana"_s);
}

void EditControllerTest::theAnswerToAClosedFormIsSaid()
{
    EditedWindow window;
    const Outcome outcome = window.sendForm();
    QSignalSpy said(window.controller.get(), &EditController::statusSentence);
    window.answer(outcome, Verdict::Unknown, false);
    window.form()->reject();
    window.view->setCurrentIndex(window.model.index(2, 1));
    window.answer(outcome, Verdict::Committed, true);
    QCOMPARE(said.count(), 1);
    QCOMPARE(said.first().first().toString(), u"The new row users 31 is now saved in both stores."_s);
    QCOMPARE(window.receipt.accessibleDescription(), u"Added to both stores users 31"_s);
    QCOMPARE(window.view->currentKey(), RowKey{"3"});
}

void EditControllerTest::anotherFormIsNotAnswered()
{
    EditedWindow window;
    const Outcome outcome = window.sendForm();
    window.answer(outcome, Verdict::Unknown, false);
    const QPointer<RowDialog> first = window.form();
    first->reject();
    QTRY_VERIFY(!first);
    window.controller->addRow();
    window.answer(outcome, Verdict::Committed, true);
    QVERIFY(window.form()->isVisible() && window.canAdd());
    QVERIFY(window.sentence().isEmpty());
}

QTEST_MAIN(EditControllerTest)
#include "tst_editcontroller.moc"
