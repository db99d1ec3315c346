// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/pgprobe.h"

#include "stores/postgres/pgconninfo.h"
#include "stores/postgres/pgerror.h"

#include <libpq-fe.h>
#include <memory>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

bool namesSeveralHosts(const ConninfoParameters &parameters)
{
    for (const auto &[keyword, value] : parameters) {
        if ((keyword == "host"_L1 || keyword == "hostaddr"_L1) && value.contains(u','))
            return true;
    }
    return false;
}

/// The connection text's own timeout goes before ours; there 0 means for ever.
milliseconds timeoutOf(const ConninfoParameters &parameters, milliseconds connectTimeout)
{
    for (const auto &[keyword, value] : parameters) {
        if (keyword == "connect_timeout"_L1)
            return value.toInt() > 0 ? milliseconds(value.toInt() * 1000LL) : milliseconds(3'600'000);
    }
    return connectTimeout;
}

} // namespace

Result<void> probePostgres(const QString &conninfo, milliseconds connectTimeout, const Interrupt *interrupt)
{
    const auto parameters = parseConninfo(conninfo);
    if (!parameters)
        return Failure(parameters.error());
    const Instant deadline = Clock::now() + timeoutOf(*parameters, connectTimeout);
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(PQconnectStart(conninfo.toUtf8().constData()),
                                                                  &PQfinish);
    for (auto step = PGRES_POLLING_WRITING; step != PGRES_POLLING_OK; step = PQconnectPoll(connection.get())) {
        if (step == PGRES_POLLING_FAILED || PQstatus(connection.get()) == CONNECTION_BAD)
            return Failure(pgerror::fromConnect(QString::fromUtf8(PQerrorMessage(connection.get()))));
        const auto what = step == PGRES_POLLING_READING ? WaitFor::Read : WaitFor::Write;
        switch (waitFor(PQsocket(connection.get()), what, deadline, interrupt)) {
        case WaitResult::Ready:
            break;
        case WaitResult::Timeout:
            if (namesSeveralHosts(*parameters))
                return {};
            return Failure(pgerror::fromConnect(u"timeout expired"_s));
        case WaitResult::Interrupted:
            return Failure(pgerror::lost(ErrorKind::Interrupted, false));
        }
    }
    return {};
}

} // namespace throughline
