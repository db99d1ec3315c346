// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadsettings.h"

#include <QString>
#include <QStringList>

#include <tl/expected.hpp>

#include <array>
#include <vector>

namespace throughline {

/// The fields of the generator's dock.
enum class GeneratorField { Rate, Pacing, Rows, Mix, Fields, Path, StopAfter, Batch, Connections, Seed };
inline constexpr int generatorFieldCount = 10;

/// What stands in them.
struct GeneratorTexts
{
    std::array<QString, generatorFieldCount> texts;
    bool verifies = true;

    [[nodiscard]] const QString &of(GeneratorField field) const { return texts[size_t(field)]; }
    [[nodiscard]] QString &of(GeneratorField field) { return texts[size_t(field)]; }
    friend bool operator==(const GeneratorTexts &, const GeneratorTexts &) = default;
};

/// Why a field does not do, in a whole sentence.
struct FieldFault
{
    GeneratorField field = GeneratorField::Rate;
    QString sentence;
};

/// The settings of a run as a person reads and types them. Pure.
namespace generatortexts {

/// An empty seed takes `randomSeed`.
[[nodiscard]] tl::expected<LoadSettings, FieldFault> settingsFrom(const GeneratorTexts &texts, quint64 randomSeed);
/// Every fault, in the order of the fields.
[[nodiscard]] std::vector<FieldFault> faultsIn(const GeneratorTexts &texts);
[[nodiscard]] GeneratorTexts textsOf(const LoadSettings &settings);
/// What a first run is offered: ten writes a second.
[[nodiscard]] LoadSettings firstSettings();

/// "10 /s", "unlimited", "100 for 10 s, 1000"
[[nodiscard]] QString rateText(const LoadSettings &settings);
/// Sets rate and schedule of `settings`, or says why it is none.
[[nodiscard]] tl::expected<void, FieldFault> takeRate(const QString &text, LoadSettings &settings);

/// What a field offers; anything else may be typed where `mayBeTyped`.
[[nodiscard]] QStringList choicesFor(GeneratorField field);
[[nodiscard]] bool mayBeTyped(GeneratorField field);

} // namespace generatortexts

} // namespace throughline
