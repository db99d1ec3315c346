// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/mappingsection.h"

#include <algorithm>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 longestSeconds = 100LL * 365 * 24 * 3600;

QString lastPart(const QString &table)
{
    return table.section('.'_L1, -1).remove('"'_L1);
}

bool isUsers(const QString &table)
{
    return table.isEmpty() || table == "users"_L1 || table == "public.users"_L1;
}

std::optional<bool> asFlag(const QString &text)
{
    const QString word = text.toLower();
    if (word == "true"_L1 || word == "yes"_L1 || word == "on"_L1 || word == "1"_L1)
        return true;
    if (word == "false"_L1 || word == "no"_L1 || word == "off"_L1 || word == "0"_L1)
        return false;
    return std::nullopt;
}

} // namespace

MappingSection::MappingSection(QString fileName, QString name, const IniSection *mapping, const IniSection *fields)
    : m_fileName(std::move(fileName))
    , m_name(std::move(name))
    , m_mapping(mapping)
    , m_fields(fields)
{
}

Result<MappingConfig> MappingSection::read() const
{
    MappingConfig config = defaults();
    if (m_mapping) {
        for (const IniEntry &entry : m_mapping->entries) {
            if (const auto applied = apply(entry, config); !applied)
                return Failure(applied.error());
        }
    }
    if (m_fields) {
        if (const auto read = readFields(config); !read)
            return Failure(read.error());
    }
    if (config.fields.empty()) {
        const QString section = m_name.isEmpty() ? u"[fields]"_s : u"[fields:%1]"_s.arg(m_name);
        return IniFile::mistake(
            m_fileName, line(),
            tr("the table %1 has no fields. Name them in %2 as hash_field = column.").arg(config.table, section));
    }
    return config;
}

// The users table is known; of another one only the names can be guessed.
MappingConfig MappingSection::defaults() const
{
    const QString table = given(u"table"_s);
    if (m_name.isEmpty() && isUsers(table))
        return MappingConfig::users();
    MappingConfig config;
    config.table = table.isEmpty() ? m_name : table;
    config.label = m_name.isEmpty() ? lastPart(table) : m_name;
    config.keyColumn = u"id"_s;
    config.prefix = lastPart(config.table).toUtf8() + ':';
    config.stagingPrefix = "__"_ba;
    return config;
}

Result<void> MappingSection::apply(const IniEntry &entry, MappingConfig &config) const
{
    const bool isName = entry.key == "table"_L1 || entry.key == "key"_L1 || entry.key == "prefix"_L1 ||
                        entry.key == "staging_prefix"_L1;
    if (isName && entry.value.isEmpty())
        return IniFile::mistake(m_fileName, entry.line, tr("%1 has no value.").arg(entry.key));
    if (entry.key == "table"_L1)
        config.table = entry.value;
    else if (entry.key == "key"_L1)
        config.keyColumn = entry.value;
    else if (entry.key == "prefix"_L1)
        config.prefix = entry.value.toUtf8();
    else if (entry.key == "staging_prefix"_L1)
        config.stagingPrefix = entry.value.toUtf8();
    else if (entry.key == "warm"_L1)
        return applyWarm(entry, config);
    else if (entry.key == "ttl"_L1)
        return applyTtl(entry, config);
    else if (entry.key == "allow_cache_only"_L1)
        return applyFlag(entry, config.allowCacheOnly);
    else if (entry.key == "keep_unmapped"_L1)
        return applyFlag(entry, config.keepUnmapped);
    else
        return IniFile::mistake(m_fileName, entry.line,
                                tr("a mapping has no key %1. It has table, key, prefix, staging_prefix, warm, ttl, "
                                   "allow_cache_only and keep_unmapped.")
                                    .arg(entry.key));
    return {};
}

Result<void> MappingSection::applyWarm(const IniEntry &entry, MappingConfig &config) const
{
    if (entry.value != "always"_L1 && entry.value != "never"_L1)
        return IniFile::mistake(m_fileName, entry.line, tr("warm is always or never."));
    config.warm = entry.value == "always"_L1 ? WarmPolicy::Always : WarmPolicy::Never;
    return {};
}

Result<void> MappingSection::applyTtl(const IniEntry &entry, MappingConfig &config) const
{
    const auto duration = parseDuration(entry.value);
    if (!duration)
        return IniFile::mistake(m_fileName, entry.line,
                                tr("ttl is a number of seconds, or one with s, m, h or d behind it, as in 24h."));
    config.ttlMs = *duration;
    return {};
}

Result<void> MappingSection::applyFlag(const IniEntry &entry, bool &flag) const
{
    const auto value = asFlag(entry.value);
    if (!value)
        return IniFile::mistake(m_fileName, entry.line, tr("%1 is true or false.").arg(entry.key));
    flag = *value;
    return {};
}

std::optional<qint64> MappingSection::parseDuration(const QString &text)
{
    static constexpr std::pair<char16_t, qint64> units[] = {{u's', 1}, {u'm', 60}, {u'h', 3600}, {u'd', 86400}};
    QString number = text;
    qint64 factor = 1;
    for (const auto &[letter, seconds] : units) {
        if (text.endsWith(QChar(letter))) {
            number = text.chopped(1).trimmed();
            factor = seconds;
        }
    }
    bool isNumber = false;
    const qint64 count = number.toLongLong(&isNumber);
    if (!isNumber || count < 0 || count > longestSeconds / factor)
        return std::nullopt;
    return count * factor * 1000;
}

Result<void> MappingSection::readFields(MappingConfig &config) const
{
    config.fields.clear();
    for (const IniEntry &entry : m_fields->entries) {
        if (entry.value.isEmpty())
            return IniFile::mistake(m_fileName, entry.line, tr("the hash field %1 has no column.").arg(entry.key));
        const bool twice = std::any_of(config.fields.begin(), config.fields.end(),
                                       [&](const FieldConfig &field) { return field.column == entry.value; });
        if (twice)
            return IniFile::mistake(m_fileName, entry.line,
                                    tr("the column %1 stands here a second time.").arg(entry.value));
        config.fields.push_back({entry.key.toUtf8(), entry.value});
    }
    return {};
}

QString MappingSection::given(const QString &key) const
{
    if (!m_mapping)
        return {};
    for (const IniEntry &entry : m_mapping->entries) {
        if (entry.key == key)
            return entry.value;
    }
    return {};
}

int MappingSection::line() const
{
    if (m_fields)
        return m_fields->line;
    return m_mapping ? m_mapping->line : 0;
}

} // namespace throughline
