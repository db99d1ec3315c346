// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/directpath.h"

namespace throughline {

namespace {

/// The edits set the same fields, as all of a run do.
BulkUpdate bulkOf(const std::vector<Edit> &edits)
{
    constexpr qsizetype bytesPerText = 12; // about
    BulkUpdate update;
    update.op = edits.front().op;
    for (const FieldChange &change : edits.front().changes)
        update.fields.push_back(change.field);
    const qsizetype bytes = std::ssize(edits) * bytesPerText;
    update.keys.reserve(edits.size(), bytes);
    update.bases.reserve(edits.size());
    update.values.reserve(edits.size() * update.fields.size(), bytes * std::ssize(update.fields));
    for (const Edit &edit : edits) {
        update.keys.add(edit.key.text);
        update.bases.push_back(edit.base);
        for (const FieldChange &change : edit.changes)
            update.values.addValue(change.value);
    }
    return update;
}

} // namespace

DirectPath::DirectPath(const Mapping &mapping, const EngineSettings &settings, const Interrupt *interrupt)
    : m_engine(mapping, settings, interrupt)
    , m_bulk(m_engine, mapping, settings)
{
}

void DirectPath::open()
{
    std::ignore = m_engine.postgres().ensure();
    std::ignore = m_engine.redis().ensure();
}

std::vector<WriteAnswers> DirectPath::send(WriteBatch batch)
{
    if (batch.edits.size() > 1) {
        BulkUpdate update = bulkOf(batch.edits);
        m_tickets.insert(update.op, std::move(batch.tickets));
        return answersOf(m_bulk.write(std::move(update)));
    }
    std::vector<WriteAnswers> answers = answersOf(m_bulk.finish());
    WriteAnswers &one = answers.emplace_back();
    one.tickets = std::move(batch.tickets);
    one.outcomes = m_engine.writeBatch(std::move(batch.edits));
    one.at = Clock::now();
    return answers;
}

std::vector<WriteAnswers> DirectPath::finish(Instant)
{
    return answersOf(m_bulk.finish());
}

std::vector<WriteAnswers> DirectPath::answersOf(std::vector<BulkOutcome> outcomes)
{
    std::vector<WriteAnswers> answers;
    for (BulkOutcome &outcome : outcomes)
        answers.push_back(answersOf(std::move(outcome)));
    return answers;
}

WriteAnswers DirectPath::answersOf(BulkOutcome outcome)
{
    WriteAnswers answers;
    answers.at = Clock::now();
    answers.tickets = m_tickets.take(outcome.update.op);
    answers.outcomes.resize(outcome.verdicts.size());
    for (size_t row = 0; row < outcome.verdicts.size(); ++row) {
        answers.outcomes[row].origin = Origin::Generator;
        answers.outcomes[row].verdict = outcome.verdicts[row];
        answers.outcomes[row].timings = {nanoseconds(0), outcome.postgres, outcome.redis};
    }
    for (auto &[row, error] : outcome.errors)
        answers.outcomes[row].error = std::move(error);
    answers.versions = std::move(outcome.versions);
    return answers;
}

/// First answers are counted, and the verification looks at both stores: later ones need no ear.
void DirectPath::upkeep()
{
    if (m_engine.needsUpkeep())
        std::ignore = m_engine.upkeep();
}

} // namespace throughline
