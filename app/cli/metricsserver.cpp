// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/metricsserver.h"

#include "base/clock.h"
#include "cli/httpanswer.h"
#include "cli/stalesocket.h"

#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr milliseconds longestVisit{5000};
constexpr int mostClients = 32;

Failure notServed(const QString &sentence)
{
    StoreError error;
    error.kind = ErrorKind::Other;
    error.message = sentence;
    return Failure(error);
}

} // namespace

MetricsServer::MetricsServer(std::function<QByteArray()> text, QObject *parent)
    : QObject(parent)
    , m_text(std::move(text))
{
}

MetricsServer::~MetricsServer() = default;

Result<void> MetricsServer::listen(const MetricsAddress &address)
{
    return address.socketPath.isEmpty() ? listenOnPort(address.port) : listenLocally(address.socketPath);
}

Result<void> MetricsServer::listenLocally(const QString &path)
{
    if (const QString problem = removeStaleSocket(path); !problem.isEmpty())
        return notServed(problem);
    m_local = new QLocalServer(this);
    // 0660 in the end: the account itself, and whoever its administrator puts into the group to read metrics; not
    // everybody, because the figures tell how busy the tables are. Qt sets the execution bits as well.
    m_local->setSocketOptions(QLocalServer::UserAccessOption | QLocalServer::GroupAccessOption);
    if (!m_local->listen(path))
        return notServed(tr("The metrics cannot be served at %1: %2. Choose another path, or correct the permissions "
                            "of its directory.")
                             .arg(path, m_local->errorString()));
    QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::WriteGroup);
    connect(m_local, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *socket = m_local->nextPendingConnection())
            serve(socket, &QLocalSocket::disconnectFromServer);
    });
    return {};
}

Result<void> MetricsServer::listenOnPort(quint16 port)
{
    m_tcp = new QTcpServer(this);
    if (!m_tcp->listen(QHostAddress(QHostAddress::LocalHost), port))
        return notServed(tr("The metrics cannot be served at 127.0.0.1:%1: %2. Choose another port.")
                             .arg(port)
                             .arg(m_tcp->errorString()));
    connect(m_tcp, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = m_tcp->nextPendingConnection())
            serve<QTcpSocket>(socket, &QTcpSocket::disconnectFromHost);
    });
    return {};
}

QString MetricsServer::address() const
{
    if (m_local)
        return "unix:"_L1 + m_local->fullServerName();
    return m_tcp ? u"http://127.0.0.1:%1/metrics"_s.arg(m_tcp->serverPort()) : QString();
}

template <class Socket>
void MetricsServer::serve(Socket *socket, void (Socket::*finish)())
{
    if (m_clients >= mostClients) {
        socket->deleteLater();
        return;
    }
    ++m_clients;
    connect(socket, &QObject::destroyed, this, [this] { --m_clients; });
    socket->setReadBufferSize(largestRequest + 1);
    QTimer::singleShot(longestVisit, socket, &QObject::deleteLater);
    connect(socket, &Socket::disconnected, socket, &QObject::deleteLater);
    const auto look = [this, socket, finish, received = QByteArray(), answered = false]() mutable {
        received += socket->readAll();
        const auto answer = answered ? std::nullopt : httpAnswer(received, m_text);
        if (!answer)
            return;
        answered = true;
        socket->write(*answer);
        (socket->*finish)(); // when all of it is written
    };
    connect(socket, &QIODevice::readyRead, socket, look);
    if (socket->bytesAvailable() > 0)
        QMetaObject::invokeMethod(socket, &QIODevice::readyRead, Qt::QueuedConnection);
}

} // namespace throughline::cli

#include "moc_metricsserver.cpp"
