// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/bar.h"

#include <QDeadlineTimer>
#include <QLatin1StringView>

#include <optional>

namespace throughline {

class Chip;
class ElidingLabel;
class SignLabel;
struct PaneContent;

/// The header of a pane: icon, title, place, then TTL, version and verdict. Its height comes from the font alone, so
/// that the rows of both panes stay aligned whatever the chip says.
class PaneHeader final : public Bar
{
    Q_OBJECT

public:
    PaneHeader(QLatin1StringView icon, const QString &title, QWidget *parent = nullptr);

    void showContent(const PaneContent &content);
    /// Counts the TTL down by the clock; called once a second.
    void tick();
    /// The accent line that says that the keyboard is in this pane.
    void setFocusShown(bool shown);
    [[nodiscard]] QString spokenState() const;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void showTtl();

    ElidingLabel *m_title;
    ElidingLabel *m_place;
    SignLabel *m_clock;
    ElidingLabel *m_ttl;
    ElidingLabel *m_version;
    Chip *m_chip;
    std::optional<qint64> m_ttlMs;
    QDeadlineTimer m_expiry;
    bool m_focusShown = false;
};

} // namespace throughline
