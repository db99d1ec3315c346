// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/receiptpane.h"

#include "ui/widgets/elidinglabel.h"
#include "ui/widgets/signlabel.h"
#include "ui/widgets/timingbar.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QPushButton>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int extraHeight = 16;
constexpr int buttonExtraHeight = 8;
constexpr int signSize = 16;

QString joined(const QString &first, const QString &second)
{
    return first.isEmpty() ? second : first + u' ' + second;
}

} // namespace

ReceiptPane::ReceiptPane(QWidget *parent)
    : Bar(extraHeight, Qt::TopEdge | Qt::BottomEdge, parent)
    , m_sign(new SignLabel("info"_L1, Tone::Text2, signSize, this))
    , m_verdict(new ElidingLabel(Tone::Text, this))
    , m_details(new ElidingLabel(Tone::Text, this))
    , m_timings(new TimingBar(this))
{
    setAccessibleName(tr("Receipt of the last write"));
    m_verdict->setBold(true);
    m_verdict->setElides(false);
    row()->addWidget(m_sign);
    row()->addSpacing(4);
    row()->addWidget(m_verdict);
    row()->addSpacing(3);
    row()->addWidget(m_details);
    row()->addSpacing(8);
    row()->addWidget(m_timings);
    row()->addStretch(1);
    m_takeTheirs = addButton(tr("Take theirs"), &ReceiptPane::takeTheirsRequested);
    m_writeMine = addButton(tr("Write mine\u2026"), &ReceiptPane::writeMineRequested);
    m_edit = addButton(tr("Edit"), &ReceiptPane::editRequested);
    m_discard = addButton(tr("Discard"), &ReceiptPane::discardRequested);
    showNothing();
}

void ReceiptPane::showOutcome(const Outcome &outcome, const QString &what)
{
    present(sentenceFor(outcome, what));
    const bool conflict = outcome.verdict == Verdict::Conflict;
    const bool rejected = outcome.verdict == Verdict::Rejected;
    m_problem = conflict || rejected || outcome.verdict == Verdict::Unavailable || outcome.verdict == Verdict::Unknown;
    if (m_problem)
        announce();
    m_timings->setTimings(outcome.timings);
    m_timings->setVisible(outcome.isCommitted());
    m_takeTheirs->setVisible(conflict);
    m_writeMine->setVisible(conflict && outcome.row.has_value());
    m_edit->setVisible(rejected && outcome.kind == EditKind::Update);
    m_discard->setVisible(rejected && outcome.kind == EditKind::Update);
}

void ReceiptPane::showNothing()
{
    m_problem = false;
    present({"info"_L1, Tone::Text2, QString(),
             tr("No write in this session yet. The receipt of each write appears here.")});
    m_timings->hide();
    for (QPushButton *button : {m_takeTheirs, m_writeMine, m_edit, m_discard})
        button->hide();
}

ReceiptPane::Sentence ReceiptPane::sentenceFor(const Outcome &outcome, const QString &what)
{
    const QString reason = outcome.error ? outcome.error->message : QString();
    switch (outcome.verdict) {
    case Verdict::Committed:
        return {"saved"_L1, Tone::Saved, savedWords(outcome.kind), what};
    case Verdict::CommittedCachePending:
        return {"cachepending"_L1, Tone::Pending, tr("Saved in PostgreSQL"), tr("%1. The cache follows.").arg(what)};
    case Verdict::Conflict:
        return {
            "conflict"_L1, Tone::Conflict, tr("Conflict"),
            outcome.error
                ? tr("Someone changed or deleted this row, and it cannot be read now. Nothing of yours was written.")
            : outcome.row ? tr("Someone changed this row while you were editing. Nothing of yours was written.")
                          : tr("Someone deleted this row while you were editing. Nothing of yours was written.")};
    case Verdict::Rejected:
        return {"failed"_L1, Tone::Failed, tr("Not saved"), joined(reason, tr("Neither store was changed."))};
    case Verdict::Unavailable:
        return {"failed"_L1, Tone::Failed, tr("Not sent"), joined(reason, tr("Neither store was changed."))};
    case Verdict::Unknown:
        if (outcome.late)
            return {"unknown"_L1, Tone::Differs, tr("Outcome unknown"),
                    tr("%1. Nobody can tell any more whether it was written; look at the row.").arg(what)};
        return {"unknown"_L1, Tone::Differs, tr("Outcome unknown"),
                tr("%1. The connection broke during the write; the row is read again and nothing is repeated blindly.")
                    .arg(what)};
    case Verdict::Cancelled:
        return {"info"_L1, Tone::Text2, tr("Taken back"), tr("%1. Nothing was sent.").arg(what)};
    }
    return {};
}

QString ReceiptPane::savedWords(EditKind kind)
{
    switch (kind) {
    case EditKind::Update:
        return tr("Saved in both stores");
    case EditKind::Insert:
        return tr("Added to both stores");
    case EditKind::Delete:
        return tr("Deleted from both stores");
    }
    return {};
}

void ReceiptPane::present(const Sentence &sentence)
{
    m_sign->setSign(sentence.sign, sentence.tone);
    m_verdict->setVisible(!sentence.verdict.isEmpty());
    m_verdict->setTone(sentence.tone);
    m_verdict->setText(sentence.verdict);
    m_details->setTone(sentence.verdict.isEmpty() ? Tone::Text2 : Tone::Text);
    m_details->setText(sentence.details);
    setAccessibleDescription(joined(sentence.verdict, sentence.details));
}

void ReceiptPane::announce()
{
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

QPushButton *ReceiptPane::addButton(const QString &text, void (ReceiptPane::*clicked)())
{
    auto *button = new QPushButton(text, this);
    button->setFixedHeight(fontMetrics().height() + buttonExtraHeight);
    button->setAutoDefault(false);
    connect(button, &QPushButton::clicked, this, clicked);
    row()->addWidget(button);
    return button;
}

} // namespace throughline
