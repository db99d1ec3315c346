// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/panecontent.h"

#include "ui/icons.h"

#include <QCoreApplication>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Panes)
};

QString textOf(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes);
}

QString placeInTable(const Mapping &mapping, const RowKey &key)
{
    return u"%1 \u00b7 %2 %3"_s.arg(mapping.qualifiedName(), mapping.key.name, textOf(key.text));
}

void fillValue(PaneLine &line, const Value &value, bool secret)
{
    if (!value)
        line.kind = PaneLine::Kind::Null;
    else if (secret)
        line.kind = PaneLine::Kind::Secret;
    else if (value->isEmpty())
        line.kind = PaneLine::Kind::EmptyText;
    else
        line.kind = PaneLine::Kind::Text;
    if (line.kind == PaneLine::Kind::Text)
        line.value = textOf(*value);
}

CellState stateOf(FieldDifference difference)
{
    switch (difference) {
    case FieldDifference::Stale:
    case FieldDifference::OnlyInCache:
        return CellState::Differs;
    case FieldDifference::MissingInCache:
        return CellState::Missing;
    case FieldDifference::OtherSpelling:
        return CellState::OtherSpelling;
    case FieldDifference::Same:
        break;
    }
    return CellState::None;
}

QString remarkOf(FieldDifference difference)
{
    switch (difference) {
    case FieldDifference::Stale:
        return Text::tr("stale");
    case FieldDifference::OnlyInCache:
        return Text::tr("only in the cache");
    case FieldDifference::MissingInCache:
        return Text::tr("missing in cache");
    case FieldDifference::OtherSpelling:
        return Text::tr("same value, other spelling");
    case FieldDifference::Same:
        break;
    }
    return {};
}

FieldDifference differenceAt(const RowPair &pair, size_t field)
{
    const auto &differences = pair.comparison.fields;
    const bool comparable = !pair.postgresError && !pair.redisError && field < differences.size();
    return comparable ? differences[field] : FieldDifference::Same;
}

Value valueAt(const std::vector<Value> &values, size_t field)
{
    return field < values.size() ? values[field] : Value();
}

PaneLine databaseLine(const Mapping &mapping, const RowPair &pair, size_t field)
{
    PaneLine line;
    line.name = mapping.fields[field].column.name;
    if (!pair.row)
        return line;
    fillValue(line, valueAt(pair.row->values, field), mapping.fields[field].secret);
    line.state = stateOf(differenceAt(pair, field));
    line.strong = !signOf(line.state).isEmpty();
    return line;
}

PaneLine cacheLine(const Mapping &mapping, const RowPair &pair, size_t field)
{
    PaneLine line;
    line.name = textOf(mapping.fields[field].hashField);
    if (pair.cached.state != CachedRow::State::Hash)
        return line;
    const FieldDifference difference = differenceAt(pair, field);
    fillValue(line, valueAt(pair.cached.values, field), mapping.fields[field].secret);
    line.state = stateOf(difference);
    line.remark = remarkOf(difference);
    line.strong = !signOf(line.state).isEmpty();
    if (line.kind == PaneLine::Kind::Null) {
        line.kind = PaneLine::Kind::Words;
        line.strong = false;
        line.quiet = line.state == CellState::None;
        line.value = line.quiet ? Text::tr("no field") : Text::tr("not in the hash");
    }
    return line;
}

PaneLine unmappedLine(const std::pair<QByteArray, QByteArray> &entry)
{
    PaneLine line;
    line.name = textOf(entry.first);
    line.value = textOf(entry.second);
    line.kind = isSecretColumn(line.name) ? PaneLine::Kind::Secret
                : line.value.isEmpty()    ? PaneLine::Kind::EmptyText
                                          : PaneLine::Kind::Text;
    line.remark = Text::tr("not mapped");
    line.quiet = true;
    return line;
}

void setChip(PaneContent &content, Chip::Kind kind, QLatin1StringView sign, const QString &text)
{
    content.chipKind = kind;
    content.chipSign = sign;
    content.chip = text;
}

QString differenceCount(int fields)
{
    if (fields == 0)
        return Text::tr("Version differs");
    return fields == 1 ? Text::tr("1 field differs") : Text::tr("%1 fields differ").arg(fields);
}

