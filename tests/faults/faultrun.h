// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "injector.h"
#include "stores.h"

namespace throughline::faults {

struct RunOptions
{
    milliseconds duration{0};
    quint64 seed = 1;
    QString mutation;
    QString keep; ///< a directory for the histories; empty: they are removed
};

/// What a run has seen, summed over its rounds.
struct Tally
{
    qint64 operations = 0;
    qint64 acknowledged = 0;
    qint64 undrained = 0;
    QStringList violations; ///< a sentence each
    QMap<QByteArray, int> faults;

    void add(const Record &record);
    /// Of a part of the run with servers of its own.
    void add(const Tally &other, const QByteArray &kind);
    [[nodiscard]] bool clean() const { return violations.isEmpty() && undrained == 0; }
    /// Counts per kind, violations, and the one line that scripts read.
    void print(quint64 seed) const;
};

/// Rounds of load and faults, each ended by a rest in which everything is compared. The first round with a violation is
/// the last one.
class FaultRun final
{
public:
    explicit FaultRun(RunOptions options);

    [[nodiscard]] Tally execute();

private:
    [[nodiscard]] bool start();
    void round(Instant end);
    void finishRound();
    void failOver();
    [[nodiscard]] bool comeToRest();
    [[nodiscard]] Record collect();
    void forgetHistory() const;
    void stepAside();
    void fail(const QString &sentence) { m_tally.violations << sentence; }

    RunOptions m_options;
    QTemporaryDir m_temporary;
    QString m_history;
    std::unique_ptr<Recorder> m_recorder;
    std::unique_ptr<FaultServers> m_servers;
    std::unique_ptr<Fleet> m_fleet;
    std::unique_ptr<Injector> m_injector;
    std::unique_ptr<StoreReader> m_reader;
    Baseline m_before;
    Tally m_tally;
    Instant m_nextFailover;
    bool m_inADrain = false;
};

} // namespace throughline::faults
