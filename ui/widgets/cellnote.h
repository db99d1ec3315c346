// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/cellstate.h"

#include <QFrame>

class QPushButton;

namespace throughline {

class ElidingLabel;
class Paragraph;
class SignLabel;

/// What the note at a cell says.
struct NoteContent
{
    CellState state = CellState::Failed; ///< decides ink and sign
    QString title;                       ///< "username is taken"
    QString text;                        ///< what happened and what it means for the data
    QString primary;                     ///< words of the two buttons; empty for none
    QString secondary;
};

/// The note under (or over) the current cell when a write of it failed or met a conflict. Never takes the focus by
/// itself: the user goes on typing or leaves the cell. The owner hides it when the cell is left.
class CellNote final : public QFrame
{
    Q_OBJECT

public:
    /// Not a child of a view's viewport, which would scroll it away.
    explicit CellNote(QWidget *parent);

    /// `cell` in the parent's coordinates.
    void showAt(const QRect &cell, const NoteContent &content);

Q_SIGNALS:
    void primaryClicked();
    void secondaryClicked();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void place(const QRect &cell);

    CellState m_state = CellState::Failed;
    SignLabel *m_sign;
    ElidingLabel *m_title;
    Paragraph *m_text;
    QPushButton *m_primary;
    QPushButton *m_secondary;
};

} // namespace throughline
