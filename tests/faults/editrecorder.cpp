// SPDX-License-Identifier: GPL-3.0-or-later
#include "editrecorder.h"

namespace throughline::faults {

namespace {

QByteArray textOf(const OpId &op)
{
    return op.uuid.toByteArray(QUuid::WithoutBraces);
}

EventKind kindOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Committed:
        return EventKind::Ok;
    case Verdict::CommittedCachePending:
        return EventKind::Pending;
    case Verdict::Conflict:
        return EventKind::Conflict;
    case Verdict::Rejected:
        return EventKind::Failed;
    case Verdict::Unavailable:
    case Verdict::Cancelled:
        return EventKind::Unavailable;
    case Verdict::Unknown:
        break;
    }
    return EventKind::Unknown;
}

} // namespace

EditRecorder::EditRecorder(const Recorder &recorder, const Mapping &mapping)
    : m_recorder(recorder)
    , m_mapping(mapping)
{
}

int EditRecorder::field(const char *column) const
{
    return m_mapping.fieldNamed(QString::fromLatin1(column)).value_or(-1);
}

Edit EditRecorder::update(const RowKey &key, RowVersion base) const
{
    Edit edit;
    edit.op = OpId::create();
    edit.key = key;
    edit.base = base;
    edit.changes = {{field("first_name"), textOf(edit.op)}};
    return edit;
}

Edit EditRecorder::insert(const RowKey &key) const
{
    Edit edit = update(key, {});
    edit.kind = EditKind::Insert;
    for (const char *unique : {"username", "email", "password_hash"})
        edit.changes.push_back({field(unique), textOf(edit.op)});
    return edit;
}

Edit EditRecorder::remove(const RowKey &key, RowVersion base) const
{
    Edit edit;
    edit.op = OpId::create();
    edit.kind = EditKind::Delete;
    edit.key = key;
    edit.base = base;
    return edit;
}

void EditRecorder::invoked(const Edit &edit) const
{
    Event event;
    event.kind = EventKind::Invoke;
    event.key = edit.key.text;
    event.op = textOf(edit.op);
    event.base = edit.base.number;
    if (edit.kind != EditKind::Delete)
        event.value = event.op;
    m_recorder.record(event);
}

void EditRecorder::answered(const Outcome &outcome) const
{
    Event event;
    event.kind = kindOf(outcome.verdict);
    event.key = outcome.key.text;
    event.op = textOf(outcome.op);
    if (outcome.row)
        event.version = outcome.row->version.number;
    m_recorder.record(event);
}

void EditRecorder::wasRead(const RowKey &key, qint64 begin, const ReadAnswer &answer) const
{
    Event event;
    event.kind = EventKind::Read;
    event.begin = begin;
    event.key = key.text;
    if (answer.row) {
        event.source = answer.fromCache ? Source::Cache : Source::Database;
        event.version = answer.row->version.number;
        event.value = answer.row->values[static_cast<size_t>(field("first_name"))].value_or(QByteArray());
    }
    m_recorder.record(event);
}

} // namespace throughline::faults
