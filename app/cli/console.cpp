// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include <QJsonDocument>

#include <utility>

namespace throughline::cli {

namespace {

constexpr auto overwrite = "\r\x1b[K"; // back to the start of the line, and erase it

} // namespace

Console::Console(QIODevice *out, QIODevice *err, bool json)
    : m_out(out)
    , m_err(err)
    , m_json(json)
{
}

void Console::line(const QString &text)
{
    clearProgress();
    m_out << text << '\n';
    m_out.flush();
}

void Console::json(const QJsonObject &object)
{
    clearProgress();
    m_out << QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)) << '\n';
    m_out.flush();
}

void Console::message(const QString &sentence)
{
    clearProgress();
    m_err << sentence << '\n';
    m_err.flush();
}

void Console::progress(const QString &text)
{
    constexpr int pauseMs = 100;
    if (!m_terminal || (m_sinceProgress.isValid() && m_sinceProgress.elapsed() < pauseMs))
        return;
    m_sinceProgress.start();
    m_progressShown = true;
    m_err << overwrite << text;
    m_err.flush();
}

void Console::clearProgress()
{
    if (!std::exchange(m_progressShown, false))
        return;
    m_err << overwrite;
    m_err.flush();
}

} // namespace throughline::cli
