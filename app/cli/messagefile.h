// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace throughline::cli {

/// The configuration file of the original's producer and consumer: [default], [producer] and [consumer] with Kafka's
/// keys, of which only the name of the group means something here. A plain value.
struct MessageFile
{
    std::optional<QString> group; ///< group.id of [consumer], else of [default]
    QStringList ignored;          ///< the other keys, in their order

    [[nodiscard]] static Result<MessageFile> parse(const QString &text, const QString &fileName);
    [[nodiscard]] static Result<MessageFile> read(const QString &fileName);
    /// "These settings of FILE are for Kafka ..."; empty when none was ignored.
    [[nodiscard]] QString ignoredSentence(const QString &fileName) const;
};

} // namespace throughline::cli
