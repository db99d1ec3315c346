// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/appconfig.h"
#include "domain/mapping.h"
#include "domain/safety.h"
#include "engine/enginesettings.h"
#include "sandbox/sandboxpaths.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <vector>

namespace throughline {

/// What the window must ask before the program may change the user's database.
struct PreparationQuestion
{
    QString table;             ///< `public.users`, or the names of several with a comma between them
    QString database;          ///< `shop at db1.example.net`
    QString sql;               ///< the exact statements
    QStringList missingRights; ///< why this role cannot run them itself; a sentence each, empty when it can
};

struct SessionOptions
{
    bool tcp = false;            ///< the sandbox also listens on loopback ports
    bool agreeToPrepare = false; ///< the command that runs is the agreement
    bool forcesSandbox = false;  ///< the private servers, whatever the configuration says
    bool opensTable = true;      ///< false: servers and settings only; the caller looks at the table itself
    bool opensAllTables = false; ///< every configured one, not only the first: for what serves them all
};

/// The composition root that both executables share: configuration -> sandbox or given servers -> checked mapping ->
/// prepared tables -> settings for the engine. Lives on the main thread; connecting and preparing run on a thread of
/// its own, so that nothing here blocks.
class Session final : public QObject
{
    Q_OBJECT

public:
    explicit Session(AppConfig config, SessionOptions options = {}, QObject *parent = nullptr);
    ~Session() override;

    /// Ends in ready(), failed() or preparationNeeded(). May be called again after failed().
    void open();
    /// The user's yes to preparationNeeded(); goes on to ready() or failed().
    void agreeToPrepare();
    /// Stops the sandbox when it is ours; closed() follows.
    void close();

    // After ready():
    [[nodiscard]] const Mapping &mapping() const noexcept; ///< of the main table
    /// Of every table that was opened, the main table first.
    [[nodiscard]] const std::vector<Mapping> &mappings() const noexcept;
    [[nodiscard]] const EngineSettings &engineSettings() const noexcept;
    [[nodiscard]] Environment environment() const noexcept;
    [[nodiscard]] bool usesSandbox() const noexcept;
    [[nodiscard]] bool ownsSandbox() const noexcept; ///< false: another program's servers are used
    [[nodiscard]] SandboxEndpoints sandboxEndpoints() const;
    /// "Sandbox", or "shop at db1.example.net".
    [[nodiscard]] QString connectionName() const;
    [[nodiscard]] QString dataDirectory() const; ///< of the sandbox
    [[nodiscard]] const AppConfig &config() const noexcept;

Q_SIGNALS:
    void progress(const QString &step);
    void ready();
    void preparationNeeded(const throughline::PreparationQuestion &question);
    void failed(const throughline::StoreError &error);
    void closed();
    /// The sandbox belonged to another program and that has ended; open() starts the servers again.
    void sandboxOwnerEnded();
    void serverDied(const QString &sentence);

private:
    void makeSandbox();
    void startOpener();
    Q_INVOKABLE void takeAnswer();

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace throughline
