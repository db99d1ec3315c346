// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/statement.h"
#include "engine/storelink.h"

namespace throughline {

/// Finds out what became of a statement whose answer was lost (PROTOCOL.md, section 5). Repeating the same statement is
/// safe, because it matches its base version only once; the outbox is the journal that names what was applied. Blocks
/// its thread; the connection belongs to whoever calls.
class OutcomeResolver final
{
public:
    OutcomeResolver(PostgresLink &postgres, const Mapping &mapping, const EngineSettings &settings,
                    const Interrupt *interrupt);

    /// One attempt of a statement (E2); one answer per edit.
    [[nodiscard]] Result<std::vector<WrittenRow>> send(const Statement &statement);
    /// U1 to U3, again and again until `deadline`: one fate per edit, or the reason why nobody can tell yet.
    [[nodiscard]] Result<std::vector<Fate>> resolve(const Statement &statement, Instant deadline);
    /// The same without the values, which are gone after a restart of the program: makes a late attempt impossible,
    /// then asks the journal.
    [[nodiscard]] Result<std::vector<Fate>> settle(const Statement &statement, Instant deadline);

    /// Keys whose version was raised to keep late attempts out, with the operations that did it. Emptied by reading.
    [[nodiscard]] std::vector<std::pair<OpId, OutboxKey>> takeTouched();

private:
    [[nodiscard]] Result<std::vector<Fate>> resolveOnce(const Statement &statement);
    [[nodiscard]] Result<std::vector<Fate>> resolveInsert(const Statement &statement);
    [[nodiscard]] Result<void> fence(const Statement &statement);
    [[nodiscard]] Result<void> askJournal(const Statement &statement, std::vector<Fate> &fates);
    [[nodiscard]] Instant late() const;

    PostgresLink &m_postgres;
    QByteArray m_label;
    EngineSettings m_settings;
    const Interrupt *m_interrupt;
    std::vector<std::pair<OpId, OutboxKey>> m_touched;
};

} // namespace throughline
