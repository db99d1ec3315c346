// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/control/edittext.h"

#include <QCoreApplication>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(EditText)
};

QString shown(const Field &field, const Value &value)
{
    if (!value)
        return Tr::tr("NULL");
    return field.secret ? QString(8, u'\u2022') : QString::fromUtf8(*value);
}

QString rowName(const Mapping &mapping, const RowKey &key)
{
    return mapping.table + u' ' + QString::fromUtf8(key.text);
}

QString lateInsertSentence(const QString &row, Verdict verdict)
{
    switch (verdict) {
    case Verdict::Committed:
        return Tr::tr("The new row %1 is now saved in both stores.").arg(row);
    case Verdict::CommittedCachePending:
        return Tr::tr("The new row %1 was saved in PostgreSQL. The cache follows.").arg(row);
    case Verdict::Unknown:
        return Tr::tr("Nobody can tell any more whether the new row %1 was saved; look in the table.").arg(row);
    default:
        return Tr::tr("The new row %1, whose outcome was unknown, was not saved.").arg(row);
    }
}

} // namespace

QString describeEdit(const Mapping &mapping, const Edit &edit, const std::optional<Row> &before)
{
    QStringList parts{rowName(mapping, edit.key)};
    if (edit.kind == EditKind::Delete)
        return parts.front();
    for (const FieldChange &change : edit.changes) {
        const Field &field = mapping.fields[static_cast<size_t>(change.field)];
        const QString now = shown(field, change.value);
        parts << (before ? Tr::tr("%1 %2 → %3")
                               .arg(field.column.name, shown(field, before->values[static_cast<size_t>(change.field)]),
                                    now)
                         : Tr::tr("%1 %2").arg(field.column.name, now));
    }
    return parts.join(u" · "_s);
}

QString describeInsert(const Mapping &mapping, const Outcome &outcome)
{
    return outcome.key.text.isEmpty() ? mapping.table : rowName(mapping, outcome.key);
}

QString describeEarlier(const Mapping &mapping, const Outcome &outcome)
{
    return Tr::tr("An earlier edit of %1").arg(rowName(mapping, outcome.key));
}

QString lateSentence(const Mapping &mapping, const Outcome &outcome)
{
    const QString row = rowName(mapping, outcome.key);
    if (outcome.kind == EditKind::Insert)
        return lateInsertSentence(row, outcome.verdict);
    switch (outcome.verdict) {
    case Verdict::Committed:
        return Tr::tr("The edit of %1 is now saved in both stores.").arg(row);
    case Verdict::CommittedCachePending:
        return Tr::tr("The edit of %1 was saved in PostgreSQL. The cache follows.").arg(row);
    case Verdict::Unknown:
        return Tr::tr("Nobody can tell any more whether the edit of %1 was saved; look at the row.").arg(row);
    default:
        return Tr::tr("The edit of %1, whose outcome was unknown, was not saved.").arg(row);
    }
}

} // namespace throughline
