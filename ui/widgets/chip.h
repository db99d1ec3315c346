// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/palettes.h"

#include <QLatin1StringView>
#include <QWidget>

namespace throughline {

/// A word on a tint, with its sign: the verdict in a pane header, the environment in the status bar.
class Chip final : public QWidget
{
    Q_OBJECT

public:
    enum class Kind { Neutral, Pending, Saved, Failed, Conflict, Differs, Development, Production, ReadOnly };

    explicit Chip(QWidget *parent = nullptr);

    void setContent(Kind kind, QLatin1StringView sign, const QString &text);
    void setBold(bool bold);
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] Kind kind() const noexcept { return m_kind; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] InkAndTint colours() const;
    [[nodiscard]] QFont ownFont() const;

    QString m_text;
    QLatin1StringView m_sign;
    Kind m_kind = Kind::Neutral;
    bool m_bold = false;
};

} // namespace throughline
