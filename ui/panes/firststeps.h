// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QGridLayout;

namespace throughline {

/// Four short steps in the empty part of the grid on the first start of the sandbox. The owner takes it away for good
/// with "Hide this" or with the tenth row.
class FirstSteps final : public QWidget
{
    Q_OBJECT

public:
    explicit FirstSteps(QWidget *parent = nullptr);

Q_SIGNALS:
    void hideRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    [[nodiscard]] QWidget *makeStep(int number, const QString &title, const QString &text);
    void spreadSteps();

    QGridLayout *m_grid;
    QList<QWidget *> m_steps;
    int m_columns = 0;
};

} // namespace throughline
