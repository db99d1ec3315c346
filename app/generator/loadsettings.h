// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDate>
#include <QString>

#include <vector>

namespace throughline {

/// The way a run's writes go.
enum class LoadPath {
    Direct,   ///< the engine, as edits of the grid do
    Staged,   ///< hashes `__{users:1}` that a gateway carries, each waiting for its answer
    Messages, ///< the stream, produced and consumed by the run
};

/// When the next write is made.
enum class Pacing {
    OpenLoop,   ///< on an absolute schedule, whether or not the ones before are answered
    ClosedLoop, ///< when the one before is answered, at most at the rate: latency hides what was not sent
};

/// Which rows are written.
struct RowChoice
{
    enum class Kind { Uniform, Zipf, HotSet, Sequential, Latest };
    Kind kind = Kind::Uniform;
    double exponent = 0.99; ///< of Zipf and Latest: above 0, below 2; the higher, the more unequal
    double hotRows = 0.1;   ///< of HotSet: this share of the rows (0..1) ...
    double hotWrites = 0.9; ///< ... gets this share of the writes

    friend bool operator==(const RowChoice &, const RowChoice &) = default;
};

/// How the value of one column is made.
struct ValueMaker
{
    enum class Kind { IntegerRange, Words, Dates, Email, Counter };
    Kind kind = Kind::IntegerRange;
    qint64 low = 1000;     ///< IntegerRange: both are included
    qint64 high = 999'999; ///< the same; the highest start of a Counter's worker is not bounded by it
    int words = 2;         ///< Words
    QDate from{1950, 1, 1};
    QDate to{2009, 12, 31}; ///< Dates: both are included
    qint64 start = 1;       ///< Counter, and the number in an Email

    friend bool operator==(const ValueMaker &, const ValueMaker &) = default;
};

struct FieldMaker
{
    QString column;
    ValueMaker maker;

    friend bool operator==(const FieldMaker &, const FieldMaker &) = default;
};

/// Shares of the operations; only their ratios matter. At least one is above 0, none below.
struct OperationMix
{
    double update = 1;
    double insert = 0;
    double remove = 0;
    double read = 0;

    friend bool operator==(const OperationMix &, const OperationMix &) = default;
};

/// A part of the schedule: from one rate to another in so many seconds. Equal rates are a step, others a ramp.
struct RatePart
{
    double from = 0; ///< per second; 0 = unlimited, in steps only
    double to = 0;
    double seconds = 0; ///< 0: to the end of the run; of the last part only

    friend bool operator==(const RatePart &, const RatePart &) = default;
};

/// What a run of the generator is asked to do. The same for the window, the command and a profile file.
struct LoadSettings
{
    // What
    std::vector<FieldMaker> fields; ///< empty: random scores, as in the original
    RowChoice rows;
    OperationMix mix;
    LoadPath path = LoadPath::Direct;
    quint64 seed = 1; ///< same seed and rows, same sequence
    // When
    Pacing pacing = Pacing::OpenLoop;
    double rate = 0;                ///< operations per second, 0 = unlimited
    std::vector<RatePart> schedule; ///< takes the place of `rate` when there is one
    double durationS = 0;           ///< seconds, 0 = until stopped
    qint64 count = 0;               ///< operations, 0 = no limit
    // How
    int connections = 1;  ///< 1..64
    int batch = 1;        ///< operations in one statement, as far as they are due: 1..500
    bool verifies = true; ///< compares every touched row in both stores at the end

    friend bool operator==(const LoadSettings &, const LoadSettings &) = default;
};

inline constexpr int mostLoadConnections = 64;
inline constexpr int mostLoadBatch = 500;

} // namespace throughline
