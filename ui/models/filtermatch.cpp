// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/filtermatch.h"

namespace throughline {

bool passesFilter(const Mapping &mapping, const RowFilter &filter, const Row &row)
{
    if (filter.contains.isEmpty())
        return true;
    for (size_t field = 0; field < row.values.size() && field < mapping.fields.size(); ++field) {
        const auto &value = row.values[field];
        const bool text = mapping.fields[field].column.kind == ColumnKind::Text;
        if (text && value && QString::fromUtf8(*value).contains(filter.contains, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

} // namespace throughline
