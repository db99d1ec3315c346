// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event.h"

#include <QHash>
#include <QMap>
#include <QStringList>

#include <vector>

namespace throughline::faults {

/// One committed change of one row; `order` is drawn under the row lock.
struct AuditRow
{
    qint64 order = 0;
    QByteArray key;
    qint64 version = 0;
    QByteArray op;
    bool deleted = false;
    QByteArray value;
    QByteArray transaction;
};

/// The verdict on one staged write.
struct VerdictRow
{
    QByteArray key;
    QByteArray uuid;
    char what = '?'; ///< the operation
    bool done = false;
    QByteArray transaction; ///< that has written it down
    qint64 at = 0;          ///< as Event::at; its commit is a little later
};

/// What one store holds of one row.
struct StoredRow
{
    qint64 version = 0;
    QMap<QByteArray, QByteArray> fields; ///< by hash field; NULL is absent

    friend bool operator==(const StoredRow &, const StoredRow &) = default;
};

/// Both stores when everything is quiet.
struct Stores
{
    QHash<QByteArray, StoredRow> table;
    QHash<QByteArray, StoredRow> cache;
    QStringList strangeKeys;                   ///< of Redis: of another type, or of an operation that should have ended
    qint64 undrained = 0;                      ///< rows of the outbox that nobody has confirmed
    QHash<QByteArray, QByteArrayList> answers; ///< to staged writes, by the name of the stream: done or failed
};

/// A row as it stood, drained and quiet, before the first event.
struct KnownRow
{
    qint64 version = 0;
    QByteArray value;
};
using Baseline = QHash<QByteArray, KnownRow>;

struct Violation
{
    QByteArray rule; ///< C1 .. C6 of PROTOCOL.md, section 13
    QString sentence;
};
using Violations = std::vector<Violation>;

/// A whole run, or the part of it between two quiet moments.
struct Record
{
    std::vector<Event> events;   ///< in the order of time
    std::vector<AuditRow> audit; ///< in the order of `order`
    std::vector<VerdictRow> verdicts{};
    Baseline before;
    Stores after;
};

/// C1: what readers got was committed, and not before its commit began.
[[nodiscard]] Violations checkReadsAreCommitted(const Record &record);
/// C2: a hash that stays does not go back; in the audit the versions of a key rise.
[[nodiscard]] Violations checkVersionsRise(const Record &record);
/// C3: after "saved" nobody reads an older row.
[[nodiscard]] Violations checkAcknowledged(const Record &record);
/// C4: at rest both stores are equal and nothing waits.
[[nodiscard]] Violations checkAtRest(const Record &record);
/// C5: each write is applied at most once, and what its writer was told is true.
[[nodiscard]] Violations checkAnswers(const Record &record);
/// C6: a staged write gets one true answer, and is applied once or not at all as it says.
[[nodiscard]] Violations checkStaged(const Record &record);

[[nodiscard]] Violations check(const Record &record);

} // namespace throughline::faults
