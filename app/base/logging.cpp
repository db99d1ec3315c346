// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/logging.h"

namespace throughline {

Q_LOGGING_CATEGORY(lcSandbox, "throughline.sandbox", QtInfoMsg)
Q_LOGGING_CATEGORY(lcEngine, "throughline.engine", QtInfoMsg)

} // namespace throughline
