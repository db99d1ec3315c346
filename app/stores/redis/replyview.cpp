// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/replyview.h"

#include <hiredis/hiredis.h>

namespace throughline {

bool ReplyView::isArray() const noexcept
{
    return m_reply && m_reply->type == REDIS_REPLY_ARRAY;
}

size_t ReplyView::size() const noexcept
{
    return isArray() ? m_reply->elements : 0;
}

ReplyView ReplyView::at(size_t index) const noexcept
{
    return ReplyView(index < size() ? m_reply->element[index] : nullptr);
}

QByteArray ReplyView::text() const
{
    return m_reply && m_reply->str ? QByteArray(m_reply->str, static_cast<qsizetype>(m_reply->len)) : QByteArray();
}

} // namespace throughline
