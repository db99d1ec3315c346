// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/workload.h"

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

bool takesScores(const Field &field)
{
    return field.editable() && field.column.kind == ColumnKind::Integer && field.column.bytes >= 4;
}

} // namespace

std::optional<int> scoreField(const Mapping &mapping)
{
    const auto named = mapping.fieldNamed(u"score"_s);
    if (named && takesScores(mapping.fields[static_cast<size_t>(*named)]))
        return named;
    const auto found = std::ranges::find_if(mapping.fields, takesScores);
    if (found == mapping.fields.end())
        return std::nullopt;
    return static_cast<int>(found - mapping.fields.begin());
}

Workload::Workload(quint64 seed, int worker, int scoreField)
    : m_random(seed * 1000003 + static_cast<quint64>(worker))
    , m_field(scoreField)
{
}

Workload::Choice Workload::next(const KeyPool &pool)
{
    Choice choice;
    choice.index = std::uniform_int_distribution<size_t>(0, pool.size() - 1)(m_random);
    const int score = std::uniform_int_distribution<int>(lowestScore, highestScore)(m_random);
    choice.edit.op = OpId::create();
    choice.edit.origin = Origin::Generator;
    choice.edit.key = pool.key(choice.index);
    choice.edit.base = pool.version(choice.index);
    choice.edit.changes = {{m_field, QByteArray::number(score)}};
    return choice;
}

} // namespace throughline
