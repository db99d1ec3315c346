// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "engine/enginesettings.h"

#include <QJsonObject>

#include <vector>

namespace throughline {

/// The servers and the prepared users table that `./dev bench` has started and filled. Values only.
struct BenchStores
{
    QString error; ///< why they cannot be used; empty when they can
    Mapping mapping;
    EngineSettings settings;

    /// From THROUGHLINE_PG and THROUGHLINE_REDIS.
    [[nodiscard]] static BenchStores fromEnvironment();
};

/// A row that a measurement changes again and again, and the version that it left.
struct BenchRow
{
    RowKey key;
    RowVersion version;
};

/// At most `count` different rows, chosen uniformly from the keys 1 to `users`, with their versions. Empty when they
/// cannot be read.
[[nodiscard]] std::vector<BenchRow> chooseRows(const BenchStores &stores, int users, int count);

[[nodiscard]] double medianUs(std::vector<nanoseconds> times);

/// One line on stdout, which is all that a measuring program prints there.
void printFigures(const QJsonObject &figures);
/// Exit code of a measuring program that cannot measure, with the reason on stderr.
[[nodiscard]] int cannotMeasure(const QString &reason);

} // namespace throughline
