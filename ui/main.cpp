// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/configloader.h"
#include "ui/control/windowcontroller.h"
#include "ui/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QIcon>
#include <QProcessEnvironment>
#include <QTextStream>

namespace {

using namespace Qt::StringLiterals;

throughline::CommandLineSettings settingsFrom(const QCoreApplication &app)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("main", text); };
    QCommandLineParser parser;
    parser.setApplicationDescription(
        tr("Edits a PostgreSQL table that is cached in Redis, write-through to both. Without --pg and --redis private "
           "servers are started."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({{u"config"_s, tr("Configuration file."), u"FILE"_s},
                       {u"pg"_s, tr("PostgreSQL connection, as libpq reads it."), u"CONNINFO"_s},
                       {u"redis"_s, tr("Redis address."), u"URL"_s},
                       {u"data"_s, tr("Directory of the private servers."), u"DIR"_s}});
    parser.process(app);
    return {parser.value(u"config"_s), parser.value(u"pg"_s), parser.value(u"redis"_s), parser.value(u"data"_s)};
}

} // namespace

int main(int argc, char *argv[])
{
    using namespace throughline;
    QApplication app(argc, argv);
    QApplication::setApplicationName(u"throughline"_s);
    QApplication::setApplicationDisplayName(u"Throughline"_s);
    QApplication::setApplicationVersion(QStringLiteral(THROUGHLINE_VERSION));
    QApplication::setWindowIcon(QIcon(u":/throughline/throughline.svg"_s));
    QGuiApplication::setDesktopFileName(u"throughline"_s);
    QApplication::setQuitOnLastWindowClosed(false); // the servers end before the program does

    const auto config = ConfigLoader(settingsFrom(app), QProcessEnvironment::systemEnvironment()).load();
    if (!config) {
        QTextStream(stderr) << config.error().message << '\n';
        return 2;
    }
    Theme theme(app);
    WindowController controller(*config, theme);
    QObject::connect(&controller, &WindowController::closed, &app, &QCoreApplication::quit, Qt::QueuedConnection);
    controller.start();
    return QApplication::exec();
}
