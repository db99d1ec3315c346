// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/keyorder.h"

#include <algorithm>

namespace throughline {

bool KeyOrder::less(const RowKey &a, const RowKey &b) const
{
    return m_numeric ? a.text.toLongLong() < b.text.toLongLong() : a.text < b.text;
}

bool KeyOrder::isOrdered(const std::vector<RowKey> &keys) const
{
    return std::ranges::is_sorted(keys, [this](const RowKey &a, const RowKey &b) { return less(a, b); });
}

} // namespace throughline
