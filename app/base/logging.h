// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace throughline {

// Row values and secrets never go into a log: statement names, SQLSTATEs, keys and counts only.
Q_DECLARE_LOGGING_CATEGORY(lcSandbox)
Q_DECLARE_LOGGING_CATEGORY(lcEngine)

} // namespace throughline
