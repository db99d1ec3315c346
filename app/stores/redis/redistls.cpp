// SPDX-License-Identifier: GPL-3.0-or-later
#include "stores/redis/redistls.h"

#include "stores/redis/rediserror.h"

#include <QCoreApplication>

#ifdef HAVE_HIREDIS_SSL
#include <hiredis/hiredis.h>
#include <hiredis/hiredis_ssl.h>
#include <memory>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#endif

namespace throughline::redistls {

StoreError unsupported()
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.store = Store::Redis;
    error.message = QCoreApplication::translate(
        "RedisTls",
        "This build cannot use rediss://: its hiredis has no TLS (Debian 12). Use redis:// through a tunnel, or "
        "Debian 13, whose hiredis has it.");
    return error;
}

#ifndef HAVE_HIREDIS_SSL

bool isSupported() noexcept
{
    return false;
}

Result<void> start(redisContext *, const QString &, Instant, const Interrupt *)
{
    return Failure(unsupported());
}

#else

namespace {

using SslContext = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

// hiredis' own set-up checks that somebody trusted made the certificate, but not for whom; so this is done by hand.
SSL *makeSession(const QByteArray &host)
{
    const SslContext context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    if (!context || SSL_CTX_set_default_verify_paths(context.get()) != 1)
        return nullptr;
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL *session = SSL_new(context.get());
    if (!session)
        return nullptr;
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.constData()) == 1)
        return session;
    SSL_set_tlsext_host_name(session, host.constData());
    SSL_set1_host(session, host.constData());
    return session;
}

StoreError refused(const QString &host, const QString &reason)
{
    return rediserror::fromConnect(host, reason);
}

QString reasonOf(SSL *session, const redisContext *context)
{
    const long verified = SSL_get_verify_result(session);
    if (verified != X509_V_OK)
        return QString::fromUtf8(X509_verify_cert_error_string(verified));
    return QString::fromLocal8Bit(context->errstr);
}

} // namespace

bool isSupported() noexcept
{
    return true;
}

Result<void> start(redisContext *context, const QString &host, Instant deadline, const Interrupt *interrupt)
{
    SSL *session = makeSession(host.toUtf8());
    if (!session)
        return Failure(refused(host, QCoreApplication::translate("RedisTls", "TLS cannot be set up")));
    if (redisInitiateSSL(context, session) != REDIS_OK) {
        const StoreError error = refused(host, reasonOf(session, context));
        SSL_free(session);
        return Failure(error);
    }
    // From here the session belongs to the context. Reading drives the handshake on.
    while (!SSL_is_init_finished(session)) {
        if (waitFor(context->fd, WaitFor::Read, deadline, interrupt) != WaitResult::Ready)
            return Failure(refused(host, QCoreApplication::translate("RedisTls", "no answer in time")));
        if (redisBufferRead(context) != REDIS_OK)
            return Failure(refused(host, reasonOf(session, context)));
    }
    return {};
}

#endif

} // namespace throughline::redistls
