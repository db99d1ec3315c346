// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "event.h"

namespace throughline::faults {

/// Appends events to the history of one process, one write(2) each, so that a kill loses nothing that was recorded.
class Recorder final
{
public:
    /// `process` names file and events: app1.2.
    Recorder(const QString &directory, QByteArray process);
    ~Recorder();
    Recorder(const Recorder &) = delete;
    Recorder &operator=(const Recorder &) = delete;

    /// Fills in time and process.
    void record(Event event) const;
    void mark(EventKind kind, const QByteArray &text = {}) const;
    [[nodiscard]] const QByteArray &process() const noexcept { return m_process; }

private:
    QByteArray m_process;
    int m_fd;
};

} // namespace throughline::faults
