// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strongids.h"
#include "domain/value.h"

#include <QByteArray>
#include <QString>

#include <compare>
#include <optional>
#include <utility>
#include <vector>

namespace throughline {

/// Where a message stands among all of its stream: of two, the one with the higher position is newer.
struct MessagePosition
{
    qint64 ms = 0;
    qint64 n = 0;

    /// Of a stream's id, `1700000000000-0`; none when it is no such id.
    [[nodiscard]] static std::optional<MessagePosition> parse(const QByteArray &id);
    friend auto operator<=>(const MessagePosition &, const MessagePosition &) = default;
};

/// A change that another program asks for, as it lies in the stream.
struct Message
{
    QByteArray id; ///< in the stream; empty while it is only to be sent
    Value key;     ///< no value: the entry has no such field
    Value value;
    std::vector<std::pair<QByteArray, QByteArray>> others; ///< what else the entry holds
};

/// A message that can never be applied, and why.
struct DeadLetter
{
    Message message;
    QString reason;
};

/// What messages want one field to be, and the position of the newest of them.
struct FieldWish
{
    int field = 0; ///< index into Mapping::fields
    Value value;
    MessagePosition position;

    friend bool operator==(const FieldWish &, const FieldWish &) = default;
};

/// What messages want of one row; its fields in ascending order, each once.
struct RowWish
{
    RowKey key;
    std::vector<FieldWish> fields;

    friend bool operator==(const RowWish &, const RowWish &) = default;
};

} // namespace throughline
