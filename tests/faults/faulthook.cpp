// SPDX-License-Identifier: GPL-3.0-or-later
#include "faulthook.h"

#include <algorithm>
#include <array>

namespace throughline {

namespace faults {

namespace {

FaultHook currentHook;
std::optional<Mutation> currentMutation;

// In the order of the enumerations.
constexpr std::array mutations{"POPULATE", "NOLEASE", "ACKEARLY", "EARLYPURGE", "UNKFAILED", "NEXTVALFROM", "NORENAME"};
constexpr std::array points{"BeforeStatement", "StatementSent", "BeforePush",    "AfterPush",     "BeforeFill",
                            "BeforePurge",     "Claimed",       "HalfPushed",    "BeforeConfirm", "BetweenReplayed",
                            "BeforeRecovered", "StagedTaken",   "StagedDecided", "BeforeFinish"};

template <class Enum, size_t Size>
std::optional<Enum> named(const std::array<const char *, Size> &names, const QByteArray &name)
{
    const auto found = std::ranges::find_if(names, [&](const char *each) { return name == each; });
    if (found == names.end())
        return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

} // namespace

void setFaultHook(FaultHook hook)
{
    currentHook = std::move(hook);
}

void setMutation(std::optional<Mutation> mutation)
{
    currentMutation = mutation;
}

std::optional<Mutation> mutationNamed(const QByteArray &name)
{
    return named<Mutation>(mutations, name);
}

std::optional<FaultPoint> faultPointNamed(const QByteArray &name)
{
    return named<FaultPoint>(points, name);
}

QByteArrayList mutationNames()
{
    return {mutations.begin(), mutations.end()};
}

} // namespace faults

void faultPoint(FaultPoint point) noexcept
{
    if (faults::currentHook)
        faults::currentHook(point);
}

bool isMutated(Mutation mutation) noexcept
{
    return faults::currentMutation == mutation;
}

} // namespace throughline
