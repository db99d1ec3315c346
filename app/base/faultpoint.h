// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace throughline {

/// Where the fault tests may stop or kill a process: between the steps of PROTOCOL.md.
enum class FaultPoint {
    BeforeStatement, ///< before E2
    StatementSent,   ///< E2 has left, its answer is not read yet
    BeforePush,      ///< committed, E4 not sent
    AfterPush,       ///< E4 answered, before the warm-up of E5
    BeforeFill,      ///< the lease is taken and the row read, the fill not sent
    BeforePurge,     ///< before E6
    Claimed,         ///< D1 done, nothing pushed yet
    HalfPushed,      ///< D3, some keys of a row pushed
    BeforeConfirm,   ///< before D4
    BetweenReplayed, ///< R3, some keys replayed
    BeforeRecovered, ///< before R5
    StagedTaken,     ///< S1 done
    StagedDecided,   ///< S3 or S4 committed, nothing answered
    BeforeFinish,    ///< before S5
};

/// Deliberate bugs, each of which the checker of the fault tests has to find (PROTOCOL.md, sections 11 and 13).
enum class Mutation {
    Populate,    ///< a writer's push creates an absent hash without the token
    NoLease,     ///< a fill needs no lease
    AckEarly,    ///< acknowledged before the push
    EarlyPurge,  ///< the outbox row goes right after the push
    UnkFailed,   ///< a broken statement is called failed
    NextvalFrom, ///< the version is drawn in FROM, and zzz_wt_update is not there
    NoRename,    ///< a staged write is read where it lies, and deleted there when it is answered
};

#ifdef THROUGHLINE_FAULTS
// Only in tests/faults, which compiles the few sources that ask these a second time.
void faultPoint(FaultPoint point) noexcept;
[[nodiscard]] bool isMutated(Mutation mutation) noexcept;
#else
constexpr void faultPoint(FaultPoint) noexcept {}
[[nodiscard]] constexpr bool isMutated(Mutation) noexcept
{
    return false;
}
#endif

} // namespace throughline
