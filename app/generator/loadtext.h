// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generator/loadprofile.h"

#include <QCoreApplication>

#include <array>
#include <utility>
#include <vector>

namespace throughline::loadtext {

// The words and numbers that profiles are made of. Pure.

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(LoadProfile)
};

inline constexpr double longestS = 31'536'000; ///< a year
inline constexpr double highestRate = 10'000'000;
inline constexpr qint64 mostOperations = 1'000'000'000'000'000;

/// A sentence about a value, without its place.
[[nodiscard]] Failure mistake(const QString &sentence);

/// Shortest text that reads back as the same number.
[[nodiscard]] QString numberText(double number);
[[nodiscard]] Result<double> numberFrom(const QString &text, double lowest, double highest);
[[nodiscard]] Result<qint64> wholeFrom(const QString &text, qint64 lowest, qint64 highest);

template <class T>
using WordList = std::vector<std::pair<QString, T>>;
[[nodiscard]] WordList<LoadPath> pathWords();
[[nodiscard]] WordList<Pacing> pacingWords();

template <class T>
[[nodiscard]] QString wordOf(T value, const WordList<T> &words)
{
    for (const auto &[word, meaning] : words) {
        if (meaning == value)
            return word;
    }
    return {};
}

template <class T>
[[nodiscard]] Result<T> wordFrom(const QString &text, const WordList<T> &words)
{
    QStringList all;
    for (const auto &[word, meaning] : words) {
        if (word == text)
            return meaning;
        all << word;
    }
    return mistake(Words::tr("the value is one of: %1.").arg(all.join(QStringLiteral(", "))));
}

/// "integer 1000..999999", "words 2", "dates 1950-01-01..2009-12-31", "email 1", "counter 1".
[[nodiscard]] QString makerText(const ValueMaker &maker);
[[nodiscard]] Result<ValueMaker> makerFrom(const QString &text);

} // namespace throughline::loadtext
