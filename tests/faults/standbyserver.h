// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faultservers.h"

#include "sandbox/childprocess.h"

#include <memory>

namespace throughline::faults {

/// A synchronous standby of the primary, which takes over when the primary is killed (T10). Lives on the main thread;
/// its waits run the event loop.
class StandbyServer final
{
public:
    explicit StandbyServer(FaultServers &primary);
    ~StandbyServer();
    StandbyServer(const StandbyServer &) = delete;
    StandbyServer &operator=(const StandbyServer &) = delete;

    /// Where it will listen: to be named after the primary's directory in a conninfo.
    [[nodiscard]] static QString socketDirectory(FaultServers &primary);

    /// From now on no commit of the primary is answered before it is here.
    [[nodiscard]] bool start();
    /// Kills the primary and becomes it. What looks at the servers looks here then.
    bool takeOver();
    [[nodiscard]] const QString &error() const noexcept { return m_error; }

private:
    [[nodiscard]] bool copyPrimary(const ServiceAccount &account, const QString &binaries);
    [[nodiscard]] bool run(const ServiceAccount &account, const QString &binaries);
    bool fail(const QString &why);

    FaultServers &m_primary;
    QString m_data;
    std::unique_ptr<ChildProcess> m_server;
    QString m_error;
};

} // namespace throughline::faults
