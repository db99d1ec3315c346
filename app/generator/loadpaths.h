// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/interrupt.h"
#include "generator/loadsettings.h"
#include "generator/loadtarget.h"
#include "generator/writepath.h"

#include <memory>

namespace throughline {

/// The path of a run: makes each worker its own, and has what they need together. Made before the workers and destroyed
/// after them.
class LoadPaths final
{
public:
    LoadPaths(const LoadTarget &target, LoadPath path, const Interrupt *interrupt);
    ~LoadPaths();
    LoadPaths(const LoadPaths &) = delete;
    LoadPaths &operator=(const LoadPaths &) = delete;

    [[nodiscard]] std::unique_ptr<WritePath> forWorker(int worker) const;

private:
    const LoadTarget &m_target;
    LoadPath m_path;
    const Interrupt *m_interrupt;
};

} // namespace throughline
