// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/sandboxstate.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

namespace throughline {

using namespace Qt::StringLiterals;

bool SandboxState::write(const QString &path) const
{
    const QJsonObject object{{u"instance"_s, QString::fromLatin1(instance)},
                             {u"pid"_s, pid},
                             {u"pg"_s, endpoints.conninfo},
                             {u"redis"_s, endpoints.redisUrl},
                             {u"tcp_pg"_s, endpoints.tcpConninfo},
                             {u"tcp_redis"_s, endpoints.tcpRedisUrl}};
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        return false;
    file.write(QJsonDocument(object).toJson());
    return file.commit();
}

std::optional<SandboxState> SandboxState::read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    SandboxState state;
    state.instance = object.value("instance"_L1).toString().toLatin1();
    state.pid = object.value("pid"_L1).toInteger();
    state.endpoints = {object.value("pg"_L1).toString(), object.value("redis"_L1).toString(),
                       object.value("tcp_pg"_L1).toString(), object.value("tcp_redis"_L1).toString()};
    if (state.instance.isEmpty() || state.endpoints.conninfo.isEmpty())
        return std::nullopt;
    return state;
}

} // namespace throughline
