// SPDX-License-Identifier: GPL-3.0-or-later
#include "rawedit.h"

#include <hiredis/hiredis.h>
#include <libpq-fe.h>

#include <cstdlib>
#include <cstring>
#include <utility>

namespace {

using Result = std::unique_ptr<PGresult, void (*)(PGresult *)>;
using Reply = std::unique_ptr<redisReply, void (*)(void *)>;

Result resultOf(PGresult *result)
{
    return {result, &PQclear};
}

Reply run(redisContext *redis, const std::vector<std::string> &words)
{
    std::vector<const char *> texts;
    std::vector<size_t> lengths;
    texts.reserve(words.size());
    lengths.reserve(words.size());
    for (const std::string &word : words) {
        texts.push_back(word.data());
        lengths.push_back(word.size());
    }
    void *reply = redisCommandArgv(redis, static_cast<int>(words.size()), texts.data(), lengths.data());
    return {static_cast<redisReply *>(reply), &freeReplyObject};
}

} // namespace

RawEdit::RawEdit(RawPlan plan, const std::string &name)
    : m_plan(std::move(plan))
    , m_postgres(PQconnectdb(m_plan.conninfo.c_str()), &PQfinish)
    , m_redis(redisConnectUnix(m_plan.redisSocket.c_str()), &redisFree)
{
    open(name);
}

RawEdit::~RawEdit() = default;

void RawEdit::open(const std::string &name)
{
    if (PQstatus(m_postgres.get()) != CONNECTION_OK) {
        m_error = PQerrorMessage(m_postgres.get());
        return;
    }
    if (!m_redis || m_redis->err != 0) {
        m_error = m_redis ? m_redis->errstr : "no memory";
        return;
    }
    const Reply selected = run(m_redis.get(), {"SELECT", std::to_string(m_plan.redisDatabase)});
    if (!selected || selected->type == REDIS_REPLY_ERROR) {
        m_error = "the database of Redis cannot be selected";
        return;
    }
    becomeNode();
    const auto prepared = resultOf(PQprepare(m_postgres.get(), "edit", m_plan.statement.c_str(), 0, nullptr));
    if (m_error.empty() && PQresultStatus(prepared.get()) != PGRES_COMMAND_OK)
        m_error = name + ": " + PQresultErrorMessage(prepared.get());
}

/// An own writer, as each connection of the program is: the triggers have the same to do for both sides.
void RawEdit::becomeNode()
{
    const auto node =
        resultOf(PQexec(m_postgres.get(), "SELECT set_config('wt.node', n::text, false), "
                                          "pg_advisory_lock(7461, n::int) FROM nextval('wt_node_seq') n"));
    if (PQresultStatus(node.get()) != PGRES_TUPLES_OK)
        m_error = PQresultErrorMessage(node.get());
}

std::optional<long long> RawEdit::edit(const std::string &key, long long version, const std::string &operation,
                                       const std::string &value, const std::string &hash, const std::string &lease)
{
    const std::string base = std::to_string(version);
    const char *parameters[] = {key.c_str(), base.c_str(), operation.c_str(), value.c_str()};
    const auto row = resultOf(PQexecPrepared(m_postgres.get(), "edit", 4, parameters, nullptr, nullptr, 0));
    if (PQresultStatus(row.get()) != PGRES_TUPLES_OK || PQntuples(row.get()) != 1)
        return std::nullopt;
    // The result: key, version, fields. The script: head, then mode, version, token, mask, values that are not NULL.
    std::vector<std::string> words{"EVALSHA", m_plan.script, "2", hash, lease};
    words.insert(words.end(), m_plan.head.begin(), m_plan.head.end());
    words.insert(words.end(), {"U", PQgetvalue(row.get(), 0, 1), "", ""});
    const size_t mask = words.size() - 1;
    for (int column = 2; column < PQnfields(row.get()); ++column) {
        const bool isNull = PQgetisnull(row.get(), 0, column) != 0;
        words[mask] += isNull ? '0' : '1';
        if (!isNull)
            words.emplace_back(PQgetvalue(row.get(), 0, column));
    }
    const Reply pushed = run(m_redis.get(), words);
    if (!pushed || pushed->type != REDIS_REPLY_ARRAY || pushed->elements != 1 ||
        std::strcmp(pushed->element[0]->str, "updated") != 0)
        return std::nullopt;
    return std::strtoll(PQgetvalue(row.get(), 0, 1), nullptr, 10);
}

std::string RawEdit::cachedVersion(const std::string &hash)
{
    const Reply version = run(m_redis.get(), {"HGET", hash, "version"});
    return version && version->type == REDIS_REPLY_STRING ? std::string(version->str, version->len) : std::string();
}

bool RawEdit::knowsScript()
{
    const Reply exists = run(m_redis.get(), {"SCRIPT", "EXISTS", m_plan.script});
    return exists && exists->type == REDIS_REPLY_ARRAY && exists->elements == 1 && exists->element[0]->integer == 1;
}
