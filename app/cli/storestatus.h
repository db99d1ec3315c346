// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "session/session.h"
#include "stores/postgres/pgschema.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace throughline::cli {

/// A program that keeps the cache up to date: a gateway or a window.
struct AliveGateway
{
    qint64 node = 0; ///< its number in the protocol
    QString program; ///< `throughlinectl`
    QString address; ///< `local`, an address, or empty when PostgreSQL does not tell this role
    QString since;   ///< when it connected, as `2026-01-31T12:00:00Z`, or empty
};

/// What `status` reports, gathered in one go.
struct StoreStatus
{
    /// Quick leaves out what has to look at every key.
    enum class Depth { Quick, Full };

    std::optional<StoreError> postgresError;
    QString postgresVersion;
    std::vector<TableInspection> tables; ///< in the order of the configuration; none when PostgreSQL is away
    qint64 outboxRows = 0;               ///< that wait for a push
    double outboxAgeS = 0;               ///< of the oldest of them
    qint64 connectedNodes = 0;           ///< connections that write through now
    std::vector<AliveGateway> gateways;  ///< of them, those that drain the outbox, the oldest first
    int unsettledOperations = 0;         ///< of this account, whose outcome nobody knows yet
    std::optional<StoreError> redisError;
    QString redisVersion;
    qint64 stagedKeys = 0;
    bool stagedAnnounced = true; ///< by Redis; otherwise gateways look for them
    bool stagedComplete = true;  ///< false: the scan was ended by its deadline, so there may be more

    [[nodiscard]] static StoreStatus gather(const EngineSettings &settings, const std::vector<MappingConfig> &mappings,
                                            Depth depth);
    [[nodiscard]] bool reachable() const { return !postgresError && !redisError; }
};

} // namespace throughline::cli
