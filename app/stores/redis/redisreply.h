// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/value.h"

#include <memory>
#include <vector>

struct redisReply;

namespace throughline {

/// Owns one reply of hiredis. Elements are views into it and must not outlive it.
class RedisReply final
{
public:
    explicit RedisReply(redisReply *reply) noexcept;

    [[nodiscard]] bool isNil() const noexcept;
    [[nodiscard]] bool isError() const noexcept;
    [[nodiscard]] bool isArray() const noexcept;
    /// String, status or error text.
    [[nodiscard]] QByteArray text() const;
    [[nodiscard]] qint64 number() const noexcept;
    [[nodiscard]] size_t size() const noexcept;
    [[nodiscard]] QByteArray textAt(size_t index) const;
    /// No value for nil, as HMGET answers an absent field.
    [[nodiscard]] Value valueAt(size_t index) const;
    [[nodiscard]] qint64 numberAt(size_t index) const noexcept;
    /// The texts of an array; those of the array at `index` with the second form.
    [[nodiscard]] std::vector<QByteArray> texts() const;
    [[nodiscard]] std::vector<QByteArray> textsAt(size_t index) const;
    /// For arrays within arrays: see ReplyView.
    [[nodiscard]] const redisReply *native() const noexcept { return m_reply.get(); }

private:
    struct Free
    {
        void operator()(redisReply *reply) const noexcept;
    };
    std::unique_ptr<redisReply, Free> m_reply;
};

} // namespace throughline
