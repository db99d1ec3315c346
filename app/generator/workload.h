// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"
#include "generator/keypool.h"
#include "generator/rowchooser.h"
#include "generator/valuesource.h"

#include <array>
#include <optional>
#include <random>

namespace throughline {

inline constexpr int lowestScore = 1000;
inline constexpr int highestScore = 999999;

/// The column that gets random numbers: `score`, else the first editable whole number.
[[nodiscard]] std::optional<int> scoreField(const Mapping &mapping);

/// One operation of a run.
struct LoadOperation
{
    enum class Kind { Update, Insert, Remove, Read };
    static constexpr size_t noRow = ~size_t(0);

    Kind kind = Kind::Update;
    size_t slot = noRow; ///< of the row in the pool; none for an Insert
    std::vector<FieldChange> changes;
    Instant due{}; ///< or Pacer::anyTime
};

/// What one worker does next. Pure: the same seed, rows and answers give the same sequence.
class Workload final
{
public:
    /// The settings have passed loadprofile::check().
    Workload(const LoadSettings &settings, const Mapping &mapping, const MakerOf &of);

    /// None when there is no row left, and none is added.
    [[nodiscard]] std::optional<LoadOperation> next(const KeyPool &pool);
    /// Another row for an operation whose row is gone; the pool must not be empty.
    [[nodiscard]] size_t anotherRow(const KeyPool &pool);

private:
    struct Column
    {
        int field;
        ValueSource values;
    };
    using Kind = LoadOperation::Kind;
    [[nodiscard]] Kind nextKind();

    std::mt19937_64 m_random;
    RowChooser m_rows;
    std::vector<Column> m_columns;
    std::array<double, 4> m_upTo; ///< the shares of the kinds, added up
    std::optional<Kind> m_onlyKind;
    bool m_inserts;
};

} // namespace throughline
