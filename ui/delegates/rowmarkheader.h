// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace throughline {

/// The 28 px column left of the grid: per row the sign of its most urgent cell, and a bar at the current row. Solid
/// where the user has to act, tinted where it only informs.
class RowMarkHeader final : public QHeaderView
{
    Q_OBJECT

public:
    explicit RowMarkHeader(QWidget *parent = nullptr);

    void setModel(QAbstractItemModel *model) override;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void paintSection(QPainter *painter, const QRect &rect, int row) const override;
    [[nodiscard]] QSize sectionSizeFromContents(int row) const override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private Q_SLOTS:
    void onDataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles);
};

} // namespace throughline
