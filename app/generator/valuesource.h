// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/columninfo.h"
#include "generator/loadsettings.h"

#include <QByteArray>

#include <random>

namespace throughline {

/// Which worker of which run makes a value: part of what has to be unique.
struct MakerOf
{
    quint64 seed = 1;
    int worker = 0;
    int workers = 1;
};

/// Makes the values of one column, as the text that PostgreSQL prints. What counts (Email, Counter) is unique over the
/// workers of a run, and as text also over runs of different seeds. Pure: the same draws give the same values.
class ValueSource final
{
public:
    ValueSource(const ValueMaker &maker, const ColumnInfo &column, const MakerOf &of);

    [[nodiscard]] QByteArray next(std::mt19937_64 &random);

    /// The longest e-mail address or counted text, for columns with a limit.
    static constexpr int longestCounted = 64;

private:
    [[nodiscard]] QByteArray words(std::mt19937_64 &random) const;
    [[nodiscard]] QByteArray date(std::mt19937_64 &random) const;
    [[nodiscard]] QByteArray counted();

    ValueMaker m_maker;
    MakerOf m_of;
    bool m_isText;
    qint64 m_made = 0;
};

} // namespace throughline
