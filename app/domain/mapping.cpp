// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/mapping.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace throughline {

using namespace Qt::StringLiterals;

QByteArray Mapping::hashKey(const RowKey &rowKey) const
{
    return config.prefix + rowKey.text;
}

QByteArray Mapping::leaseKey(const RowKey &rowKey) const
{
    // The braces put the lease into the hash slot of the row's own key in Redis Cluster.
    return '{' + hashKey(rowKey) + "}:lease";
}

QByteArray Mapping::stagedKey(const RowKey &rowKey) const
{
    return config.stagingPrefix + '{' + hashKey(rowKey) + '}';
}

QByteArray Mapping::workKey(const RowKey &rowKey) const
{
    return '{' + hashKey(rowKey) + "}:wip";
}

QByteArray Mapping::answerKey(const RowKey &rowKey, const QByteArray &uuid) const
{
    return '{' + hashKey(rowKey) + '}' + uuid;
}

std::optional<int> Mapping::fieldNamed(const QString &name) const
{
    const auto indexOf = [this](auto matches) -> std::optional<int> {
        const auto found = std::ranges::find_if(fields, matches);
        if (found == fields.end())
            return std::nullopt;
        return static_cast<int>(found - fields.begin());
    };
    if (const auto byColumn = indexOf([&](const Field &field) { return field.column.name == name; }))
        return byColumn;
    const QByteArray hashField = name.toUtf8();
    return indexOf([&](const Field &field) { return field.hashField == hashField; });
}

bool isUsableKey(const RowKey &key)
{
    return !key.text.isEmpty() && !key.text.contains('{') && !key.text.contains('}');
}

StoreError unusableKey(const ColumnInfo &key)
{
    StoreError error;
    error.kind = ErrorKind::InvalidValue;
    error.column = key.name;
    error.message = QCoreApplication::translate(
        "Mapping", "A key may not hold { or }: Redis would take them for a part of its own. Choose another key.");
    return error;
}

bool isSecretColumn(const QString &column)
{
    static constexpr std::array marks{"password"_L1, "passwd"_L1, "pwhash"_L1, "secret"_L1, "token"_L1};
    return std::ranges::any_of(marks,
                               [&](QLatin1StringView mark) { return column.contains(mark, Qt::CaseInsensitive); });
}

} // namespace throughline
