// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "cli/metricsaddress.h"

#include <QObject>

#include <functional>

class QLocalServer;
class QTcpServer;

namespace throughline::cli {

/// Serves one page of text to scrapers, over a Unix socket or a loopback port. A client that is slow, or sends too
/// much, is cut off. Lives on the main thread and never waits.
class MetricsServer final : public QObject
{
    Q_OBJECT

public:
    explicit MetricsServer(std::function<QByteArray()> text, QObject *parent = nullptr);
    ~MetricsServer() override;

    [[nodiscard]] Result<void> listen(const MetricsAddress &address);
    /// Where it listens, as people write it; the port is the real one.
    [[nodiscard]] QString address() const;

private:
    [[nodiscard]] Result<void> listenLocally(const QString &path);
    [[nodiscard]] Result<void> listenOnPort(quint16 port);
    template <class Socket>
    void serve(Socket *socket, void (Socket::*finish)());

    std::function<QByteArray()> m_text;
    QLocalServer *m_local = nullptr;
    QTcpServer *m_tcp = nullptr;
    int m_clients = 0;
};

} // namespace throughline::cli
