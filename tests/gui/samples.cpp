// SPDX-License-Identifier: GPL-3.0-or-later
#include "samples.h"

#include "ui/models/cellstate.h"
#include "ui/models/rowroles.h"

#include <array>
#include <random>

namespace throughline::samples {

using namespace Qt::StringLiterals;

namespace {

ColumnInfo column(const QString &name, ColumnKind kind, bool nullable)
{
    ColumnInfo info;
    info.name = name;
    info.kind = kind;
    info.nullable = nullable;
    return info;
}

constexpr std::array firstNames{"fulano", "beltrano", "sicrano", "priya",  "marta",  "kofi",   "beatriz", "oliver",
                                "livia",  "elif",     "sven",    "olivia", "chiara", "mateus", "tomasz"};
constexpr std::array lastNames{"deTal",  "deTal",  "deTal",  "Barros", "Ferreira", "Ferreira", "Haugen",   "Haugen",
                               "Yildiz", "Okafor", "Okafor", "Demir",  "Berg",     "Berg",     "Lindqvist"};

QByteArray nameOf(int row)
{
    return firstNames[size_t(row) % firstNames.size()];
}

std::vector<Value> valuesOf(int row)
{
    QByteArray first = nameOf(row);
    const QByteArray last = lastNames[size_t(row) % lastNames.size()];
    const QByteArray user = row < 3 ? first : first + '.' + last.toLower() + QByteArray::number(row + 1);
    first[0] = char(first[0] - 32);
    const QByteArray seconds = QByteArray::number(10 + row % 50);
    return {user,
            user + (row < 3 ? "@detal.com.br" : "@mail.example"),
            QByteArray("$argon2id$"),
            first,
            row == 10 ? Value() : Value(last),
            row == 8 ? Value(QByteArray()) : Value("1981-01-0" + QByteArray::number(1 + row % 9)),
            row == 5 ? Value() : Value(QByteArray::number(482113 + 7919 * row % 500000)),
            "2024-06-21 08:01:" + seconds,
            "2026-11-22 14:01:" + seconds};
}

struct Mark
{
    int row, column;
    CellState state;
};

void fillCell(QStandardItem &item, const Value &value, const Field *field)
{
    item.setText(QString::fromUtf8(value.value_or(QByteArray())));
    item.setData(!value, IsNullRole);
    item.setData(field && field->secret, IsSecretRole);
    item.setData(int(CellState::None), CellStateRole);
    if (!field || field->column.kind == ColumnKind::Integer)
        item.setData(int(Qt::AlignRight | Qt::AlignVCenter), Qt::TextAlignmentRole);
}

} // namespace

Mapping usersMapping()
{
    Mapping mapping;
    mapping.config = MappingConfig::users();
    mapping.schema = u"public"_s;
    mapping.table = u"users"_s;
    mapping.key = column(u"id"_s, ColumnKind::Integer, false);
    mapping.key.hasDefault = true;
    mapping.keyDefault = u"nextval('users_id_seq')"_s;
    constexpr std::array kinds{ColumnKind::Text,    ColumnKind::Text,      ColumnKind::Text,
                               ColumnKind::Text,    ColumnKind::Text,      ColumnKind::Date,
                               ColumnKind::Integer, ColumnKind::Timestamp, ColumnKind::Timestamp};
    for (size_t i = 0; i < mapping.config.fields.size(); ++i) {
        Field field;
        field.hashField = mapping.config.fields[i].hashField;
        field.column = column(mapping.config.fields[i].column, kinds[i], i > 2);
        field.column.unique = i < 2;
        field.column.hasDefault = kinds[i] == ColumnKind::Timestamp;
        field.secret = isSecretColumn(field.column.name);
        mapping.fields.push_back(field);
    }
    return mapping;
}

RowPair samePair(const Mapping &mapping)
{
    RowPair pair;
    pair.key = {"2"};
    pair.row = Row{pair.key, {48213}, valuesOf(1)};
    pair.cached.state = CachedRow::State::Hash;
    pair.cached.version = "48213";
    pair.cached.values = pair.row->values;
    pair.cached.ttlMs = 85268000;
    pair.comparison = compareRow(mapping, pair.row, pair.cached);
    pair.readAt = QDateTime::currentDateTimeUtc();
    return pair;
}

RowPair differingPair(const Mapping &mapping)
{
    RowPair pair = samePair(mapping);
    pair.cached.version = "48198";
    pair.cached.values[5].reset();
    pair.cached.values[6] = "640288";
    pair.comparison = compareRow(mapping, pair.row, pair.cached);
    pair.readAt = pair.readAt.addSecs(-4);
    return pair;
}

std::unique_ptr<QStandardItemModel> gridModel(const Mapping &mapping)
{
    constexpr int rows = 60;
    auto model = std::make_unique<QStandardItemModel>(rows, int(mapping.fields.size()) + 1);
    QStringList titles{mapping.key.name};
    for (const Field &field : mapping.fields)
        titles << field.column.name;
    model->setHorizontalHeaderLabels(titles);
    for (const int numeric : {0, 7})
        model->horizontalHeaderItem(numeric)->setTextAlignment(Qt::AlignRight);
    for (int row = 0; row < rows; ++row) {
        const std::vector<Value> values = valuesOf(row);
        for (int cell = 0; cell <= int(values.size()); ++cell) {
            auto *item = new QStandardItem;
            fillCell(*item, cell == 0 ? QByteArray::number(row + 1) : values[size_t(cell - 1)],
                     cell == 0 ? nullptr : &mapping.fields[size_t(cell - 1)]);
            model->setItem(row, cell, item);
        }
    }
    for (const Mark &mark :
         {Mark{1, 6, CellState::Missing}, Mark{1, 7, CellState::Differs}, Mark{3, 5, CellState::Saved},
          Mark{4, 7, CellState::Pending}, Mark{6, 1, CellState::Failed}, Mark{7, 2, CellState::Conflict},
          Mark{9, 7, CellState::CachePending}, Mark{11, 3, CellState::Unknown},
          Mark{12, 8, CellState::OtherSpelling}}) {
        model->item(mark.row, mark.column)->setData(int(mark.state), CellStateRole);
        model->item(mark.row, 0)->setData(int(mark.state), RowStateRole);
    }
    for (int cell = 0; cell < model->columnCount(); ++cell)
        model->item(13, cell)->setData(false, LoadedRole);
    return model;
}

namespace {

double jagged(double seconds, double by)
{
    std::minstd_rand random(std::minstd_rand::result_type(qRound(seconds * 10) * 2654435761U));
    random.discard(5);
    return 1 + by * (double(random()) / double(std::minstd_rand::max()) - 0.5);
}

bool isSlow(double seconds)
{
    return seconds > 40 && seconds < 44;
}

} // namespace

LoadSample loadSampleAt(double seconds)
{
    LoadSample sample;
    sample.atS = seconds;
    sample.seconds = 0.1;
    sample.committed = qRound(20 * jagged(seconds, 0.3) * (isSlow(seconds) ? 0.4 : 1));
    sample.targetPerSecond = 200;
    const double jag = jagged(seconds + 1000, 0.5) * (isSlow(seconds) ? 6 : 1);
    sample.fromIntendedStart = LatencyMs{1.9 * jag, 3.8 * jag, 7.1 * jag, 12 * jag};
    sample.staleness = LatencyMs{0.4 * jag, 0.6 * jag, 0.9 * jag, 2 * jag};
    sample.outboxRows = isSlow(seconds) ? 120 : 40;
    return sample;
}

LoadStats loadStatsAt(double seconds)
{
    LoadStats stats;
    stats.phase = LoadPhase::Running;
    stats.elapsedS = seconds;
    stats.committed = qint64(186 * seconds);
    stats.late = qint64(3 * seconds);
    stats.backlog = isSlow(seconds) ? 80 : 0;
    stats.conflicts = 3;
    stats.perSecond = 201;
    stats.targetPerSecond = 200;
    return stats;
}

} // namespace throughline::samples
