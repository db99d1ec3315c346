// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QApplication;
class QDBusVariant;

namespace throughline {

/// Which palette the window takes.
enum class Look { System, Light, Dark };

/// Gives the application its style, palette and font, and keeps the palette in step with the desktop's light or dark.
/// Where the desktop brings a style of its own (not Fusion) style, palette and font stay the desktop's.
///
/// The environment variable THROUGHLINE_LOOK (light, dark) wins over the desktop; pictures and tests use it.
class Theme final : public QObject
{
    Q_OBJECT

public:
    explicit Theme(QApplication &application, QObject *parent = nullptr);

    [[nodiscard]] Look look() const noexcept { return m_look; }
    void setLook(Look look);
    [[nodiscard]] bool isDark() const noexcept;

Q_SIGNALS:
    void changed(bool dark);

private Q_SLOTS:
    void onPortalSetting(const QString &group, const QString &key, const QDBusVariant &value);

private:
    void followDesktop();
    void askPortal();
    void setDesktopDark(bool dark);
    void apply();

    QApplication &m_application;
    Look m_look = Look::System;
    bool m_ownStyle = false;
    bool m_desktopDark = false;
};

} // namespace throughline
