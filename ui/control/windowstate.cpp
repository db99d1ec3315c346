// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/windowstate.h"

#include "ui/mainwindow.h"

#include <QScreen>

namespace throughline {

using namespace Qt::StringLiterals;

WindowState::WindowState()
    : m_settings(QSettings::IniFormat, QSettings::UserScope, u"throughline"_s, u"window"_s)
{
}

void WindowState::restoreGeometryOf(QMainWindow &window) const
{
    if (window.restoreGeometry(m_settings.value(u"geometry"_s).toByteArray()))
        return;
    // The frame comes on top, and a first window that reaches below the screen hides its status line.
    static constexpr QSize frame(16, 60);
    const QSize room = window.screen()->availableGeometry().size() - frame;
    window.resize(window.size().boundedTo(room).expandedTo(window.minimumSize()));
}

void WindowState::saveGeometryOf(const QMainWindow &window)
{
    m_settings.setValue(u"geometry"_s, window.saveGeometry());
}

void WindowState::restoreDocksOf(MainWindow &window) const
{
    window.restoreDocks(m_settings.value(u"docks"_s).toByteArray());
}

void WindowState::saveDocksOf(const MainWindow &window)
{
    m_settings.setValue(u"docks"_s, window.saveDocks());
}

Look WindowState::look() const
{
    const QString word = m_settings.value(u"look"_s).toString();
    return word == "light"_L1 ? Look::Light : word == "dark"_L1 ? Look::Dark : Look::System;
}

void WindowState::setLook(Look look)
{
    m_settings.setValue(u"look"_s, look == Look::Light ? u"light"_s : look == Look::Dark ? u"dark"_s : u"system"_s);
}

QString WindowState::generatorProfile() const
{
    return m_settings.value(u"generatorProfile"_s).toString();
}

QString WindowState::generatorSeed() const
{
    return m_settings.value(u"generatorSeed"_s).toString();
}

void WindowState::setGenerator(const QString &profile, const QString &seed)
{
    m_settings.setValue(u"generatorProfile"_s, profile);
    m_settings.setValue(u"generatorSeed"_s, seed);
}

bool WindowState::firstStepsHidden() const
{
    return m_settings.value(u"firstStepsHidden"_s).toBool();
}

void WindowState::setFirstStepsHidden(bool hidden)
{
    m_settings.setValue(u"firstStepsHidden"_s, hidden);
}

} // namespace throughline
