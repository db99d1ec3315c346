// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/postgressetup.h"
#include "sandbox/privateserver.h"
#include "sandbox/sandboxpaths.h"

#include <optional>

namespace throughline {

/// The private PostgreSQL: makes its cluster at the first start. Lives on the main thread.
class PostgresServer final : public PrivateServer
{
    Q_OBJECT

public:
    struct Options
    {
        SandboxPaths paths;
        QString binaries;    ///< the directory of postgres and initdb
        quint16 tcpPort = 0; ///< 0: Unix socket only
        QByteArray password; ///< of the role, for TCP
        bool syncNewCluster = true;
    };

    PostgresServer(Options options, const ServiceAccount &account, ServerTimes times, QObject *parent);

    [[nodiscard]] QString conninfo() const;
    [[nodiscard]] QString tcpConninfo() const;

protected:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] Store store() const override { return Store::Postgres; }
    [[nodiscard]] Predecessor predecessor() const override;
    void prepare() override;
    [[nodiscard]] ChildCommand command() const override;
    [[nodiscard]] Probe probe() override;
    void resetProbe() override { m_setup.reset(); }
    [[nodiscard]] QString probeError() const override { return m_error; }
    [[nodiscard]] bool isPassing(const QString &complaint) const override;
    [[nodiscard]] bool interruptPreparation() override;

private:
    [[nodiscard]] QString initdbLog() const;
    [[nodiscard]] quint16 port() const;
    void onInitdbEnded(const QString &reason);

    Options m_options;
    ChildProcess m_initdb;
    std::optional<PostgresSetup> m_setup;
    QString m_newCluster; ///< made beside its place and moved there whole
    QString m_error;
    bool m_interrupted = false;
};

} // namespace throughline
