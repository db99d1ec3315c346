// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/keyspace.h"

#include "domain/validation.h"

#include <algorithm>

namespace throughline {

namespace {

constexpr QByteArrayView leaseEnd("}:lease");

QByteArray literally(const QByteArray &text)
{
    QByteArray pattern;
    for (const char character : text) {
        if (QByteArrayView("*?[]\\^-").contains(character))
            pattern += '\\';
        pattern += character;
    }
    return pattern;
}

} // namespace

Keyspace::Keyspace(const Mapping &mapping, const std::vector<QByteArray> &otherPrefixes)
    : m_prefix(mapping.config.prefix)
    , m_key(mapping.key)
{
    m_key.generated = false; // an identity key cannot be written, but it names a row
    std::ranges::copy_if(otherPrefixes, std::back_inserter(m_longerPrefixes), [this](const QByteArray &other) {
        return other.size() > m_prefix.size() && other.startsWith(m_prefix);
    });
}

std::optional<RowKey> Keyspace::keyOfHash(const QByteArray &name) const
{
    const auto startsName = [&](const QByteArray &prefix) { return name.startsWith(prefix); };
    if (!startsName(m_prefix) || std::ranges::any_of(m_longerPrefixes, startsName))
        return std::nullopt;
    RowKey key{name.sliced(m_prefix.size())};
    if (!isUsableKey(key) || validate(m_key, key.text))
        return std::nullopt;
    return key;
}

std::optional<RowKey> Keyspace::keyOfLease(const QByteArray &name) const
{
    if (!name.startsWith('{') || !name.endsWith(leaseEnd) || name.size() <= leaseEnd.size())
        return std::nullopt;
    return keyOfHash(name.sliced(1, name.size() - 1 - leaseEnd.size()));
}

QByteArray Keyspace::hashPattern() const
{
    return literally(m_prefix) + '*';
}

QByteArray Keyspace::leasePattern() const
{
    return literally('{' + m_prefix) + '*' + leaseEnd.toByteArray();
}

} // namespace throughline
