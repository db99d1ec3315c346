// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace throughline::faults {

enum class EventKind {
    Invoke,      ///< a write is about to be sent; an empty value means a delete
    Ok,          ///< the writer was told: saved
    Pending,     ///< committed, but Redis has not answered; also every commit of foreign SQL, which promises no more
    Conflict,    ///< told that nothing was written, because the row had changed
    Failed,      ///< told that nothing was written, because it was refused
    Unknown,     ///< told that nobody knows
    Unavailable, ///< told that nothing was sent
    Read,        ///< one answered read
    Restart,     ///< Redis is about to be ended
    Recovered,   ///< after a Restart: the recovery is complete
    Fault,       ///< for people who read the history: what was injected
    Stage,       ///< a client is about to stage a write; `op` is the field `#`, empty where it leaves it out
    Staged,      ///< Redis has taken it
    NotStaged,   ///< Redis has refused it
    StagedDone,  ///< the client has found the answer
    StagedFailed ///< the same
};

/// Where a read found what it answered. Database after a miss, None for "there is no such row".
enum class Source { None, Cache, Database };

/// One line of a history.
struct Event
{
    qint64 at = 0;        ///< ns of CLOCK_MONOTONIC, which all processes of the host share
    qint64 begin = 0;     ///< of a read: when it was asked
    QByteArray process{}; ///< name and incarnation: app1.2
    EventKind kind = EventKind::Invoke;
    QByteArray key{};
    QByteArray op{};
    qint64 base = 0;
    qint64 version = 0;
    QByteArray value{}; ///< unique: no two writes of a run write the same
    Source source = Source::None;

    friend bool operator==(const Event &, const Event &) = default;
};

[[nodiscard]] qint64 monotonicNow();
[[nodiscard]] QByteArray toLine(const Event &event);
/// Nothing for a line that a killed process did not finish.
[[nodiscard]] std::optional<Event> fromLine(const QByteArray &line);
/// All events of all files of the directory, in the order of time.
[[nodiscard]] std::vector<Event> loadHistory(const QString &directory);

} // namespace throughline::faults
