// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace throughline {

/// The families of types that differ in editor, validation or comparison.
enum class ColumnKind {
    Integer,
    Numeric,
    Float,
    Text,
    Boolean,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Uuid,
    Enumeration,
    Other, ///< shown and cached as text; PostgreSQL is the judge of what is typed
};

/// What the catalog says of one column.
struct ColumnInfo
{
    QString name;
    QString typeName; ///< as SQL names it, e.g. `character varying(255)`; for people
    QString
        castName; ///< quoted and without length, e.g. `pg_catalog."varchar"`: a cast with a length would cut silently
    ColumnKind kind = ColumnKind::Text;
    bool nullable = true;
    bool hasDefault = false; ///< default, identity or serial
    bool unique = false;     ///< a single-column unique index stands on it
    bool generated = false;  ///< GENERATED ALWAYS: cannot be written
    int maxLength = -1;      ///< characters, -1 for unlimited
    int bytes = 0;           ///< width of an Integer: 2, 4 or 8
    int precision = -1;      ///< of a Numeric, -1 for any
    int scale = 0;           ///< of a Numeric
    QStringList labels;      ///< of an Enumeration

    friend bool operator==(const ColumnInfo &, const ColumnInfo &) = default;
};

} // namespace throughline
