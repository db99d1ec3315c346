// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QList>
#include <QString>

#include <utility>

namespace throughline {

/// A conninfo (text or URI) taken apart by libpq into the parameters that it names, in libpq's order.
using ConninfoParameters = QList<std::pair<QString, QString>>;

[[nodiscard]] Result<ConninfoParameters> parseConninfo(const QString &conninfo);
/// `keyword='value'` with libpq's quoting.
[[nodiscard]] QString quotedParameter(const QString &keyword, const QString &value);
[[nodiscard]] bool hasParameter(const ConninfoParameters &parameters, const QString &keyword);
/// For people and logs: the same parameters without the passwords.
[[nodiscard]] QString withoutPassword(const QString &conninfo);
/// "shop at db1.example.net" for people; never user or password.
[[nodiscard]] QString describeConninfo(const QString &conninfo);

} // namespace throughline
