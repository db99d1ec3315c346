// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/columninfo.h"
#include "domain/value.h"

#include <QString>

#include <optional>

namespace throughline {

/// Why a typed value cannot be sent, as one whole sentence that names the column; nothing when it can.
/// Checks what the catalog knows (type, length, range, NULL); constraints are PostgreSQL's to judge.
[[nodiscard]] std::optional<QString> validate(const ColumnInfo &column, const Value &value);

/// What a person typed, brought into the form that is sent: outer white space dropped where the type allows none.
[[nodiscard]] QByteArray normalised(const ColumnInfo &column, const QString &typed);

} // namespace throughline
