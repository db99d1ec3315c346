// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/sandbox.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <cstdio>
#include <unistd.h>

using namespace throughline;

namespace {

void say(const char *word, const QString &text)
{
    std::printf("%s %s\n", word, qUtf8Printable(text));
    std::fflush(stdout);
}

} // namespace

// sandboxprobe DATADIR: one line for each signal of the sandbox; stops it at the end of stdin.
int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    SandboxOptions options;
    options.dataDir = QCoreApplication::arguments().value(1);
    options.syncNewCluster = false;
    Sandbox sandbox(options);
    QObject::connect(&sandbox, &Sandbox::started, &app,
                     [&] { say(sandbox.ownsServers() ? "owns" : "uses", sandbox.endpoints().conninfo); });
    QObject::connect(&sandbox, &Sandbox::failed, &app, [](const StoreError &error) { say("failed", error.message); });
    QObject::connect(&sandbox, &Sandbox::serverDied, &app, [](const QString &text) { say("died", text); });
    QObject::connect(&sandbox, &Sandbox::ownerEnded, &app, [] { say("ownerended", {}); });
    QObject::connect(&sandbox, &Sandbox::stopped, &app, [&] {
        say("stopped", {});
        app.quit();
    });
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &app, [&] {
        char byte = 0;
        if (read(STDIN_FILENO, &byte, 1) > 0)
            return;
        input.setEnabled(false);
        sandbox.stop();
    });
    sandbox.start();
    return app.exec();
}
