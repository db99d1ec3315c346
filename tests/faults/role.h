// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "engine/enginesettings.h"
#include "faultsettings.h"
#include "recorder.h"

#include <memory>
#include <random>

namespace throughline::faults {

/// What one process of the run is given.
struct WorkerOptions
{
    QByteArray role;
    QByteArray process; ///< name and incarnation
    QString history;
    QString conninfo;      ///< through the bad network, for those of the program
    QString redisUrl;      ///< the same
    QString plainConninfo; ///< past it, for everybody else
    QByteArray plainRedis; ///< a socket
    quint64 seed = 1;
};

/// The work of one process, on its main thread.
class Role
{
public:
    Role() = default;
    virtual ~Role() = default;
    Role(const Role &) = delete;
    Role &operator=(const Role &) = delete;

    /// One piece of work.
    virtual void step() = 0;
    /// Between two steps.
    [[nodiscard]] virtual milliseconds pace() const = 0;
    /// Instead of step() while the run is quiet: nothing new, only what is left over.
    virtual void rest() {}
    /// Something to be done once, on demand; false when it could not be.
    virtual bool perform(const QByteArray &) { return false; }
};

[[nodiscard]] std::unique_ptr<Role> makeAppRole(const WorkerOptions &options, const Recorder &recorder);
[[nodiscard]] std::unique_ptr<Role> makeGatewayRole(const WorkerOptions &options);
[[nodiscard]] std::unique_ptr<Role> makePsqlRole(const WorkerOptions &options, const Recorder &recorder);
[[nodiscard]] std::unique_ptr<Role> makeLegacyRole(const WorkerOptions &options, const Recorder &recorder);
[[nodiscard]] std::unique_ptr<Role> makeOwnReaderRole(const WorkerOptions &options, const Recorder &recorder);
[[nodiscard]] std::unique_ptr<Role> makeStagedRole(const WorkerOptions &options, const Recorder &recorder);
[[nodiscard]] std::unique_ptr<Role> makeBreakerRole(const WorkerOptions &options);

/// The numbers a process draws: the same for the same seed and name.
class Dice final
{
public:
    explicit Dice(quint64 seed)
        : m_engine(seed)
    {
    }
    /// From `first` to `last`, both included.
    [[nodiscard]] int between(int first, int last) { return std::uniform_int_distribution<int>(first, last)(m_engine); }
    [[nodiscard]] bool chance(int percent) { return between(1, 100) <= percent; }
    [[nodiscard]] QByteArray key(int first, int last) { return QByteArray::number(between(first, last)); }
    [[nodiscard]] std::mt19937_64 &engine() noexcept { return m_engine; }

private:
    std::mt19937_64 m_engine;
};

/// What readers look at.
[[nodiscard]] inline QByteArray anyReadKey(Dice &dice)
{
    const int what = dice.between(1, 10);
    return what <= 5   ? dice.key(keys::hotFirst, keys::hotLast)
           : what <= 8 ? dice.key(keys::churnFirst, keys::churnLast)
                       : dice.key(keys::batchFirst, keys::batchLast);
}

} // namespace throughline::faults
