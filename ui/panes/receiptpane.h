// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/outcome.h"
#include "ui/palettes.h"
#include "ui/widgets/bar.h"

#include <QLatin1StringView>

class QPushButton;

namespace throughline {

class ElidingLabel;
class SignLabel;
class TimingBar;

/// What became of the user's last write: verdict, row and change, and where the time went. Never shows the generator's
/// writes. Texts elide, buttons never.
class ReceiptPane final : public Bar
{
    Q_OBJECT

public:
    explicit ReceiptPane(QWidget *parent = nullptr);

    /// `what` is the row and its change in words: "users 2 · score 771004 → 771005".
    void showOutcome(const Outcome &outcome, const QString &what);
    void showNothing();
    [[nodiscard]] bool showsProblem() const noexcept { return m_problem; }

Q_SIGNALS:
    void takeTheirsRequested();
    void writeMineRequested();
    void editRequested();
    void discardRequested();

private:
    struct Sentence
    {
        QLatin1StringView sign;
        Tone tone = Tone::Text;
        QString verdict;
        QString details;
    };
    [[nodiscard]] static Sentence sentenceFor(const Outcome &outcome, const QString &what);
    [[nodiscard]] static QString savedWords(EditKind kind);
    /// Tells a screen reader once; saved writes stay silent.
    void announce();
    void present(const Sentence &sentence);
    QPushButton *addButton(const QString &text, void (ReceiptPane::*clicked)());

    SignLabel *m_sign;
    ElidingLabel *m_verdict;
    ElidingLabel *m_details;
    TimingBar *m_timings;
    QPushButton *m_takeTheirs;
    QPushButton *m_writeMine;
    QPushButton *m_edit;
    QPushButton *m_discard;
    bool m_problem = false;
};

} // namespace throughline
