// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "domain/mapping.h"
#include "domain/row.h"

#include <span>
#include <utility>
#include <vector>

namespace throughline {

/// What wt_put answered for one key.
enum class PutReply { Updated, Newer, Deleted, Absent, Filled, BadVersion };

/// One key of a push: a row (U), a deleted key (D) or a fill (F).
struct CachePut
{
    char mode;
    RowKey key;
    RowVersion version;
    QByteArray token;
    const Row *row = nullptr;
};

/// How the scripts that put a row are called, and what they answer.
namespace putcodec {

/// Time to live and names of the fields: what stands before the first put. `extra` are fields outside the mapping.
void appendHead(const Mapping &mapping, std::span<const std::pair<QByteArray, QByteArray>> extra,
                std::vector<QByteArray> &arguments);
/// Mode, version, token, mask and values of one put, with the values of the extra fields.
void appendPut(const CachePut &put, std::span<const std::pair<QByteArray, QByteArray>> extra,
               std::vector<QByteArray> &arguments);
[[nodiscard]] Result<PutReply> replyOf(const QByteArray &text);

} // namespace putcodec

} // namespace throughline
