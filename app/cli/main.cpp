// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/application.h"
#include "cli/signalwatcher.h"

#include <QCoreApplication>
#include <QFile>

#include <unistd.h>

int main(int argc, char *argv[])
{
    using namespace throughline;
    using namespace throughline::cli;
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("throughlinectl"));
    QCoreApplication::setApplicationVersion(QStringLiteral(THROUGHLINE_VERSION));

    QFile out, err;
    std::ignore = out.open(stdout, QIODevice::WriteOnly);
    std::ignore = err.open(stderr, QIODevice::WriteOnly);
    Console console(&out, &err, false);
    console.setTerminal(isatty(STDERR_FILENO) == 1);
    Interrupt interrupt;
    SignalWatcher signalWatcher(interrupt);
    Application application(console, &interrupt, SignalWatcher::lastSignal());
    QObject::connect(&signalWatcher, &SignalWatcher::received, &application, &Application::interrupted);
    QObject::connect(
        &application, &Application::finished, &app, [](int code) { QCoreApplication::exit(code); },
        Qt::QueuedConnection);
    application.start(QCoreApplication::arguments());
    return QCoreApplication::exec();
}
