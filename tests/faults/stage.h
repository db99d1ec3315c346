// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "editrecorder.h"
#include "faulthook.h"
#include "faultrun.h"
#include "proxy.h"

#include "engine/readthrough.h"
#include "engine/stagedwrites.h"
#include "engine/upkeep.h"
#include "engine/writethrough.h"

namespace throughline::faults {

/// Real servers with two writers, a reader and the upkeep in this process and on one thread, so that a schedule says
/// exactly what happens between two of its steps. Everything is recorded, and checked in the end.
class Stage final
{
public:
    Stage();
    ~Stage();
    Stage(const Stage &) = delete;
    Stage &operator=(const Stage &) = delete;

    /// Called by start(), when the servers run and nobody is connected.
    void adjust(std::function<void(EngineSettings &)> adjust) { m_adjust = std::move(adjust); }

    [[nodiscard]] bool start(bool withoutTrigger);
    [[nodiscard]] const QString &error() const noexcept { return m_error; }

    [[nodiscard]] FaultServers &servers() noexcept { return m_servers; }
    [[nodiscard]] Proxy &postgresProxy() noexcept { return *m_postgresProxy; }
    [[nodiscard]] Proxy &redisProxy() noexcept { return *m_redisProxy; }
    [[nodiscard]] const Mapping &mapping() const noexcept { return m_mapping; }
    /// Through the proxies.
    [[nodiscard]] const EngineSettings &farSettings() const noexcept { return m_farSettings; }
    [[nodiscard]] const EditRecorder &edits() const noexcept { return *m_edits; }
    [[nodiscard]] const Recorder &recorder() const noexcept { return m_recorder; }

    /// Of the first writer, whose servers are behind the proxies, and of the second.
    Outcome write(const Edit &edit) { return writeBy(*m_first, edit); }
    Outcome writeBySecond(const Edit &edit) { return writeBy(*m_second, edit); }
    /// By a client, under the id; the value is the first name.
    void stage(const QByteArray &key, const QByteArray &uuid, const QByteArray &value);
    /// Serves what is staged until nothing is; false when that takes too long.
    [[nodiscard]] bool serveStaged();
    /// The same until the answer under the id is there.
    [[nodiscard]] bool serveStagedUntilAnswered(const QByteArray &key, const QByteArray &uuid);
    /// By the reader of the program; recorded.
    void read(const RowKey &key);
    [[nodiscard]] RowVersion versionOf(const RowKey &key);
    /// Purges and pushes again what is due, once.
    void keepUp();
    [[nodiscard]] bool hasHeartbeat();
    /// Does something when the point is passed next; what it does passes points unseen.
    void atNext(FaultPoint point, std::function<void()> action);

    /// Waits until nothing waits any more, and lets the checker judge.
    [[nodiscard]] Tally finish();

private:
    void connectAll();
    Outcome writeBy(WriteThrough &writer, const Edit &edit);
    void passed(FaultPoint point);

    QTemporaryDir m_directory;
    Recorder m_recorder;
    FaultServers m_servers;
    std::function<void(EngineSettings &)> m_adjust;
    QString m_error;
    std::unique_ptr<Proxy> m_postgresProxy;
    std::unique_ptr<Proxy> m_redisProxy;
    Mapping m_mapping;
    EngineSettings m_farSettings;
    std::unique_ptr<EditRecorder> m_edits;
    std::unique_ptr<WriteThrough> m_first;
    std::unique_ptr<WriteThrough> m_second;
    std::unique_ptr<PostgresLink> m_readerPostgres;
    std::unique_ptr<RedisLink> m_readerRedis;
    std::unique_ptr<ReadThrough> m_reader;
    std::unique_ptr<Upkeep> m_upkeep;
    std::unique_ptr<StagedWrites> m_staged;
    std::unique_ptr<StoreReader> m_stores;
    Baseline m_before;
    std::optional<FaultPoint> m_point;
    std::function<void()> m_action;
};

} // namespace throughline::faults
