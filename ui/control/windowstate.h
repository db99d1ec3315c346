// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme.h"

#include <QSettings>

class QMainWindow;

namespace throughline {

class MainWindow;

/// What the window remembers from one run to the next: its size, its docks, the look, the generator's
/// settings, hidden first steps.
/// Nothing about rows or connections.
class WindowState final
{
public:
    WindowState();

    void restoreGeometryOf(QMainWindow &window) const;
    void saveGeometryOf(const QMainWindow &window);
    void restoreDocksOf(MainWindow &window) const;
    void saveDocksOf(const MainWindow &window);
    [[nodiscard]] Look look() const;
    void setLook(Look look);
    /// The generator's settings as a profile, and its seed as typed; empty at first.
    [[nodiscard]] QString generatorProfile() const;
    [[nodiscard]] QString generatorSeed() const;
    void setGenerator(const QString &profile, const QString &seed);
    [[nodiscard]] bool firstStepsHidden() const;
    void setFirstStepsHidden(bool hidden);

private:
    QSettings m_settings;
};

} // namespace throughline
