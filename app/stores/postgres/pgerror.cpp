// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/postgres/pgerror.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <array>
#include <libpq-fe.h>
#include <utility>

namespace throughline::pgerror {

using namespace Qt::StringLiterals;

namespace {

struct Tr
{
    Q_DECLARE_TR_FUNCTIONS(PgError)
};

QByteArray field(const pg_result *result, int code)
{
    return QByteArray(PQresultErrorField(result, code));
}

// PostgreSQL puts the refused value between quotes into some primary messages. Values stay out of our errors.
QString withoutValues(QString message)
{
    static const QRegularExpression quotedAfterColon(u":\\s*\".*\"$"_s, QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression leadingValue(u"^(?:value|invalid value) \".*\" "_s,
                                                 QRegularExpression::DotMatchesEverythingOption);
    return message.remove(quotedAfterColon).replace(leadingValue, u"the value "_s);
}

QString capitalised(QString text)
{
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text.endsWith(u'.') ? text : text + u'.';
}

QString sentenceFor(ErrorKind kind, const StoreError &error, const QString &primary)
{
    switch (kind) {
    case ErrorKind::Duplicate:
        return Tr::tr("This value is already taken (%1).").arg(error.constraint);
    case ErrorKind::NullNotAllowed:
        return Tr::tr("%1 may not be NULL.").arg(error.column);
    case ErrorKind::Referenced:
        return Tr::tr("Another table depends on this row or value (%1).").arg(error.constraint);
    default:
        return capitalised(withoutValues(primary));
    }
}

} // namespace

ErrorKind kindOf(const QByteArray &sqlState)
{
    static constexpr std::array<std::pair<const char *, ErrorKind>, 22> table{{
        {"23505", ErrorKind::Duplicate},        {"23503", ErrorKind::Referenced},
        {"23502", ErrorKind::NullNotAllowed},   {"23", ErrorKind::InvalidValue},
        {"22", ErrorKind::InvalidValue},        {"42501", ErrorKind::PermissionDenied},
        {"25006", ErrorKind::PermissionDenied}, {"28", ErrorKind::Authentication},
        {"3D000", ErrorKind::Misconfigured},    {"3F000", ErrorKind::Misconfigured},
        {"42804", ErrorKind::InvalidValue},     {"42", ErrorKind::Misconfigured},
        {"40", ErrorKind::Transient},           {"53", ErrorKind::Transient},
        {"55P03", ErrorKind::Transient},        {"57014", ErrorKind::Transient},
        {"57P01", ErrorKind::ConnectionLost},   {"57P02", ErrorKind::ConnectionLost},
        {"57P05", ErrorKind::ConnectionLost},   {"57P", ErrorKind::Transient},
        {"08", ErrorKind::ConnectionLost},      {"P0001", ErrorKind::InvalidValue},
    }};
    for (const auto &[prefix, kind] : table) {
        if (sqlState.startsWith(prefix))
            return kind;
    }
    return ErrorKind::Other;
}

StoreError fromResult(const pg_result *result)
{
    StoreError error;
    error.store = Store::Postgres;
    error.code = QString::fromLatin1(field(result, PG_DIAG_SQLSTATE));
    error.column = QString::fromUtf8(field(result, PG_DIAG_COLUMN_NAME));
    error.constraint = QString::fromUtf8(field(result, PG_DIAG_CONSTRAINT_NAME));
    error.sent = true;
    if (error.code.isEmpty()) // libpq itself made this result: the connection is gone
        return lost(ErrorKind::ConnectionLost, true);
    error.kind = kindOf(error.code.toLatin1());
    error.message = sentenceFor(error.kind, error, QString::fromUtf8(field(result, PG_DIAG_MESSAGE_PRIMARY)));
    return error;
}

StoreError fromConnect(const QString &message)
{
    StoreError error;
    error.store = Store::Postgres;
    const QString reason = message.section(u'\n', 0, 0).trimmed();
    // A refused log-in carries no SQLSTATE through libpq; its English texts are the only sign.
    static const QRegularExpression refused(
        u"authentication failed|no password supplied|password required|no pg_hba|role \"[^\"]*\" does not exist|Peer"_s);
    static const QRegularExpression noDatabase(u"database \"[^\"]*\" does not exist"_s);
    error.kind = refused.match(reason).hasMatch()      ? ErrorKind::Authentication
                 : noDatabase.match(reason).hasMatch() ? ErrorKind::Misconfigured
                                                       : ErrorKind::Unreachable;
    error.message =
        error.kind == ErrorKind::Authentication
            ? Tr::tr("PostgreSQL refused the log-in: %1. Check user and password of the connection.").arg(reason)
            : Tr::tr("PostgreSQL cannot be reached: %1.").arg(reason);
    return error;
}

StoreError fromConninfo(const QString &message)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.store = Store::Postgres;
    QString reason = message.trimmed();
    // This message quotes a word of the text, and the word may be half of a password.
    if (reason.startsWith("missing \"=\" after"_L1))
        reason = Tr::tr("a word has no \"=\" after it; a value with spaces needs single quotes");
    error.message = Tr::tr("The PostgreSQL connection text cannot be read: %1.").arg(reason);
    return error;
}

StoreError lost(ErrorKind kind, bool sent)
{
    StoreError error;
    error.kind = kind;
    error.store = Store::Postgres;
    error.sent = sent;
    switch (kind) {
    case ErrorKind::Timeout:
        error.message = Tr::tr("PostgreSQL did not answer in time.");
        break;
    case ErrorKind::Interrupted:
        error.message = Tr::tr("The wait for PostgreSQL was cancelled.");
        break;
    default:
        error.message = Tr::tr("The connection to PostgreSQL broke.");
        break;
    }
    return error;
}

} // namespace throughline::pgerror
