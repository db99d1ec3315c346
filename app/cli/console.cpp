// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/console.h"

#include <QJsonDocument>

namespace throughline::cli {

Console::Console(QIODevice *out, QIODevice *err, bool json)
    : m_out(out)
    , m_err(err)
    , m_json(json)
{
}

void Console::line(const QString &text)
{
    m_out << text << '\n';
    m_out.flush();
}

void Console::json(const QJsonObject &object)
{
    m_out << QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)) << '\n';
    m_out.flush();
}

void Console::message(const QString &sentence)
{
    m_err << sentence << '\n';
    m_err.flush();
}

} // namespace throughline::cli
