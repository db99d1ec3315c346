// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "recorder.h"

#include "domain/edit.h"
#include "domain/mapping.h"
#include "domain/outcome.h"
#include "engine/readthrough.h"

namespace throughline::faults {

/// Makes the edits of a run, each with a value of its own, and writes down what becomes of them.
class EditRecorder final
{
public:
    EditRecorder(const Recorder &recorder, const Mapping &mapping);

    [[nodiscard]] Edit update(const RowKey &key, RowVersion base) const;
    [[nodiscard]] Edit insert(const RowKey &key) const;
    [[nodiscard]] Edit remove(const RowKey &key, RowVersion base) const;

    void invoked(const Edit &edit) const;
    void answered(const Outcome &outcome) const;
    void wasRead(const RowKey &key, qint64 begin, const ReadAnswer &answer) const;

private:
    [[nodiscard]] int field(const char *column) const;

    const Recorder &m_recorder;
    Mapping m_mapping;
};

} // namespace throughline::faults
