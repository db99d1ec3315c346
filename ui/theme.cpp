// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme.h"

#include "ui/palettes.h"
#include "ui/throughlinestyle.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFontDatabase>
#include <QStyle>
#include <QStyleHints>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr auto appearanceGroup = "org.freedesktop.appearance"_L1;
constexpr auto colourSchemeKey = "color-scheme"_L1;
constexpr auto portalService = "org.freedesktop.portal.Desktop"_L1;
constexpr auto portalPath = "/org/freedesktop/portal/desktop"_L1;
constexpr auto portalInterface = "org.freedesktop.portal.Settings"_L1;
constexpr uint portalPrefersDark = 1;
constexpr double ownPointSize = 9.75;

Look lookFromEnvironment()
{
    const QString value = qEnvironmentVariable("THROUGHLINE_LOOK");
    if (value == "dark"_L1)
        return Look::Dark;
    return value == "light"_L1 ? Look::Light : Look::System;
}

// Without a platform theme Qt falls back to an alias that says nothing about the desktop's wish.
bool desktopNamesFont(const QFont &font)
{
    return font.family() != "Sans Serif"_L1 && font.family() != "Sans"_L1 && !font.family().isEmpty();
}

QFont ownFont(QFont font)
{
    const QStringList installed = QFontDatabase::families();
    for (const QString &family : {u"Noto Sans"_s, u"DejaVu Sans"_s}) {
        if (installed.contains(family)) {
            font.setFamily(family);
            break;
        }
    }
    font.setPointSizeF(ownPointSize);
    return font;
}

// The portal wraps the answer of Read in one variant more than that of its signal.
bool prefersDark(QVariant value)
{
    while (value.metaType() == QMetaType::fromType<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toUInt() == portalPrefersDark;
}

} // namespace

Theme::Theme(QApplication &application, QObject *parent)
    : QObject(parent)
    , m_application(application)
    , m_look(lookFromEnvironment())
    , m_ownStyle(application.style()->name().compare("fusion"_L1, Qt::CaseInsensitive) == 0)
{
    if (m_ownStyle)
        m_application.setStyle(new ThroughlineStyle);
    if (!desktopNamesFont(m_application.font()))
        m_application.setFont(ownFont(m_application.font()));
    followDesktop();
    apply();
}

void Theme::setLook(Look look)
{
    m_look = look;
    apply();
}

bool Theme::isDark() const noexcept
{
    return m_look == Look::System ? m_desktopDark : m_look == Look::Dark;
}

void Theme::followDesktop()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    QStyleHints *hints = QGuiApplication::styleHints();
    m_desktopDark = hints->colorScheme() == Qt::ColorScheme::Dark;
    connect(hints, &QStyleHints::colorSchemeChanged, this,
            [this](Qt::ColorScheme scheme) { setDesktopDark(scheme == Qt::ColorScheme::Dark); });
#else
    askPortal();
#endif
}

void Theme::askPortal()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(portalService, portalPath, portalInterface, u"SettingChanged"_s, this,
                SLOT(onPortalSetting(QString, QString, QDBusVariant)));
    QDBusMessage call = QDBusMessage::createMethodCall(portalService, portalPath, portalInterface, u"Read"_s);
    call << QString(appearanceGroup) << QString(colourSchemeKey);
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        watcher->deleteLater();
        if (!reply.isError())
            setDesktopDark(prefersDark(QVariant::fromValue(reply.value())));
    });
}

void Theme::onPortalSetting(const QString &group, const QString &key, const QDBusVariant &value)
{
    if (group == appearanceGroup && key == colourSchemeKey)
        setDesktopDark(prefersDark(value.variant()));
}

void Theme::setDesktopDark(bool dark)
{
    if (m_desktopDark == dark)
        return;
    m_desktopDark = dark;
    apply();
}

void Theme::apply()
{
    if (!m_ownStyle && m_look == Look::System)
        return;
    m_application.setPalette(paletteOf(isDark() ? darkColours() : lightColours()));
    Q_EMIT changed(isDark());
}

} // namespace throughline
