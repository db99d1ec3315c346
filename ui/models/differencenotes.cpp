// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/differencenotes.h"

#include "ui/models/statesentences.h"

namespace throughline {

namespace {

CellState stateOf(FieldDifference difference)
{
    switch (difference) {
    case FieldDifference::OtherSpelling:
        return CellState::OtherSpelling;
    case FieldDifference::MissingInCache:
        return CellState::Missing;
    case FieldDifference::Stale:
    case FieldDifference::OnlyInCache:
        return CellState::Differs;
    case FieldDifference::Same:
        break;
    }
    return CellState::None;
}

QString nameOf(const std::vector<Value> &values, size_t field)
{
    return field < values.size() ? StateSentences::named(values[field], false) : QString();
}

CellState stateOf(const RowComparison &comparison)
{
    switch (comparison.row) {
    case RowDifference::NotCached:
    case RowDifference::Orphan:
        return CellState::Missing;
    case RowDifference::WrongType:
        return CellState::Differs;
    default:
        return comparison.versionDiffers ? CellState::Differs : CellState::None;
    }
}

} // namespace

QMap<int, CellRemark> differenceNotes(const Mapping &mapping, const std::optional<Row> &row,
                                      const RowComparison &comparison, const CachedRow &cached, Instant now)
{
    QMap<int, CellRemark> notes;
    const auto note = [&](int field, CellState state, const QString &sentence) {
        if (state != CellState::None)
            notes.insert(field, {state, std::nullopt, sentence, now});
    };
    note(CellId::keyColumn, stateOf(comparison), StateSentences::ofRow(comparison.row, comparison.versionDiffers));
    for (size_t field = 0; field < comparison.fields.size() && field < mapping.fields.size(); ++field) {
        const auto difference = comparison.fields[field];
        const bool named = row && !cached.values.empty() && !mapping.fields[field].secret;
        note(static_cast<int>(field), stateOf(difference),
             StateSentences::ofDifference(difference, named ? nameOf(row->values, field) : QString(),
                                          named ? nameOf(cached.values, field) : QString()));
    }
    return notes;
}

} // namespace throughline
