// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolBar>

class QComboBox;
class QLineEdit;
class QPushButton;
class QTimer;

namespace throughline {

class ElidingLabel;
class MainActions;

/// The window's one toolbar: connection, row actions, search, generator. Nothing of it ever falls into an overflow
/// menu: it gives up labels first.
class MainToolBar final : public QToolBar
{
    Q_OBJECT

public:
    explicit MainToolBar(MainActions &actions, QWidget *parent = nullptr);

    void setConnection(const QString &name);
    /// "users": named in the search field.
    void setRowsNoun(const QString &many);
    void setGeneratorRunning(bool running);
    /// `reason` is the tooltip while it is not allowed.
    void setGeneratorEnabled(bool enabled, const QString &reason);
    /// Takes the widest form that fits.
    void fitInto(int width);

    [[nodiscard]] QString searchText() const;
    void clearSearch();
    void focusSearch();
    void focusRate();
    /// Takes a rate that was typed and not yet entered.
    void commitRate();
    /// The generator's rate as it is said: "10 /s", "unlimited".
    void setRateText(const QString &text);
    [[nodiscard]] QWidget *searchField() const;

Q_SIGNALS:
    /// Some time after the last key stroke.
    void searchChanged(const QString &text);
    /// Enter or Down: the user wants to go to the rows.
    void searchLeft();
    /// What a person typed or chose; setRateText() says what became of it.
    void rateEntered(const QString &text);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void addSearch();
    void addGenerator(MainActions &actions);
    void setLabelled(bool labelled);
    void onSearchSettled();

    ElidingLabel *m_connection;
    QAction *m_addRow;
    ElidingLabel *m_generatorLabel;
    QLineEdit *m_search;
    QComboBox *m_rate;
    QPushButton *m_startStop;
    QTimer *m_settling;
    QString m_rateText;
    int m_labelledWidth = 0;
};

} // namespace throughline
