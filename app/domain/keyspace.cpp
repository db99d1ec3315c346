// SPDX-License-Identifier: GPL-3.0-or-later
#include "domain/keyspace.h"

#include "domain/validation.h"

#include <algorithm>

namespace throughline {

namespace {

constexpr QByteArrayView leaseEnd("}:lease");
constexpr QByteArrayView workEnd("}:wip");

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
    , m_stagingPrefix(mapping.config.stagingPrefix)
    , m_key(mapping.key)
{
    m_key.generated = false; // an identity key cannot be written, but it names a row
    std::ranges::copy_if(otherPrefixes, std::back_inserter(m_longerPrefixes), [this](const QByteArray &other) {
        return other.size() > m_prefix.size() && other.startsWith(m_prefix);
    });
}

bool Keyspace::isKey(const RowKey &key) const
{
    return !validate(m_key, key.text);
}

std::optional<RowKey> Keyspace::keyOfHash(const QByteArray &name) const
{
    const auto startsName = [&](const QByteArray &prefix) { return name.startsWith(prefix); };
    if (!startsName(m_prefix) || std::ranges::any_of(m_longerPrefixes, startsName))
        return std::nullopt;
    RowKey key{name.sliced(m_prefix.size())};
    if (!isUsableKey(key) || !isKey(key))
        return std::nullopt;
    return key;
}

std::optional<RowKey> Keyspace::keyOfLease(const QByteArray &name) const
{
    const auto key = keyBetweenBraces(name, leaseEnd);
    return key && isKey(*key) ? key : std::nullopt;
}

/// `{prefix` and `end` around a key without braces, whatever its type.
std::optional<RowKey> Keyspace::keyBetweenBraces(const QByteArray &name, QByteArrayView end) const
{
    if (!name.startsWith('{') || !name.endsWith(end) || name.size() <= end.size())
        return std::nullopt;
    const QByteArray hash = name.sliced(1, name.size() - 1 - end.size());
    const auto startsHash = [&](const QByteArray &prefix) { return hash.startsWith(prefix); };
    if (!startsHash(m_prefix) || std::ranges::any_of(m_longerPrefixes, startsHash))
        return std::nullopt;
    RowKey key{hash.sliced(m_prefix.size())};
    return isUsableKey(key) ? std::optional(std::move(key)) : std::nullopt;
}

std::optional<RowKey> Keyspace::keyOfStaged(const QByteArray &name) const
{
    if (!name.startsWith(m_stagingPrefix))
        return std::nullopt;
    return keyBetweenBraces(name.sliced(m_stagingPrefix.size()), "}");
}

std::optional<RowKey> Keyspace::keyOfWork(const QByteArray &name) const
{
    return keyBetweenBraces(name, workEnd);
}

bool Keyspace::looksStaged(const QByteArray &name) const
{
    return name.startsWith(m_stagingPrefix + m_prefix) ||
           (name.startsWith(m_stagingPrefix + '{' + m_prefix) && !keyOfStaged(name));
}

QByteArray Keyspace::hashPattern() const
{
    return literally(m_prefix) + '*';
}

QByteArray Keyspace::leasePattern() const
{
    return literally('{' + m_prefix) + '*' + leaseEnd.toByteArray();
}

QByteArray Keyspace::stagedPattern() const
{
    return literally(m_stagingPrefix + '{' + m_prefix) + "*}";
}

QByteArray Keyspace::bracedPattern() const
{
    return '*' + literally('{' + m_prefix) + "*}*";
}

QByteArray Keyspace::looksStagedPattern() const
{
    return literally(m_stagingPrefix) + '*' + literally(m_prefix) + '*';
}

std::vector<QByteArray> prefixesOf(const std::vector<Mapping> &mappings)
{
    std::vector<QByteArray> prefixes;
    for (const Mapping &mapping : mappings)
        prefixes.push_back(mapping.config.prefix);
    return prefixes;
}

} // namespace throughline
