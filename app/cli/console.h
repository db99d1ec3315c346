// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QJsonObject>
#include <QString>
#include <QTextStream>

namespace throughline::cli {

/// Where a command writes: results to `out`, progress and messages to `err`. Injected, so that tests can read both.
class Console final
{
public:
    Console(QIODevice *out, QIODevice *err, bool json);

    void line(const QString &text);
    /// One JSON document on a line of its own.
    void json(const QJsonObject &object);
    void message(const QString &sentence);
    /// How far a long command has come, on one line that the next one overwrites; only where a person watches.
    void progress(const QString &text);
    void setTerminal(bool terminal) noexcept { m_terminal = terminal; }
    [[nodiscard]] bool wantsJson() const noexcept { return m_json; }
    void setJson(bool json) noexcept { m_json = json; }

private:
    void clearProgress();

    QTextStream m_out;
    QTextStream m_err;
    bool m_json;
    bool m_terminal = false;
    bool m_progressShown = false;
    QElapsedTimer m_sinceProgress;
};

} // namespace throughline::cli
