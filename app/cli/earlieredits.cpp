// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/earlieredits.h"

#include "cli/command.h"
#include "cli/outcometext.h"

#include <algorithm>

namespace throughline::cli {

namespace {

constexpr milliseconds patience{10'000};
constexpr milliseconds betweenLooks{200};

} // namespace

void settleEarlierEdits(WriteThrough &engine, const Mapping &mapping, Console &console)
{
    engine.adoptUnsettled();
    if (engine.unsettled() == 0)
        return;
    for (const Outcome &outcome : engine.upkeep())
        console.message(Command::tr("An edit of an earlier run: %1").arg(outcomeSentence(mapping, outcome)));
}

Outcome awaitSettled(WriteThrough &engine, Outcome answer, const Interrupt *interrupt)
{
    const Instant deadline = Clock::now() + patience;
    while (answer.verdict == Verdict::Unknown && Clock::now() < deadline && pauseFor(betweenLooks, interrupt)) {
        const auto late = engine.upkeep();
        const auto ours = std::ranges::find(late, answer.op, &Outcome::op);
        if (ours != late.end())
            answer = *ours;
    }
    return answer;
}

} // namespace throughline::cli
