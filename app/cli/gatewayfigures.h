// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/stagedreport.h"
#include "engine/upkeepreport.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace throughline::cli {

/// What a gateway knows of its work, whoever of its workers has reported it. A plain value; the functions below are all
/// the forms that it is shown in.
struct GatewayFigures
{
    UpkeepReport upkeep;
    StagedReport staged;
    bool reported = false; ///< false: no worker has said anything yet

    /// Both stores have answered, and the cache is known to be good.
    [[nodiscard]] bool serves() const { return reported && !upkeep.error && !upkeep.recovering && !staged.error; }
    /// What hinders the work, if anything does.
    [[nodiscard]] const std::optional<StoreError> &hindrance() const
    {
        return upkeep.error ? upkeep.error : staged.error;
    }
};

/// One line for people.
[[nodiscard]] QString figuresLine(const GatewayFigures &figures);
/// One object for machines.
[[nodiscard]] QJsonObject figuresJson(const GatewayFigures &figures);

} // namespace throughline::cli
