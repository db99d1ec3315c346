// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panes/panecontent.h"

#include <QWidget>

namespace throughline {

class PaneHeader;

/// One side of the current row: what one store holds of it, a line per field. Used twice, as Database and as Cache;
/// the signs of both stand at the edge where they meet.
class StorePane final : public QWidget
{
    Q_OBJECT

public:
    enum class Side { Database, Cache };

    explicit StorePane(Side side, QWidget *parent = nullptr);

    void setContent(const PaneContent &content);
    [[nodiscard]] const PaneContent &content() const noexcept { return m_content; }
    /// The same row with other remarks; the header runs on.
    void setLines(const std::vector<PaneLine> &lines);
    void setCurrentField(int field);
    void setFirstLine(int line);
    void tick();

    [[nodiscard]] int headerHeight() const;
    [[nodiscard]] int lineHeight() const;
    /// Where a field's line stands, in the pane's coordinates.
    [[nodiscard]] QRect lineRect(int line) const;

Q_SIGNALS:
    void currentFieldMoved(int field);
    void wheelTurned(int lines);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void paintLine(QPainter &painter, int line) const;
    void paintValue(QPainter &painter, const PaneLine &line, const QRect &rect) const;
    [[nodiscard]] QRect paintRemark(QPainter &painter, const PaneLine &line, const QRect &rect) const;
    void paintMessage(QPainter &painter) const;
    void measureNames();
    void describe();

    Side m_side;
    PaneHeader *m_header;
    PaneContent m_content;
    int m_currentField = -1;
    int m_firstLine = 0;
    int m_nameWidth = 0;
};

} // namespace throughline
