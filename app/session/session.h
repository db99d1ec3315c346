// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "config/appconfig.h"
#include "domain/mapping.h"
#include "domain/safety.h"
#include "engine/enginesettings.h"

#include <QObject>

#include <memory>

namespace throughline {

/// What the window must ask before the program may change the user's database.
struct PreparationQuestion
{
    QString table;       ///< `public.users`
    QString database;    ///< `shop at db1.example.net`
    QString sql;         ///< the exact statements
    bool createsTable = false;
};

/// The composition root that both executables share: configuration -> sandbox or given servers -> checked mapping ->
/// prepared table -> settings for the engine. Lives on the main thread; connecting and preparing run on a thread of
/// its own, so that nothing here blocks.
class Session final : public QObject
{
    Q_OBJECT

public:
    explicit Session(AppConfig config, QObject *parent = nullptr);
    ~Session() override;

    /// Ends in ready(), failed() or preparationNeeded(). May be called again after failed().
    void open();
    /// The user's yes to preparationNeeded(); goes on to ready() or failed().
    void agreeToPrepare();
    /// Stops the sandbox when it is ours; closed() follows.
    void close();

    // After ready():
    [[nodiscard]] const Mapping &mapping() const noexcept;
    [[nodiscard]] const EngineSettings &engineSettings() const noexcept;
    [[nodiscard]] Environment environment() const noexcept;
    [[nodiscard]] bool usesSandbox() const noexcept;
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
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace throughline
