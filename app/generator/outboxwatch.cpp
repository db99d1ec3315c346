// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/outboxwatch.h"

#include "engine/storelink.h"

namespace throughline {

namespace {

constexpr milliseconds betweenLooks{500};

} // namespace

OutboxWatch::OutboxWatch(const Mapping &mapping, const EngineSettings &settings)
    : m_mapping(mapping)
    , m_settings(settings)
    , m_thread([this] { run(); })
{
}

OutboxWatch::~OutboxWatch()
{
    m_interrupt.raise();
    m_thread.join();
}

std::optional<qint64> OutboxWatch::rows() const noexcept
{
    const qint64 rows = m_rows.load();
    return rows < 0 ? std::nullopt : std::optional(rows);
}

void OutboxWatch::run()
{
    PostgresLink postgres(m_mapping, m_settings, LinkRole::Reader, &m_interrupt);
    const QByteArrayList labels{m_mapping.config.label.toUtf8()};
    do {
        const auto size = postgres.ensure().and_then(
            [&] { return postgres.outbox().waiting(labels, Clock::now() + m_settings.readDeadline); });
        m_rows = size ? size->rows : -1;
    } while (pauseFor(betweenLooks, &m_interrupt));
}

} // namespace throughline
