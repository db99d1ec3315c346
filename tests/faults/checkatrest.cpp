// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkerindex.h"

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

QString firstDifference(const StoredRow &row, const StoredRow &hash)
{
    for (auto field = row.fields.cbegin(); field != row.fields.cend(); ++field) {
        if (!hash.fields.contains(field.key()))
            return u"field %1 is missing in the cache"_s.arg(QString::fromUtf8(field.key()));
        if (hash.fields.value(field.key()) != field.value())
            return u"field %1 differs"_s.arg(QString::fromUtf8(field.key()));
    }
    for (auto field = hash.fields.cbegin(); field != hash.fields.cend(); ++field) {
        if (!row.fields.contains(field.key()))
            return u"field %1 is NULL in the table"_s.arg(QString::fromUtf8(field.key()));
    }
    return u"the versions differ"_s;
}

} // namespace

Violations checkAtRest(const Record &record)
{
    Violations violations;
    const Stores &stores = record.after;
    for (auto hash = stores.cache.cbegin(); hash != stores.cache.cend(); ++hash) {
        const auto row = stores.table.constFind(hash.key());
        if (row == stores.table.cend())
            violations.push_back({"C4", u"At rest the cache holds %1 with version %2, and there is no such row."_s.arg(
                                            users(hash.key()), QString::number(hash->version))});
        else if (*row != *hash)
            violations.push_back({"C4", u"At rest %1 has version %2 in the table and %3 in the cache: %4."_s.arg(
                                            users(hash.key()), QString::number(row->version),
                                            QString::number(hash->version), firstDifference(*row, *hash))});
    }
    for (const QString &key : stores.strangeKeys)
        violations.push_back({"C4", u"At rest Redis holds %1, which should not be there."_s.arg(key)});
    // Rows of the outbox that wait are counted by themselves: record.after.undrained.
    return violations;
}

} // namespace throughline::faults
