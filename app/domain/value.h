// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace throughline {

/// One value as the text PostgreSQL itself prints (UTF-8), or NULL. In the hash a NULL is an absent field.
using Value = std::optional<QByteArray>;

} // namespace throughline
