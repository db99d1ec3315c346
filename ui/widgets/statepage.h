// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/palettes.h"

#include <QLatin1StringView>
#include <QWidget>

class QPushButton;

namespace throughline {

class ElidingLabel;
class Paragraph;
class SignLabel;

/// Fills the centre while there is no table to show: opening, or why it could not be opened and what can be done.
class StatePage final : public QWidget
{
    Q_OBJECT

public:
    explicit StatePage(QWidget *parent = nullptr);

    /// Work goes on: "Starting the private servers".
    void showProgress(const QString &title, const QString &step);
    /// It cannot go on by itself. Empty words hide a button.
    void showProblem(const QString &title, const QString &sentence, const QString &primary, const QString &secondary);
    /// Something is to be decided or known, not wrong: an empty table, a search without a match.
    void showNotice(const QString &title, const QString &sentence, const QString &primary, const QString &secondary);

Q_SIGNALS:
    void primaryClicked();
    void secondaryClicked();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void present(QLatin1StringView sign, Tone tone, const QString &title, const QString &sentence);
    void setButtons(const QString &primary, const QString &secondary);

    SignLabel *m_sign;
    ElidingLabel *m_title;
    Paragraph *m_sentence;
    QPushButton *m_primary;
    QPushButton *m_secondary;
};

} // namespace throughline
