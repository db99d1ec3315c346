// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/workload.h"

#include <algorithm>
#include <numeric>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

bool takesScores(const Field &field)
{
    return field.editable() && field.column.kind == ColumnKind::Integer && field.column.bytes >= 4;
}

std::optional<LoadOperation::Kind> onlyKindOf(const std::array<double, 4> &shares)
{
    if (std::ranges::count_if(shares, [](double share) { return share > 0; }) != 1)
        return std::nullopt;
    return static_cast<LoadOperation::Kind>(std::ranges::max_element(shares) - shares.begin());
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

Workload::Workload(const LoadSettings &settings, const Mapping &mapping, const MakerOf &of)
    : m_random(of.seed * 1000003 + static_cast<quint64>(of.worker))
    , m_rows(settings.rows)
    , m_upTo{settings.mix.update, settings.mix.insert, settings.mix.remove, settings.mix.read}
    , m_onlyKind(onlyKindOf(m_upTo))
    , m_inserts(settings.mix.insert > 0)
{
    const auto add = [&](int field, const ValueMaker &maker) {
        m_columns.push_back({field, ValueSource(maker, mapping.fields[static_cast<size_t>(field)].column, of)});
    };
    for (const FieldMaker &field : settings.fields) {
        if (const auto index = mapping.fieldNamed(field.column))
            add(*index, field.maker);
    }
    if (settings.fields.empty()) {
        if (const auto score = scoreField(mapping))
            add(*score, ValueMaker{});
    }
    std::partial_sum(m_upTo.begin(), m_upTo.end(), m_upTo.begin());
}

LoadOperation::Kind Workload::nextKind()
{
    if (m_onlyKind)
        return *m_onlyKind;
    const double drawn = std::uniform_real_distribution<double>(0, m_upTo.back())(m_random);
    const auto found = std::ranges::upper_bound(m_upTo, drawn);
    return static_cast<Kind>(std::min<std::ptrdiff_t>(found - m_upTo.begin(), std::ssize(m_upTo) - 1));
}

std::optional<LoadOperation> Workload::next(const KeyPool &pool)
{
    LoadOperation operation;
    operation.kind = nextKind();
    if (pool.size() == 0 && operation.kind != Kind::Insert) {
        if (!m_inserts)
            return std::nullopt;
        operation.kind = Kind::Insert;
    }
    if (operation.kind != Kind::Insert)
        operation.slot = anotherRow(pool);
    if (operation.kind == Kind::Update || operation.kind == Kind::Insert) {
        operation.changes.reserve(m_columns.size());
        for (Column &column : m_columns)
            operation.changes.push_back({column.field, column.values.next(m_random)});
    }
    return operation;
}

size_t Workload::anotherRow(const KeyPool &pool)
{
    return pool.slotAt(m_rows.next(pool.size(), m_random));
}

} // namespace throughline
