// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/generatorfiles.h"

#include "generator/loadprofile.h"
#include "generator/loadreporttext.h"
#include "ui/charts/chartspane.h"
#include "ui/mainactions.h"
#include "ui/mainwindow.h"
#include "ui/panes/generatorform.h"
#include "ui/panes/generatorpane.h"

#include <QAction>
#include <QRandomGenerator>

#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr quint32 highestSeed = 1'000'000;

} // namespace

GeneratorFiles::GeneratorFiles(MainWindow &window, GeneratorPane &pane, QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_pane(pane)
{
    const auto on = [this, &window](Command command, const QString &title, QFileDialog::AcceptMode mode,
                                    const QString &name, const QStringList &filters, const Work &work) {
        connect(window.actions().action(command), &QAction::triggered, this,
                [=, this] { ask(title, mode, name, filters, work); });
    };
    const QStringList profiles{tr("Profiles (*.ini)"), tr("All files (*)")};
    on(Command::OpenProfile, tr("Open profile"), QFileDialog::AcceptOpen, {}, profiles,
       [this](const QString &file) { return openProfile(file); });
    on(Command::SaveProfile, tr("Save profile"), QFileDialog::AcceptSave, u"profile.ini"_s, profiles,
       [this](const QString &file) { return saveProfile(file); });
    on(Command::SaveReport, tr("Save report"), QFileDialog::AcceptSave, u"report.txt"_s,
       {tr("Text (*.txt)"), tr("JSON (*.json)")}, [this](const QString &file) { return saveReport(file); });
    on(Command::SavePicture, tr("Save charts"), QFileDialog::AcceptSave, u"charts.png"_s, {tr("Pictures (*.png)")},
       [this](const QString &file) { return m_pane.charts().savePicture(file); });
    // What is to be saved is what is seen.
    connect(window.actions().action(Command::SavePicture), &QAction::triggered, &window, &MainWindow::showGenerator);
    on(Command::SaveValues, tr("Save values"), QFileDialog::AcceptSave, u"values.csv"_s, {tr("Tables (*.csv)")},
       [this](const QString &file) { return m_pane.charts().saveValues(file); });
}

void GeneratorFiles::setReport(const LoadReport &report)
{
    m_report = report;
    m_window.actions().setReportThere();
}

void GeneratorFiles::setRunning(bool running)
{
    m_window.actions().action(Command::OpenProfile)->setEnabled(!running);
    m_window.actions().action(Command::VerifyAfterRun)->setEnabled(!running);
}

/// The dialog is open, not executed: the run and the window go on beside it.
void GeneratorFiles::ask(const QString &title, QFileDialog::AcceptMode mode, const QString &name,
                         const QStringList &filters, Work work)
{
    auto *dialog = new QFileDialog(&m_window, title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(mode);
    dialog->setFileMode(mode == QFileDialog::AcceptOpen ? QFileDialog::ExistingFile : QFileDialog::AnyFile);
    dialog->setNameFilters(filters);
    if (!name.isEmpty()) {
        dialog->selectFile(name);
        dialog->setDefaultSuffix(name.section(u'.', -1));
    }
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.section(u"*."_s, 1, 1).section(u')', 0, 0).section(u' ', 0, 0));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, mode, work = std::move(work)](const QString &file) {
        const Result<void> done = work(file);
        if (!done)
            Q_EMIT sentence(done.error().message);
        else
            Q_EMIT sentence((mode == QFileDialog::AcceptSave ? tr("Saved as %1.") : tr("Opened %1.")).arg(file));
    });
    dialog->open();
}

Result<void> GeneratorFiles::openProfile(const QString &fileName)
{
    const auto settings = loadprofile::read(fileName);
    if (!settings)
        return Failure(settings.error());
    Q_EMIT profileOpened(*settings);
    return {};
}

/// Whoever takes the file is to get the same sequence, so an empty seed becomes one.
Result<void> GeneratorFiles::saveProfile(const QString &fileName) const
{
    GeneratorTexts texts = m_pane.form().texts();
    texts.verifies = m_window.actions().action(Command::VerifyAfterRun)->isChecked();
    const auto settings = generatortexts::settingsFrom(texts, QRandomGenerator::global()->bounded(1U, highestSeed));
    if (settings)
        return loadprofile::save(*settings, fileName);
    StoreError error;
    error.message = tr("The profile was not saved. %1").arg(settings.error().sentence);
    return Failure(error);
}

Result<void> GeneratorFiles::saveReport(const QString &fileName) const
{
    if (m_report)
        return loadreporttext::save(*m_report, fileName);
    StoreError error;
    error.message = tr("No run has ended yet.");
    return Failure(error);
}

} // namespace throughline
