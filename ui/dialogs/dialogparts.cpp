// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/dialogparts.h"

#include <QBoxLayout>
#include <QLabel>

namespace throughline::dialogs {

namespace {

constexpr int margin = 16;
constexpr int leastTextWidth = 380;

} // namespace

void giveMargins(QBoxLayout *layout)
{
    layout->setContentsMargins(margin, margin, margin, margin);
    layout->setSpacing(8);
}

QLabel *title(const QString &text, QWidget *parent)
{
    QLabel *label = paragraph(text, parent);
    QFont bold = label->font();
    bold.setWeight(QFont::DemiBold);
    label->setFont(bold);
    return label;
}

QLabel *paragraph(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setMinimumWidth(leastTextWidth);
    return label;
}

} // namespace throughline::dialogs
