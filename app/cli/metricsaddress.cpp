// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/metricsaddress.h"

#include <QFile>

#include <sys/un.h>

namespace throughline::cli {

using namespace Qt::StringLiterals;

std::optional<MetricsAddress> MetricsAddress::parse(const QString &text)
{
    constexpr auto unixScheme = "unix:"_L1;
    constexpr auto loopback = "127.0.0.1:"_L1;
    if (text.startsWith(unixScheme)) {
        const QString path = text.mid(unixScheme.size());
        const bool fits = QFile::encodeName(path).size() < qsizetype(sizeof(sockaddr_un::sun_path));
        if (!path.startsWith(u'/') || path.endsWith(u'/') || !fits)
            return std::nullopt;
        return MetricsAddress{path, 0};
    }
    const QString digits = text.startsWith(loopback) ? text.mid(loopback.size()) : text;
    bool isPort = !digits.isEmpty() && digits.front().isDigit();
    const quint16 port = isPort ? digits.toUShort(&isPort) : 0;
    return isPort ? std::optional(MetricsAddress{{}, port}) : std::nullopt;
}

} // namespace throughline::cli