void judge(PaneContent &cache, const RowPair &pair)
{
    switch (pair.comparison.row) {
    case RowDifference::Same:
        return setChip(cache, Chip::Kind::Saved, "saved"_L1, Text::tr("Same"));
    case RowDifference::Differs: {
        const int count = pair.comparison.differingFields();
        return setChip(cache, Chip::Kind::Differs, "differs"_L1, differenceCount(count));
    }
    case RowDifference::NotCached:
        return setChip(cache, Chip::Kind::Neutral, "missing"_L1, Text::tr("Not cached"));
    case RowDifference::Orphan:
        return setChip(cache, Chip::Kind::Differs, "missing"_L1, Text::tr("Orphan"));
    case RowDifference::WrongType:
        return setChip(cache, Chip::Kind::Failed, "failed"_L1,
                       Text::tr("Wrong type: %1").arg(textOf(pair.cached.typeName)));
    case RowDifference::Neither:
        return setChip(cache, Chip::Kind::Neutral, "missing"_L1, Text::tr("No such row"));
    }
}

PaneContent databaseSide(const Mapping &mapping, const RowPair &pair)
{
    PaneContent content;
    content.place = placeInTable(mapping, pair.key);
    for (size_t field = 0; field < mapping.fields.size(); ++field)
        content.lines.push_back(databaseLine(mapping, pair, field));
    if (pair.postgresError) {
        setChip(content, Chip::Kind::Failed, "failed"_L1, Text::tr("Unreadable"));
        content.message = pair.postgresError->message;
    } else if (!pair.row) {
        content.message = Text::tr("%1 has no row with this key.").arg(mapping.qualifiedName());
    } else if (pair.row->version.isValid()) {
        content.version = u"v%1"_s.arg(pair.row->version.number);
    }
    return content;
}

QString absence(const Mapping &mapping, const RowPair &pair)
{
    const QString key = textOf(mapping.hashKey(pair.key));
    if (pair.cached.state == CachedRow::State::WrongType)
        return Text::tr("%1 holds a %2, not a hash. It is left as it is.").arg(key, textOf(pair.cached.typeName));
    return Text::tr("%1 is not in the cache.").arg(key);
}

PaneContent cacheSide(const Mapping &mapping, const RowPair &pair)
{
    PaneContent content;
    content.place = textOf(mapping.hashKey(pair.key));
    for (size_t field = 0; field < mapping.fields.size(); ++field)
        content.lines.push_back(cacheLine(mapping, pair, field));
    if (pair.redisError) {
        setChip(content, Chip::Kind::Failed, "failed"_L1, Text::tr("Unreadable"));
        content.message = pair.redisError->message;
        return content;
    }
    if (!pair.postgresError)
        judge(content, pair);
    if (pair.cached.state != CachedRow::State::Hash) {
        content.message = absence(mapping, pair);
        return content;
    }
    for (const auto &entry : pair.cached.unmapped)
        content.lines.push_back(unmappedLine(entry));
    content.ttlMs = pair.cached.ttlMs;
    if (!pair.cached.version.isEmpty())
        content.version = u"v"_s + textOf(pair.cached.version);
    content.versionDiffers = !pair.postgresError && pair.comparison.versionDiffers;
    return content;
}

} // namespace

PanesContent composePanes(const Mapping &mapping, const RowPair &pair)
{
    return {databaseSide(mapping, pair), cacheSide(mapping, pair)};
}

PanesContent composeReading(const Mapping &mapping, const RowKey &key)
{
    PanesContent panes;
    panes.database.place = placeInTable(mapping, key);
    panes.cache.place = textOf(mapping.hashKey(key));
    for (const Field &field : mapping.fields) {
        PaneLine line;
        line.name = field.column.name;
        panes.database.lines.push_back(line);
        line.name = textOf(field.hashField);
        panes.cache.lines.push_back(line);
    }
    return panes;
}

PanesContent composeNothing()
{
    PanesContent panes;
    panes.database.message = Text::tr("Choose a row to see it in both stores.");
    panes.cache.message = panes.database.message;
    return panes;
}

void markEdit(PaneContent &database, const EditMark &mark)
{
    if (mark.state == CellState::Conflict)
        setChip(database, Chip::Kind::Conflict, "conflict"_L1, Text::tr("Conflict"));
    if (mark.field < 0 || size_t(mark.field) >= database.lines.size())
        return;
    PaneLine &line = database.lines[size_t(mark.field)];
    line.state = mark.state;
    line.strong = true;
    line.remark = Text::tr("yours: %1").arg(mark.yours);
}

void markStale(PaneContent &content, const PaneContent &earlier, const QDateTime &readAt)
{
    const QString time = readAt.toLocalTime().time().toString(u"HH:mm:ss"_s);
    content.lines = earlier.lines;
    for (PaneLine &line : content.lines) {
        line.quiet = true;
        line.strong = false;
        line.state = CellState::None;
        line.remark.clear();
    }
    content.message.clear();
    content.version = Text::tr("as of %1").arg(time);
    content.versionDiffers = false;
    content.ttlMs.reset();
}

} // namespace throughline
