// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>

#include <hiredis/hiredis.h>

namespace throughline {

/// Replies in the order received, nested ones flattened, nil as a null QByteArray, an error as its text.
inline void flatten(const redisReply *reply, QByteArrayList &into)
{
    if (reply->type == REDIS_REPLY_ARRAY) {
        for (size_t i = 0; i < reply->elements; ++i)
            flatten(reply->element[i], into);
    } else if (reply->type == REDIS_REPLY_INTEGER) {
        into << QByteArray::number(reply->integer);
    } else if (reply->type == REDIS_REPLY_NIL) {
        into << QByteArray();
    } else {
        into << QByteArray(reply->str, static_cast<qsizetype>(reply->len));
    }
}

} // namespace throughline
