// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "stores/redis/redisreply.h"

namespace throughline {

/// A look into arrays within arrays of a reply, which it must not outlive. What is not there is nil.
class ReplyView final
{
public:
    explicit ReplyView(const RedisReply &reply) noexcept
        : m_reply(reply.native())
    {
    }

    [[nodiscard]] bool isArray() const noexcept;
    [[nodiscard]] size_t size() const noexcept; ///< 0 for what is no array
    [[nodiscard]] ReplyView at(size_t index) const noexcept;
    [[nodiscard]] QByteArray text() const;

private:
    explicit ReplyView(const redisReply *reply) noexcept
        : m_reply(reply)
    {
    }

    const redisReply *m_reply; ///< null is nil
};

} // namespace throughline
