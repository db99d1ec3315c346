// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

struct pg_conn;
struct redisContext;

/// What an edit sends to both stores, as the engine does: the same statement and the same arguments of the same script.
struct RawPlan
{
    std::string conninfo;
    std::string redisSocket;
    int redisDatabase = 0;
    std::string statement;         ///< parameters: key, version, operation, value
    std::string script;            ///< SHA of wt_put
    std::vector<std::string> head; ///< of the script's arguments, the same for every row
};

/// The limit of a single edit: libpq and hiredis and nothing else, with a connection to each store. Blocks.
class RawEdit final
{
public:
    RawEdit(RawPlan plan, const std::string &name);
    ~RawEdit();
    RawEdit(const RawEdit &) = delete;
    RawEdit &operator=(const RawEdit &) = delete;

    /// Why the connections cannot be used; empty when they can.
    [[nodiscard]] const std::string &error() const noexcept { return m_error; }
    /// Writes the value to the row and pushes the row to its hash. The row's new version, or nothing when the row did
    /// not have `version` any more or the hash was not updated.
    [[nodiscard]] std::optional<long long> edit(const std::string &key, long long version, const std::string &operation,
                                                const std::string &value, const std::string &hash,
                                                const std::string &lease);
    /// The version in the hash; empty when there is none.
    [[nodiscard]] std::string cachedVersion(const std::string &hash);
    [[nodiscard]] bool knowsScript();

private:
    void open(const std::string &name);
    void becomeNode();

    RawPlan m_plan;
    std::string m_error;
    std::unique_ptr<pg_conn, void (*)(pg_conn *)> m_postgres;
    std::unique_ptr<redisContext, void (*)(redisContext *)> m_redis;
};
