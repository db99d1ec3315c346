// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>
#include <QSet>

namespace throughline {

/// The grid's column header: flat, names as in the table, a key at the key column and a lock at secret ones.
class ColumnHeader final : public QHeaderView
{
    Q_OBJECT

public:
    explicit ColumnHeader(QWidget *parent = nullptr);

    void setKeyColumn(int column);
    void setSecretColumns(const QSet<int> &columns);

    [[nodiscard]] QSize sizeHint() const override;
    /// What a column needs so that its name and icon can be read.
    [[nodiscard]] int neededWidth(int column) const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void paintSection(QPainter *painter, const QRect &rect, int column) const override;
    [[nodiscard]] QSize sectionSizeFromContents(int column) const override;

private:
    [[nodiscard]] QString titleOf(int column) const;
    [[nodiscard]] bool isRightAligned(int column) const;
    [[nodiscard]] QFont titleFont() const;
    void paintSortArrow(QPainter &painter, const QRect &rect) const;

    int m_keyColumn = -1;
    QSet<int> m_secretColumns;
};

} // namespace throughline
