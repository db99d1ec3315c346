// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadsettings.h"
#include "generator/loadtarget.h"
#include "generator/writepath.h"
#include "messaging/stopsignal.h"

#include <memory>

namespace throughline {

class StagedWorker;

/// The path of a run: makes each worker its own, and has what they need together: for staged writes the threads that
/// carry them out, beside any gateway. Made before the workers and destroyed after them.
class LoadPaths final
{
public:
    LoadPaths(const LoadTarget &target, LoadPath path, int workers, const StopSignal &signal);
    ~LoadPaths();
    LoadPaths(const LoadPaths &) = delete;
    LoadPaths &operator=(const LoadPaths &) = delete;

    [[nodiscard]] std::unique_ptr<WritePath> forWorker(int worker) const;

private:
    void serveStagedWrites();

    const LoadTarget &m_target;
    LoadPath m_path;
    int m_workers;
    const StopSignal &m_signal;
    QByteArray m_run; ///< in the names of streams
    std::unique_ptr<StagedWorker> m_server;
};

} // namespace throughline
