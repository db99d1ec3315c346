// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkerindex.h"

#include <algorithm>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

/// Between the time in a verdict and its commit, at most.
constexpr qint64 commitTime = 2'000'000'000;

/// All that was staged under one id for one row.
struct StagedWrite
{
    qint64 at = 0;
    char what = '=';
    bool sent = false;        ///< Redis has it, as far as the client knows
    bool overwritten = false; ///< its `#`, perhaps, because something was staged before the client had the answer
    bool merged = false;      ///< with fields of another, perhaps
    int times = 0;
    QSet<QByteArray> values;
    QSet<QByteArray> answers;
    std::vector<const VerdictRow *> verdicts;

    /// One content, so that it has one outcome.
    [[nodiscard]] bool isOne() const { return times == 1 || (values.size() == 1 && !merged); }
};

using StagedWrites = QMap<WriteName, StagedWrite>; // by key and uuid

class Collector final
{
public:
    explicit Collector(const Record &record)
    {
        for (const Event &event : record.events)
            take(event);
        for (const VerdictRow &verdict : record.verdicts) {
            if (const auto write = m_writes.find({verdict.key, verdict.uuid}); write != m_writes.end())
                write->verdicts.push_back(&verdict);
        }
        for (auto write = m_writes.begin(); write != m_writes.end(); ++write) {
            for (const QByteArray &answer :
                 record.after.answers.value("{users:" + write.key().first + '}' + write.key().second))
                write->answers.insert(answer);
        }
    }
    [[nodiscard]] const StagedWrites &writes() const { return m_writes; }

private:
    void take(const Event &event)
    {
        const WriteName name{event.key, uuidOf(event)};
        switch (event.kind) {
        case EventKind::Stage:
            stage(event, name);
            break;
        case EventKind::Staged:
            if (const auto write = m_writes.find(name); write != m_writes.end())
                write->sent = true;
            break;
        case EventKind::StagedDone:
        case EventKind::StagedFailed:
            m_open[event.key].remove(name.second);
            if (const auto write = m_writes.find(name); write != m_writes.end())
                write->answers.insert(event.kind == EventKind::StagedDone ? "done" : "failed");
            break;
        default:
            break;
        }
    }

    void stage(const Event &event, const WriteName &name)
    {
        QSet<QByteArray> &open = m_open[event.key];
        bool meets = false;
        for (const QByteArray &other : std::as_const(open)) {
            if (other == name.second)
                continue;
            StagedWrite &write = m_writes[{event.key, other}];
            write.merged = meets = true;
            write.overwritten |= !event.op.isEmpty();
        }
        if (name.second.isEmpty()) {
            if (event.op.isEmpty())
                m_loose.insert(event.key);
            return;
        }
        StagedWrite &write = m_writes[name];
        write.at = write.times++ == 0 ? event.at : write.at;
        write.what = event.op.front();
        write.values.insert(event.value);
        write.merged |= meets || m_loose.remove(event.key);
        open.insert(name.second);
    }

    StagedWrites m_writes;
    QHash<QByteArray, QSet<QByteArray>> m_open; ///< ids without an answer so far, by key
    QSet<QByteArray> m_loose;                   ///< keys with fields that were staged without `#` before
};

class Judge final
{
public:
    explicit Judge(const Record &record)
        : m_record(record)
    {
        for (const AuditRow &row : record.audit)
            ++m_changes[{row.key, row.transaction}];
        for (const Event &event : record.events) {
            if (event.kind == EventKind::Restart)
                m_restarts.push_back(event.at);
        }
    }

    [[nodiscard]] Violations run()
    {
        for (const VerdictRow &verdict : m_record.verdicts)
            checkVerdict(verdict);
        const StagedWrites writes = Collector(m_record).writes();
        for (auto write = writes.cbegin(); write != writes.cend(); ++write)
            checkWrite(write.key(), *write);
        checkApplied();
        return std::move(m_violations);
    }

private:
    void checkVerdict(const VerdictRow &verdict)
    {
        const int changes = m_changes.value({verdict.key, verdict.transaction});
        const bool rightDone = verdict.what == '~' ? changes <= 1 : changes == 1;
        if (verdict.done ? !rightDone : changes != 0)
            blame({verdict.key, verdict.uuid}, u"its verdict %1 stands for %2 changes of the row"_s.arg(
                                                   verdict.done ? u"done"_s : u"failed"_s, QString::number(changes)));
    }

    void checkWrite(const WriteName &name, const StagedWrite &write)
    {
        const bool done = write.answers.contains("done");
        const bool failed = write.answers.contains("failed");
        const bool changesRow = write.what == '=' || write.what == '~';
        const auto most = write.isOne() ? size_t(1) : static_cast<size_t>(write.times);
        const auto verdicts = [&](bool which) { return std::ranges::count(write.verdicts, which, &VerdictRow::done); };
        if (done && failed && write.isOne())
            blame(name, u"it was called both done and failed"_s);
        if (write.verdicts.size() > most)
            blame(name, u"it has %1 verdicts"_s.arg(write.verdicts.size()));
        if (done && (changesRow ? verdicts(true) == 0 : !write.verdicts.empty() && write.isOne()))
            blame(name, u"it was called done against its verdict"_s);
        if (failed && verdicts(false) == 0)
            blame(name, u"it was called failed against its verdict"_s);
        if (!done && !failed && write.sent)
            checkSilence(name, write);
    }

    // Who was overwritten before the take has no verdict; a verdict under its id says that it was not.
    void checkSilence(const WriteName &name, const StagedWrite &write)
    {
        const bool decided = !write.verdicts.empty();
        if (!decided && write.overwritten)
            return;
        const bool lost = std::ranges::any_of(m_restarts, [&](qint64 restart) {
            return restart >= write.at && (!decided || write.verdicts.front()->at + commitTime > restart);
        });
        if (!lost)
            blame(name, decided ? u"it was decided and never answered"_s : u"it was never answered"_s);
    }

    // Foreign SQL may carry a value to another key; what has an operation of ours and is no app's edit was staged.
    void checkApplied()
    {
        QSet<WriteName> staged;
        QSet<QByteArray> edits;
        for (const Event &event : m_record.events) {
            if (event.kind == EventKind::Stage && !event.value.isEmpty())
                staged.insert({event.key, event.value});
            else if (event.kind == EventKind::Invoke)
                edits.insert(event.op);
        }
        QSet<ChangeName> decided;
        for (const VerdictRow &verdict : m_record.verdicts)
            decided.insert({verdict.key, verdict.transaction});
        QHash<QByteArray, QByteArray> last;
        for (const AuditRow &row : m_record.audit) {
            const bool isNew = std::exchange(last[row.key], row.value) != row.value;
            if (isNew && !row.op.isEmpty() && !edits.contains(row.op) && staged.contains({row.key, row.value}) &&
                !decided.contains({row.key, row.transaction}))
                blame({row.key, row.value}, u"it was applied and has no verdict"_s);
        }
    }

    void blame(const WriteName &name, const QString &what)
    {
        m_violations.push_back({"C6", u"Of the write %1 that was staged for %2: %3."_s.arg(
                                          QString::fromUtf8(name.second), users(name.first), what)});
    }

    const Record &m_record;
    QHash<ChangeName, int> m_changes;
    std::vector<qint64> m_restarts;
    Violations m_violations;
};

} // namespace

Violations checkStaged(const Record &record)
{
    return Judge(record).run();
}

} // namespace throughline::faults
