// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "cli/gatewayfigures.h"
#include "cli/hindrance.h"
#include "cli/metricsaddress.h"
#include "engine/mailbox.h"
#include "engine/stagedevent.h"

#include <QTimer>

#include <memory>
#include <variant>

namespace throughline {
class StagedWorker;
class UpkeepWorker;
} // namespace throughline

namespace throughline::cli {

class MetricsServer;
class ServiceNotifier;

/// Keeps the cache of every configured table up to date and serves staged writes while no window is open: until a
/// signal ends it, or once. Also tells, for health checks, whether anybody does.
class GatewayCommand final : public Command
{
    Q_OBJECT

public:
    GatewayCommand();
    ~GatewayCommand() override;

    void addOptions(QCommandLineParser &parser) override;
    [[nodiscard]] QString take(const QCommandLineParser &parser, const QStringList &arguments) override;
    [[nodiscard]] SessionOptions sessionOptions() const override;
    [[nodiscard]] bool writes() const override { return m_mode != Mode::Health; }
    void run(Session &session, Console &console) override;
    void interrupted(int signal) override;

private:
    enum class Mode { Serve, Once, Health };

    [[nodiscard]] QString takeServing(const QCommandLineParser &parser);
    void runHealth(Session &session);
    void runOnce(Session &session);
    void serve(Session &session);
    [[nodiscard]] bool serveMetrics();
    Q_INVOKABLE void deliver();
    /// Grows while the workers get on with their work; stands still when one hangs.
    [[nodiscard]] quint64 progress();
    void take(UpkeepReport report);
    void take(StagedReport report);
    void tell(bool final);
    /// Tells systemd how things are.
    void notify();

    Mode m_mode = Mode::Serve;
    std::optional<MetricsAddress> m_metricsAddress;
    Console *m_console = nullptr;
    Mailbox<std::variant<UpkeepReport, StagedReport>> m_mailbox; ///< outlives the workers, which post to it
    GatewayFigures m_figures;
    Hindrance m_hindrance;
    bool m_ready = false; ///< it has served since its start
    QTimer m_timer;
    std::unique_ptr<MetricsServer> m_metrics;
    std::unique_ptr<ServiceNotifier> m_notifier;
    bool m_upkeepReported = false;
    bool m_stagedReported = false;
    quint64 m_progress = 0;
    quint64 m_upkeepSteps = 0; ///< at the last progress
    quint64 m_stagedSteps = 0;
    std::unique_ptr<UpkeepWorker> m_upkeep;
    std::unique_ptr<StagedWorker> m_staged;
};

} // namespace throughline::cli
