// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/putcodec.h"

#include "stores/redis/rediserror.h"

namespace throughline::putcodec {

using namespace Qt::StringLiterals;

void appendHead(const Mapping &mapping, std::span<const std::pair<QByteArray, QByteArray>> extra,
                std::vector<QByteArray> &arguments)
{
    arguments.push_back(QByteArray::number(mapping.config.ttlMs));
    arguments.push_back(QByteArray::number(static_cast<qsizetype>(mapping.fields.size() + extra.size())));
    for (const Field &field : mapping.fields)
        arguments.push_back(field.hashField);
    for (const auto &[name, value] : extra)
        arguments.push_back(name);
}

void appendPut(const CachePut &put, std::span<const std::pair<QByteArray, QByteArray>> extra,
               std::vector<QByteArray> &arguments)
{
    arguments.push_back(QByteArray(1, put.mode));
    arguments.push_back(QByteArray::number(put.version.number));
    arguments.push_back(put.token);
    // The mask, and the values that it marks. Without a row (a delete) the mask is empty.
    const size_t mask = arguments.size();
    arguments.emplace_back();
    if (!put.row)
        return;
    QByteArray marks;
    for (const Value &value : put.row->values) {
        marks += value ? '1' : '0';
        if (value)
            arguments.push_back(*value);
    }
    for (const auto &[name, value] : extra) {
        marks += '1';
        arguments.push_back(value);
    }
    arguments[mask] = marks;
}

Result<PutReply> replyOf(const QByteArray &text)
{
    static const std::pair<QByteArray, PutReply> replies[]{
        {"updated"_ba, PutReply::Updated}, {"newer"_ba, PutReply::Newer},   {"deleted"_ba, PutReply::Deleted},
        {"absent"_ba, PutReply::Absent},   {"filled"_ba, PutReply::Filled}, {"badversion"_ba, PutReply::BadVersion},
    };
    for (const auto &[name, reply] : replies) {
        if (text == name)
            return reply;
    }
    return Failure(rediserror::unexpected());
}

} // namespace throughline::putcodec
