// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;

namespace throughline {

/// A flat strip of one line of text's height with hairlines: table bar, receipt, pane headers.
class Bar : public QWidget
{
    Q_OBJECT

public:
    /// `padding` is added to the font's height; `lines` are the edges that carry a hairline.
    Bar(int padding, Qt::Edges lines, QWidget *parent = nullptr);

    [[nodiscard]] QHBoxLayout *row() const noexcept { return m_row; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void fixHeight();

    QHBoxLayout *m_row;
    int m_padding;
    Qt::Edges m_lines;
};

} // namespace throughline
