// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QToolButton;

namespace throughline {

class ActivityModel;
class ActivityTable;
class Bar;
class ElidingLabel;

/// The activity: what was written, by whom, and what became of it. Its bar is the title of the dock that it lies in,
/// which takes it over.
class ActivityPane final : public QWidget
{
    Q_OBJECT

public:
    explicit ActivityPane(QWidget *parent = nullptr);

    [[nodiscard]] Bar *titleBar() const noexcept;
    [[nodiscard]] ActivityModel &model() const noexcept { return *m_model; }
    [[nodiscard]] ActivityTable &table() const noexcept { return *m_table; }
    void setOnlyFailures(bool only);

    [[nodiscard]] QSize sizeHint() const override { return {640, 154}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 74}; }

Q_SIGNALS:
    void closeRequested();
    void shownChanged(bool shown);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fillBar();
    QToolButton *addButton(const QString &text, const QString &name);
    void showCounts();
    void placeNotice();

    ActivityModel *m_model;
    ActivityTable *m_table;
    Bar *m_bar;
    ElidingLabel *m_missing;
    ElidingLabel *m_notice; ///< instead of lines
    QToolButton *m_all = nullptr;
    QToolButton *m_failed = nullptr;
    QToolButton *m_copy = nullptr;
};

} // namespace throughline
