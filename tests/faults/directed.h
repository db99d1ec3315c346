// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faultrun.h"

namespace throughline::faults {

/// A short schedule that fails with one deliberate bug and passes without it.
struct Directed
{
    const char *name;     ///< of the mutation, too
    QByteArrayList rules; ///< one of these is what the checker has to find
    Tally (*run)();
};

/// T10: the primary is killed and its synchronous standby promoted, in the middle of E2 and of a drain.
[[nodiscard]] Tally primaryLostInAStatement();
[[nodiscard]] Tally primaryLostInADrain();

/// C7: how many round trips an edit takes, and the upkeep at rest.
[[nodiscard]] Tally roundTrips();

[[nodiscard]] Tally broken(const QString &why);
[[nodiscard]] const std::vector<Directed> &directedSchedules();

} // namespace throughline::faults
