// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace throughline::cli {

/// Makes room for a Unix socket at `path`: removes one that a dead process has left there, and never anything else.
/// Otherwise a sentence that says what is in the way.
[[nodiscard]] QString removeStaleSocket(const QString &path);

} // namespace throughline::cli
