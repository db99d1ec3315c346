// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadreport.h"
#include "ui/palettes.h"

#include <QString>

/// What the window says about a run, in sentences. Pure.
namespace throughline::generatorwords {

/// "1 min 12 s", "48 s", "2 h 5 min"
[[nodiscard]] QString duration(double seconds);

/// "Running for 1 min 12 s, seed 42"
[[nodiscard]] QString stateOf(const LoadStats &stats, quint64 seed, bool isPaused);
/// "Ran for 1 min 12 s, seed 42"
[[nodiscard]] QString endOf(const LoadReport &report);
/// What it did and whether the stores agree; two or three sentences.
[[nodiscard]] QString resultOf(const LoadReport &report);
/// Failed where something asks for a look, Saved where all is in both stores, and neither for what is only incomplete.
[[nodiscard]] Tone toneOf(const LoadReport &report);

} // namespace throughline::generatorwords
