// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QBoxLayout;
class QLabel;
class QWidget;

/// What all dialogs are made of, so that they look alike.
namespace throughline::dialogs {

inline constexpr int groupGap = 12;

void giveMargins(QBoxLayout *layout);
[[nodiscard]] QLabel *title(const QString &text, QWidget *parent);
[[nodiscard]] QLabel *paragraph(const QString &text, QWidget *parent);

} // namespace throughline::dialogs
