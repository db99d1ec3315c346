// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/edit.h"
#include "domain/mapping.h"

#include <QStringList>

#include <vector>

namespace throughline::cli {

/// A key as it was typed, checked by its type. PostgreSQL brings it into the form that names the hash
/// (RowStore::canonicalKey).
[[nodiscard]] Result<RowKey> keyArgument(const Mapping &mapping, const QString &typed);

/// `column=value` (also empty) and `column:null`, by column or hash field, validated against the column.
[[nodiscard]] Result<std::vector<FieldChange>> changeArguments(const Mapping &mapping, const QStringList &words);

} // namespace throughline::cli
