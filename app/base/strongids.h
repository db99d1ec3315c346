// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHashFunctions>
#include <QUuid>

#include <compare>

namespace throughline {

/// A row's primary key as the text PostgreSQL prints for it (UTF-8).
struct RowKey
{
    QByteArray text;

    friend bool operator==(const RowKey &, const RowKey &) = default;
    friend bool operator<(const RowKey &a, const RowKey &b) { return a.text < b.text; }
    friend size_t qHash(const RowKey &key, size_t seed = 0) noexcept { return qHash(key.text, seed); }
};

/// The number a committed change of a row got from the one version sequence. 0 is "no version".
struct RowVersion
{
    qint64 number = 0;

    [[nodiscard]] bool isValid() const noexcept { return number > 0; }
    friend auto operator<=>(const RowVersion &, const RowVersion &) = default;
};

/// Names one edit from the grid to both stores and back; the same number is PROTOCOL's op id.
struct OpId
{
    QUuid uuid;

    [[nodiscard]] static OpId create() { return {QUuid::createUuid()}; }
    friend bool operator==(const OpId &, const OpId &) = default;
    friend bool operator<(const OpId &a, const OpId &b) { return a.uuid < b.uuid; }
    friend size_t qHash(const OpId &id, size_t seed = 0) noexcept { return qHash(id.uuid, seed); }
};

} // namespace throughline
