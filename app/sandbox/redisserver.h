// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sandbox/privateserver.h"
#include "sandbox/redisprobe.h"
#include "sandbox/sandboxpaths.h"

#include <optional>

namespace throughline {

/// The private Redis (or Valkey). Lives on the main thread.
class RedisServer final : public PrivateServer
{
    Q_OBJECT

public:
    struct Options
    {
        SandboxPaths paths;
        QString binary;
        quint16 tcpPort = 0; ///< 0: Unix socket only
        QByteArray password; ///< needed with a port; then it holds for the socket as well
    };

    RedisServer(Options options, const ServiceAccount &account, ServerTimes times, QObject *parent);

    [[nodiscard]] QString url() const;
    [[nodiscard]] QString tcpUrl() const;

protected:
    [[nodiscard]] QString name() const override;
    [[nodiscard]] Store store() const override { return Store::Redis; }
    [[nodiscard]] Predecessor predecessor() const override;
    void prepare() override;
    [[nodiscard]] ChildCommand command() const override;
    [[nodiscard]] Probe probe() override;
    void resetProbe() override { m_probe.reset(); }
    [[nodiscard]] QString probeError() const override { return {}; }

private:
    [[nodiscard]] QByteArray configuration() const;
    [[nodiscard]] bool writeConfiguration() const;

    Options m_options;
    std::optional<RedisProbe> m_probe;
};

} // namespace throughline
