// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/httpanswer.h"

#include <QByteArrayList>

namespace throughline::cli {

namespace {

struct Request
{
    QByteArray method;
    QByteArray path;
};

bool isWhole(const QByteArray &received)
{
    return received.contains("\r\n\r\n") || received.contains("\n\n");
}

std::optional<Request> requestIn(const QByteArray &received)
{
    const QByteArrayList words = received.left(received.indexOf('\n')).trimmed().split(' ');
    if (words.size() != 3 || words[0].isEmpty() || !words[1].startsWith('/') || !words[2].startsWith("HTTP/1."))
        return std::nullopt;
    return Request{words[0], words[1].split('?').front()};
}

/// `withBody` is false for HEAD, whose answer ends with the blank line.
QByteArray answer(const QByteArray &status, const QByteArray &type, const QByteArray &body, bool withBody = true,
                  const QByteArray &more = {})
{
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type +
           "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + more + "Connection: close\r\n\r\n" +
           (withBody ? body : QByteArray());
}

QByteArray refusal(const QByteArray &status, bool withBody = true, const QByteArray &more = {})
{
    return answer(status, "text/plain; charset=utf-8", status + "\n", withBody, more);
}

} // namespace

std::optional<QByteArray> httpAnswer(const QByteArray &received, const std::function<QByteArray()> &metrics)
{
    if (received.size() > largestRequest)
        return refusal("431 Request Header Fields Too Large");
    if (!isWhole(received))
        return std::nullopt;
    const auto request = requestIn(received);
    if (!request)
        return refusal("400 Bad Request");
    const bool withBody = request->method != "HEAD";
    if (request->path != "/metrics")
        return refusal("404 Not Found", withBody);
    if (request->method != "GET")
        return refusal("405 Method Not Allowed", withBody, "Allow: GET\r\n");
    return answer("200 OK", "text/plain; version=0.0.4; charset=utf-8", metrics());
}

} // namespace throughline::cli
