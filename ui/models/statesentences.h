// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "domain/outcome.h"
#include "domain/rowcompare.h"

#include <QCoreApplication>
#include <QString>

namespace throughline {

struct CellRemark;

/// The words for what a cell has to say: tooltip, note and screen reader say the same.
class StateSentences final
{
    Q_DECLARE_TR_FUNCTIONS(StateSentences)

public:
    /// A value as a sentence names it: NULL as such, a secret only as bullets, a long text cut.
    [[nodiscard]] static QString named(const Value &value, bool secret);
    [[nodiscard]] static QString bullets();

    /// The sentence of a note at this moment.
    [[nodiscard]] static QString ofNote(const CellRemark &note, Instant now);
    /// What an outcome other than a committed one means for the text that was typed.
    [[nodiscard]] static QString ofOutcome(const Outcome &outcome, const QString &yours);
    /// The text waited for an edit of the same row that ended with this verdict.
    [[nodiscard]] static QString notSentAfter(Verdict verdict);

    [[nodiscard]] static QString ofDifference(FieldDifference difference, const QString &table, const QString &cache);
    [[nodiscard]] static QString ofRow(RowDifference difference, bool versionDiffers);
};

} // namespace throughline
