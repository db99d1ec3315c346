// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadpaths.h"

#include "generator/directpath.h"

namespace throughline {

LoadPaths::LoadPaths(const LoadTarget &target, LoadPath path, const Interrupt *interrupt)
    : m_target(target)
    , m_path(path)
    , m_interrupt(interrupt)
{
}

LoadPaths::~LoadPaths() = default;

std::unique_ptr<WritePath> LoadPaths::forWorker(int) const
{
    return std::make_unique<DirectPath>(m_target.mapping, m_target.settings, m_interrupt);
}

} // namespace throughline
