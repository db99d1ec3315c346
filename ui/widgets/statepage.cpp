// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/statepage.h"

#include "ui/throughlinestyle.h"
#include "ui/widgets/elidinglabel.h"
#include "ui/widgets/paragraph.h"
#include "ui/widgets/signlabel.h"

#include <QGridLayout>
#include <QPainter>
#include <QPushButton>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int textWidth = 520;
constexpr int signSize = 20;
constexpr double titlePointDelta = 2.25;

} // namespace

StatePage::StatePage(QWidget *parent)
    : QWidget(parent)
    , m_sign(new SignLabel("info"_L1, Tone::Text2, signSize, this))
    , m_title(new ElidingLabel(Tone::Text, this))
    , m_sentence(new Paragraph(Tone::Text2, this))
    , m_primary(new QPushButton(this))
    , m_secondary(new QPushButton(this))
{
    m_title->setPointDelta(titlePointDelta);
    m_title->setBold(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_sentence->setFixedWidth(textWidth);
    setButtonRank(m_primary, ButtonRank::Primary);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_primary);
    buttons->addWidget(m_secondary);
    buttons->addStretch(1);
    auto *grid = new QGridLayout(this);
    grid->setHorizontalSpacing(10);
    grid->setVerticalSpacing(8);
    grid->addWidget(m_sign, 1, 1);
    grid->addWidget(m_title, 1, 2);
    grid->addWidget(m_sentence, 2, 2);
    grid->setRowMinimumHeight(3, 4);
    grid->addLayout(buttons, 4, 2);
    grid->setRowStretch(0, 2);
    grid->setRowStretch(5, 3);
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(3, 1);
    connect(m_primary, &QPushButton::clicked, this, &StatePage::primaryClicked);
    connect(m_secondary, &QPushButton::clicked, this, &StatePage::secondaryClicked);
    setButtons({}, {});
}

void StatePage::showProgress(const QString &title, const QString &step)
{
    present("pending"_L1, Tone::Pending, title, step);
    setButtons({}, {});
}

void StatePage::showProblem(const QString &title, const QString &sentence, const QString &primary,
                            const QString &secondary)
{
    present("failed"_L1, Tone::Failed, title, sentence);
    setButtons(primary, secondary);
}

void StatePage::showNotice(const QString &title, const QString &sentence, const QString &primary,
                           const QString &secondary)
{
    present("info"_L1, Tone::Text2, title, sentence);
    setButtons(primary, secondary);
}

void StatePage::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), coloursFor(palette()).base);
}

void StatePage::present(QLatin1StringView sign, Tone tone, const QString &title, const QString &sentence)
{
    m_sign->setSign(sign, tone);
    m_title->setText(title);
    m_sentence->setText(sentence);
    setAccessibleName(title);
    setAccessibleDescription(sentence);
}

void StatePage::setButtons(const QString &primary, const QString &secondary)
{
    m_primary->setText(primary);
    m_primary->setVisible(!primary.isEmpty());
    m_secondary->setText(secondary);
    m_secondary->setVisible(!secondary.isEmpty());
}

} // namespace throughline
