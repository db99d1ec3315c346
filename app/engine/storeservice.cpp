// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/storeservice.h"

#include "engine/editworker.h"
#include "engine/mailbox.h"
#include "engine/readworker.h"
#include "engine/stagedworker.h"
#include "engine/upkeepworker.h"

#include <QCoreApplication>
#include <QThread>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace throughline {

namespace {

struct EditStates
{
    StoreStates states;
};
struct ReadStates
{
    StoreStates states;
};
struct StagedNews
{
    StagedReport report;
    std::vector<StagedEvent> events;
};
using Message = std::variant<Outcome, TableIndex, RowPage, RowPair, std::vector<StagedRecord>, StoreError, EditStates,
                             ReadStates, UpkeepReport, StagedNews>;

/// Two connections to one store: it is down when either says so.
StoreHealth worse(const StoreHealth &reads, const StoreHealth &edits)
{
    return edits.state == StoreHealth::State::Down && reads.isUp() ? edits : reads;
}

} // namespace

class StoreService::Private final
{
public:
    Private(StoreService *service, std::vector<Mapping> mappings, const EngineSettings &settings)
        : q(service)
        , mapping(mappings.front())
    {
        for (const Mapping &one : mappings)
            labels.append(one.config.label.toUtf8());
        edits.emplace(mapping, settings,
                      EditWorker::Callbacks{[this](Outcome outcome) { post(std::move(outcome)); },
                                            [this](StoreStates fresh) { post(EditStates{std::move(fresh)}); }});
        reads.emplace(mapping, settings,
                      ReadWorker::Callbacks{[this](TableIndex index) { post(std::move(index)); },
                                            [this](RowPage page) { post(std::move(page)); },
                                            [this](RowPair pair) { post(std::move(pair)); },
                                            [this](std::vector<StagedRecord> records) { post(std::move(records)); },
                                            [this](StoreError error) { post(std::move(error)); },
                                            [this](StoreStates fresh) { post(ReadStates{std::move(fresh)}); }});
        if (!settings.keepsUp)
            return;
        upkeep.emplace(mappings, settings, [this](UpkeepReport report) { post(std::move(report)); });
        staged.emplace(std::move(mappings), settings, 1, [this](StagedReport report, std::vector<StagedEvent> events) {
            post(StagedNews{std::move(report), std::move(events)});
        });
    }

    /// From a worker thread.
    void post(Message message)
    {
        // By name: a functor would be a payload, whose way through Qt's event queue ThreadSanitizer cannot see.
        if (mailbox.post(std::move(message)))
            QMetaObject::invokeMethod(q, "deliver", Qt::QueuedConnection);
    }

    bool deliver(); ///< false when there was nothing
    void deliverOne(Message &message);
    void flushOutcomes();
    void mergeStates();

    StoreService *q;
    Mapping mapping;
    QByteArrayList labels;    ///< of all tables
    Mailbox<Message> mailbox; ///< outlives the workers below, which post to it
    std::vector<Outcome> outcomes;
    StoreStates editStates;
    StoreStates readStates;
    StoreStates states;
    quint64 generation = 0;
    int unanswered = 0;
    std::optional<EditWorker> edits;
    std::optional<ReadWorker> reads;
    std::optional<UpkeepWorker> upkeep;
    std::optional<StagedWorker> staged;
};

bool StoreService::Private::deliver()
{
    Q_ASSERT(QThread::currentThread() == q->thread());
    std::vector<Message> messages = mailbox.takeAll();
    for (Message &message : messages)
        deliverOne(message);
    flushOutcomes();
    return !messages.empty();
}

void StoreService::Private::deliverOne(Message &message)
{
    if (auto *outcome = std::get_if<Outcome>(&message)) {
        outcomes.push_back(std::move(*outcome));
        return;
    }
    flushOutcomes(); // what was committed before a read is shown before it
    if (const auto *index = std::get_if<TableIndex>(&message)) {
        if (index->generation == generation)
            Q_EMIT q->indexReady(*index);
    } else if (const auto *page = std::get_if<RowPage>(&message)) {
        if (page->generation == generation)
            Q_EMIT q->pageReady(*page);
    } else if (const auto *pair = std::get_if<RowPair>(&message)) {
        Q_EMIT q->pairReady(*pair);
    } else if (const auto *records = std::get_if<std::vector<StagedRecord>>(&message)) {
        Q_EMIT q->stagedListed(*records);
    } else if (const auto *error = std::get_if<StoreError>(&message)) {
        Q_EMIT q->readFailed(*error);
    } else if (const auto *fromEdits = std::get_if<EditStates>(&message)) {
        editStates = fromEdits->states;
        mergeStates();
    } else if (const auto *fromReads = std::get_if<ReadStates>(&message)) {
        readStates = fromReads->states;
        mergeStates();
    } else if (const auto *report = std::get_if<UpkeepReport>(&message)) {
        Q_EMIT q->upkeepReported(*report);
    } else if (const auto *news = std::get_if<StagedNews>(&message)) {
        Q_EMIT q->stagedReported(news->report, news->events);
    }
}

void StoreService::Private::flushOutcomes()
{
    if (outcomes.empty())
        return;
    const auto batch = std::exchange(outcomes, {});
    unanswered -= static_cast<int>(std::ranges::count(batch, false, &Outcome::late));
    Q_EMIT q->outcomesReady(batch);
}

void StoreService::Private::mergeStates()
{
    states.postgres = worse(readStates.postgres, editStates.postgres);
    states.redis = worse(readStates.redis, editStates.redis);
    Q_EMIT q->statesChanged(states);
}

StoreService::StoreService(Mapping mapping, const EngineSettings &settings, QObject *parent)
    : StoreService(std::vector{std::move(mapping)}, settings, parent)
{
}

StoreService::StoreService(std::vector<Mapping> mappings, const EngineSettings &settings, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(mappings), settings))
{
}

StoreService::~StoreService()
{
    d->staged.reset();
    d->upkeep.reset();
    d->edits.reset();
    d->reads.reset();
    // The outcomes of the last edits still reach whoever listens, and those of edits that these bring about.
    while (d->deliver()) {
    }
}

const Mapping &StoreService::mapping() const noexcept
{
    return d->mapping;
}

void StoreService::deliver()
{
    d->deliver();
}

StoreStates StoreService::states() const
{
    return d->states;
}

void StoreService::submit(Edit edit)
{
    ++d->unanswered;
    if (d->edits)
        d->edits->submit(std::move(edit));
    else // an answer of the last moment has brought another edit about
        std::ignore = d->mailbox.post(Outcome::cancelled(edit));
}

int StoreService::unansweredEdits() const noexcept
{
    return d->unanswered;
}

void StoreService::cancelEdits()
{
    d->edits->cancelAll();
}

quint64 StoreService::requestIndex(const RowFilter &filter)
{
    d->reads->wantIndex(++d->generation, filter);
    return d->generation;
}

void StoreService::wantPages(quint64 generation, std::vector<PageRequest> pages)
{
    d->reads->wantPages(generation, std::move(pages));
}

void StoreService::wantPair(const RowKey &key)
{
    d->reads->wantPair(key);
}

void StoreService::wantStaged()
{
    d->reads->wantStaged(d->labels);
}

void StoreService::cancelReads()
{
    d->reads->cancel();
}

void StoreService::retryNow()
{
    d->edits->retryNow();
    d->reads->retryNow();
}

} // namespace throughline
