// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/cellnote.h"

#include "ui/icons.h"
#include "ui/styledrawing.h"
#include "ui/throughlinestyle.h"
#include "ui/widgets/elidinglabel.h"
#include "ui/widgets/paragraph.h"
#include "ui/widgets/signlabel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int noteWidth = 300;
constexpr int bar = 3;
constexpr int signSize = 16;

} // namespace

CellNote::CellNote(QWidget *parent)
    : QFrame(parent)
    , m_sign(new SignLabel("failed"_L1, Tone::Failed, signSize, this))
    , m_title(new ElidingLabel(Tone::Failed, this))
    , m_text(new Paragraph(Tone::Text, this))
    , m_primary(new QPushButton(this))
    , m_secondary(new QPushButton(this))
{
    setFocusPolicy(Qt::NoFocus);
    m_title->setBold(true);
    setButtonRank(m_primary, ButtonRank::Primary);
    auto *title = new QHBoxLayout;
    title->setSpacing(8);
    title->addWidget(m_sign);
    title->addWidget(m_title, 1);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_primary);
    buttons->addWidget(m_secondary);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(bar + 10, 8, 11, 10);
    column->setSpacing(4);
    column->addLayout(title);
    column->addWidget(m_text);
    column->addSpacing(4);
    column->addLayout(buttons);
    for (QPushButton *button : {m_primary, m_secondary}) {
        button->setAutoDefault(false);
        button->setFocusPolicy(Qt::TabFocus);
    }
    connect(m_primary, &QPushButton::clicked, this, &CellNote::primaryClicked);
    connect(m_secondary, &QPushButton::clicked, this, &CellNote::secondaryClicked);
    hide();
}

void CellNote::showAt(const QRect &cell, const NoteContent &content)
{
    m_state = content.state;
    m_sign->setSign(signOf(content.state), toneOf(content.state));
    m_title->setTone(toneOf(content.state));
    m_title->setText(content.title);
    m_text->setText(content.text);
    m_primary->setText(content.primary);
    m_primary->setVisible(!content.primary.isEmpty());
    m_secondary->setText(content.secondary);
    m_secondary->setVisible(!content.secondary.isEmpty());
    setAccessibleName(content.title);
    setAccessibleDescription(content.text);
    place(cell);
    show();
    raise();
    update();
}

void CellNote::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colours &colours = coloursFor(palette());
    const QColor ink = colours.state(m_state).ink;
    drawing::roundedBox(painter, rect(), colours.note, ink);
    painter.fillRect(0, 0, bar, height(), ink);
}

void CellNote::place(const QRect &cell)
{
    const int width = qMin(noteWidth, parentWidget()->width());
    layout()->activate();
    const int height = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width) : sizeHint().height();
    const int x = qBound(0, cell.left(), qMax(0, parentWidget()->width() - width));
    const bool fitsBelow = cell.bottom() + 3 + height <= parentWidget()->height();
    const int y = fitsBelow ? cell.bottom() + 3 : qMax(0, cell.top() - 2 - height);
    setGeometry(x, y, width, height);
}

} // namespace throughline
