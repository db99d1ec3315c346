// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/metricstext.h"

namespace throughline::cli {

namespace {

/// Writes one family after the other. Names and labels are ours and plain, so nothing needs escaping.
class MetricsWriter final
{
public:
    void family(const char *name, const char *type, const char *help)
    {
        m_name = QByteArray("throughline_") + name;
        m_text += "# HELP " + m_name + ' ' + help + "\n# TYPE " + m_name + ' ' + type + '\n';
    }

    void sample(const QByteArray &number, const QByteArray &labels = {}, const char *suffix = "")
    {
        m_text += m_name + suffix;
        if (!labels.isEmpty())
            m_text += '{' + labels + '}';
        m_text += ' ' + number + '\n';
    }

    void sample(qint64 number, const QByteArray &labels = {}, const char *suffix = "")
    {
        sample(QByteArray::number(number), labels, suffix);
    }

    void single(const char *name, const char *type, const char *help, qint64 number)
    {
        family(name, type, help);
        sample(number);
    }

    [[nodiscard]] QByteArray take() { return std::move(m_text); }

private:
    QByteArray m_name;
    QByteArray m_text;
};

QByteArray seconds(nanoseconds time)
{
    return QByteArray::number(std::chrono::duration<double>(time).count(), 'g', 9);
}

QByteArray label(const char *name, const QByteArray &value)
{
    return name + QByteArray("=\"") + value + '"';
}

void writeUpkeep(const UpkeepReport &report, MetricsWriter &to)
{
    to.single("outbox_waiting_rows", "gauge", "Rows of the outbox that wait for a push to the cache.",
              report.waiting.rows);
    to.family("outbox_oldest_seconds", "gauge", "Age of the oldest row of the outbox that waits.");
    to.sample(QByteArray::number(report.waiting.oldestS, 'g', 9));
    to.single("upkeep_claimed_rows_total", "counter", "Rows of the outbox that were taken over.", report.claimedRows);
    to.single("upkeep_pushed_keys_total", "counter", "Keys that were pushed to the cache.", report.pushedKeys);
    to.single("upkeep_confirmed_rows_total", "counter", "Rows of the outbox that were confirmed.",
              report.confirmedRows);
    to.single("upkeep_tables_dropped_total", "counter",
              "How often so much waited that the hashes of a table were dropped instead.", report.tablesDropped);
    to.single("cache_recovering", "gauge", "1 while the hashes are not known to be good after a start of Redis.",
              report.recovering ? 1 : 0);
}

void writeLatency(const StagedLatency &latency, MetricsWriter &to)
{
    to.family("staged_latency_seconds", "summary", "From noticing a staged write to its answer.");
    const auto quantile = [&](const char *share, nanoseconds time) {
        to.sample(latency.count > 0 ? seconds(time) : QByteArray("NaN"), label("quantile", share));
    };
    quantile("0.5", latency.p50);
    quantile("0.95", latency.p95);
    quantile("0.99", latency.p99);
    to.sample(seconds(latency.sum), {}, "_sum");
    to.sample(latency.count, {}, "_count");
}

void writeStaged(const StagedReport &report, MetricsWriter &to)
{
    to.single("staged_taken_total", "counter", "Staged writes that were taken.", report.taken);
    to.single("staged_done_total", "counter", "Staged writes that were applied.", report.done);
    to.family("staged_failed_total", "counter", "Staged writes that were refused, by reason.");
    for (int i = 1; i < stagedRefusals; ++i)
        to.sample(report.failed[static_cast<size_t>(i)],
                  label("reason", nameOf(static_cast<StagedRefusal>(i)).toUtf8()));
    to.single("staged_waiting", "gauge", "Staged writes that were taken and are held up.", report.waiting);
    to.single("staged_scanning", "gauge", "1 while staged writes are looked for because Redis does not announce them.",
              report.scanning ? 1 : 0);
    writeLatency(report.latency, to);
}

bool isAway(const std::optional<StoreError> &error, Store store)
{
    return error && error->store == store && error->unavailable();
}

/// Only what the workers have told: nobody looks at Redis while PostgreSQL is away.
void writeStores(const GatewayFigures &figures, MetricsWriter &to)
{
    if (!figures.reported)
        return;
    const auto away = [&](Store store) {
        return isAway(figures.upkeep.error, store) || isAway(figures.staged.error, store);
    };
    to.family("store_up", "gauge", "1 when the store answered last; absent while nobody has asked it.");
    const bool postgresAway = away(Store::Postgres);
    to.sample(postgresAway ? 0 : 1, label("store", "postgres"));
    if (away(Store::Redis) || !postgresAway)
        to.sample(away(Store::Redis) ? 0 : 1, label("store", "redis"));
}

} // namespace

QByteArray metricsText(const GatewayFigures &figures)
{
    MetricsWriter writer;
    writeUpkeep(figures.upkeep, writer);
    writeStaged(figures.staged, writer);
    writeStores(figures, writer);
    writer.family("build_info", "gauge", "Which version of the program this is; always 1.");
    writer.sample(1, label("version", THROUGHLINE_VERSION));
    return writer.take();
}

} // namespace throughline::cli
