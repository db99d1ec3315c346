// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/cellview.h"

#include "ui/models/rowroles.h"
#include "ui/models/statesentences.h"

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

/// More is never legible in a cell, and laying it out would hold up the window.
constexpr int longestShown = 1000;

} // namespace

QVariant CellView::data(int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return displayed();
    case Qt::EditRole:
        if (!value)
            return {};
        return secret ? QString() : QString::fromUtf8(*value);
    case Qt::ToolTipRole:
    case StateSentenceRole:
        return sentence;
    case Qt::AccessibleTextRole:
        return accessibleText();
    case CellStateRole:
        return static_cast<int>(state);
    case IsNullRole:
        return !value.has_value();
    case IsSecretRole:
        return secret;
    default:
        return {};
    }
}

int CellView::alignment(const ColumnInfo &column)
{
    const bool number =
        column.kind == ColumnKind::Integer || column.kind == ColumnKind::Numeric || column.kind == ColumnKind::Float;
    return static_cast<int>(number ? Qt::AlignRight : Qt::AlignLeft) | static_cast<int>(Qt::AlignVCenter);
}

QString CellView::displayed() const
{
    if (!value)
        return {};
    if (secret)
        return StateSentences::bullets();
    if (value->size() <= longestShown)
        return QString::fromUtf8(*value);
    // A character has at most four bytes; what is cut in half at the end is cut off by left().
    const QString text = QString::fromUtf8(value->left(4 * longestShown));
    return text.size() <= longestShown ? text : text.left(longestShown) + u'…';
}

QString CellView::accessibleText() const
{
    QString shown = secret ? tr("masked") : displayed();
    if (!value)
        shown = tr("null");
    const QString cell = tr("%1, %2").arg(column.name, shown);
    return sentence.isEmpty() ? cell : cell + u". "_s + sentence;
}

} // namespace throughline
