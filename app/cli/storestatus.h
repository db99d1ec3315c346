// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/session.h"
#include "stores/postgres/pgschema.h"

#include <QJsonObject>

#include <optional>

namespace throughline::cli {

/// What `status` reports, gathered in one go.
struct StoreStatus
{
    std::optional<StoreError> postgresError;
    QString postgresVersion;
    std::optional<TableInspection> table;
    qint64 outboxRows = 0;       ///< that wait for a push
    double outboxAgeS = 0;       ///< of the oldest of them
    qint64 connectedNodes = 0;   ///< connections that write through now
    qint64 upkeepNodes = 0;      ///< of them, those that drain the outbox: gateways and windows
    int unsettledOperations = 0; ///< of this account, whose outcome nobody knows yet
    std::optional<StoreError> redisError;
    QString redisVersion;
    qint64 stagedKeys = 0;
    bool stagedComplete = true; ///< false: the scan was ended by its deadline, so there may be more

    [[nodiscard]] static StoreStatus gather(const EngineSettings &settings, const MappingConfig &mapping);
    [[nodiscard]] bool reachable() const { return !postgresError && !redisError; }
};

} // namespace throughline::cli
