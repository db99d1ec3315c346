// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <functional>
#include <optional>

namespace throughline::cli {

/// No request of a scraper comes near it.
inline constexpr qsizetype largestRequest = 8192;

/// The whole answer to what has arrived of a request, to be followed by closing the connection; none while its head is
/// not complete. Knows one page, GET /metrics, whose text is asked for only then.
[[nodiscard]] std::optional<QByteArray> httpAnswer(const QByteArray &received,
                                                   const std::function<QByteArray()> &metrics);

} // namespace throughline::cli
