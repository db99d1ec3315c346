// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "generator/loadreport.h"

#include <QFileDialog>
#include <QObject>

#include <functional>
#include <optional>

namespace throughline {

class GeneratorPane;
class MainWindow;

/// What of the generator is kept in files: profiles, the report of the last run, its charts and their values. Asks for
/// the name, and says what became of it.
class GeneratorFiles final : public QObject
{
    Q_OBJECT

public:
    GeneratorFiles(MainWindow &window, GeneratorPane &pane, QObject *parent = nullptr);

    void setReport(const LoadReport &report);
    /// The settings stay as they are while it runs.
    void setRunning(bool running);

Q_SIGNALS:
    void profileOpened(const throughline::LoadSettings &settings);
    void sentence(const QString &text);

private:
    using Work = std::function<Result<void>(const QString &fileName)>;
    void ask(const QString &title, QFileDialog::AcceptMode mode, const QString &name, const QStringList &filters,
             Work work);
    [[nodiscard]] Result<void> openProfile(const QString &fileName);
    [[nodiscard]] Result<void> saveProfile(const QString &fileName) const;
    [[nodiscard]] Result<void> saveReport(const QString &fileName) const;

    MainWindow &m_window;
    GeneratorPane &m_pane;
    std::optional<LoadReport> m_report;
};

} // namespace throughline
