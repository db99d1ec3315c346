// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/configloader.h"

#include "config/mappingsection.h"
#include "config/safety.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

Failure misconfigured(const QString &message)
{
    StoreError error;
    error.kind = ErrorKind::Misconfigured;
    error.message = message;
    return Failure(error);
}

const IniSection *find(const IniFile &file, const QString &name)
{
    const auto found = std::find_if(file.sections.begin(), file.sections.end(),
                                    [&](const IniSection &section) { return section.name == name; });
    return found == file.sections.end() ? nullptr : &*found;
}

/// NAME of `[mapping:NAME]` and `[fields:NAME]`, else empty.
QString furtherTable(const QString &section)
{
    const QString kind = section.section(':'_L1, 0, 0);
    if (kind != "mapping"_L1 && kind != "fields"_L1)
        return {};
    return section.mid(kind.size() + 1).trimmed();
}

std::optional<Environment> environmentNamed(const QString &name)
{
    if (name == "development"_L1)
        return Environment::Development;
    if (name == "production"_L1)
        return Environment::Production;
    if (name == "read-only"_L1)
        return Environment::ReadOnly;
    return std::nullopt;
}

/// The settings of a file outside the mappings, by section and key.
class PlainSections final
{
    Q_DECLARE_TR_FUNCTIONS(throughline::ConfigLoader)

public:
    PlainSections(QString fileName, AppConfig &config)
        : m_fileName(std::move(fileName))
        , m_config(config)
    {
    }

    [[nodiscard]] Result<void> apply(const IniSection &section)
    {
        for (const IniEntry &entry : section.entries) {
            Setting *setting = find(section.name, entry.key);
            if (!setting)
                return IniFile::mistake(m_fileName, entry.line,
                                        tr("there is no key %1 in [%2]. Known there: %3.")
                                            .arg(entry.key, section.name, known(section.name)));
            *setting = {entry.value, tr("%1, line %2").arg(m_fileName).arg(entry.line)};
            if (const auto checked = check(*setting, entry); !checked)
                return checked;
        }
        return {};
    }

    [[nodiscard]] static QString known(const QString &section)
    {
        if (section == "postgres"_L1)
            return u"conninfo"_s;
        return section == "redis"_L1 ? u"url, keyspace_events"_s : u"environment"_s;
    }

private:
    [[nodiscard]] Setting *find(const QString &section, const QString &key)
    {
        if (section == "postgres"_L1 && key == "conninfo"_L1)
            return &m_config.conninfo;
        if (section == "redis"_L1 && key == "url"_L1)
            return &m_config.redisUrl;
        if (section == "redis"_L1 && key == "keyspace_events"_L1)
            return &m_config.keyspaceEventsText;
        if (section == "safety"_L1 && key == "environment"_L1)
            return &m_config.environmentText;
        return nullptr;
    }

    [[nodiscard]] Result<void> check(const Setting &setting, const IniEntry &entry)
    {
        if (&setting == &m_config.keyspaceEventsText) {
            if (entry.value != "add"_L1 && entry.value != "leave"_L1)
                return IniFile::mistake(m_fileName, entry.line, tr("keyspace_events is add or leave."));
            m_config.keyspaceEvents = entry.value == "add"_L1 ? KeyspaceEvents::Add : KeyspaceEvents::Leave;
        } else if (&setting == &m_config.environmentText) {
            m_config.environment = environmentNamed(entry.value);
            if (!m_config.environment)
                return IniFile::mistake(m_fileName, entry.line,
                                        tr("environment is development, production or read-only."));
        }
        return {};
    }

    QString m_fileName;
    AppConfig &m_config;
};

bool isPlainSection(const QString &name)
{
    return name == "postgres"_L1 || name == "redis"_L1 || name == "safety"_L1;
}

} // namespace

ConfigLoader::ConfigLoader(CommandLineSettings commandLine, QProcessEnvironment environment)
    : m_commandLine(std::move(commandLine))
    , m_environment(std::move(environment))
{
}

Result<AppConfig> ConfigLoader::load() const
{
    AppConfig config;
    for (Setting *setting : {&config.conninfo, &config.redisUrl, &config.dataDir})
        setting->origin = tr("default");
    config.environmentText.origin = tr("default");
    config.keyspaceEventsText = {u"add"_s, tr("default")};
    config.file = fileSetting();
    if (const auto read = readFile(config); !read)
        return Failure(read.error());
    takeOver(config.conninfo, u"THROUGHLINE_PG"_s, u"--pg"_s, m_commandLine.pg);
    takeOver(config.redisUrl, u"THROUGHLINE_REDIS"_s, u"--redis"_s, m_commandLine.redis);
    takeOver(config.dataDir, u"THROUGHLINE_DATA"_s, u"--data"_s, m_commandLine.data);
    if (const auto checked = check(config); !checked)
        return Failure(checked.error());
    return config;
}

Setting ConfigLoader::fileSetting() const
{
    QString home = m_environment.value(u"XDG_CONFIG_HOME"_s);
    // The XDG specification has relative paths ignored.
    if (!home.startsWith('/'_L1))
        home = m_environment.value(u"HOME"_s, QDir::homePath()) + "/.config"_L1;
    Setting setting{home + "/throughline/throughline.ini"_L1, tr("default")};
    takeOver(setting, u"THROUGHLINE_CONFIG"_s, u"--config"_s, m_commandLine.config);
    return setting;
}

Result<void> ConfigLoader::readFile(AppConfig &config) const
{
    QFile file(config.file.value);
    if (!file.exists() && config.file.origin == tr("default")) {
        config.file.value.clear();
        return {};
    }
    if (!file.open(QIODevice::ReadOnly))
        return misconfigured(tr("The configuration file %1 (from %2) cannot be read: %3. Correct its name or its "
                                "permissions.")
                                 .arg(config.file.value, config.file.origin, file.errorString()));
    const auto parsed = IniFile::parse(QString::fromUtf8(file.readAll()), config.file.value);
    if (!parsed)
        return Failure(parsed.error());
    if (const auto applied = apply(*parsed, config); !applied)
        return applied;
    const bool secret = holdsPassword(config.conninfo.value) || redisUrlHoldsPassword(config.redisUrl.value);
    if (secret && file.permissions().testFlag(QFile::ReadOther))
        return misconfigured(tr("The configuration file %1 holds a password, and every account of this machine can "
                                "read it. Close it with: chmod 600 '%1'")
                                 .arg(config.file.value));
    return {};
}

Result<void> ConfigLoader::apply(const IniFile &file, AppConfig &config) const
{
    const QString &name = config.file.value;
    PlainSections plain(name, config);
    QStringList further;
    for (const IniSection &section : file.sections) {
        const QString table = furtherTable(section.name);
        if (isPlainSection(section.name)) {
            if (const auto applied = plain.apply(section); !applied)
                return applied;
        } else if (!table.isEmpty()) {
            if (!further.contains(table))
                further << table;
        } else if (section.name != "mapping"_L1 && section.name != "fields"_L1) {
            return IniFile::mistake(name, section.line,
                                    tr("there is no section [%1]. Known are [postgres], [redis], [mapping], [fields], "
                                       "[mapping:NAME], [fields:NAME] and [safety].")
                                        .arg(section.name));
        }
    }
    config.mappings.clear();
    const auto main = MappingSection(name, {}, find(file, u"mapping"_s), find(file, u"fields"_s)).read();
    if (!main)
        return Failure(main.error());
    config.mappings.push_back(*main);
    for (const QString &table : std::as_const(further)) {
        const IniSection *mapping = find(file, "mapping:"_L1 + table);
        const IniSection *fields = find(file, "fields:"_L1 + table);
        const auto read = MappingSection(name, table, mapping, fields).read();
        if (!read)
            return Failure(read.error());
        config.mappings.push_back(*read);
    }
    return {};
}

void ConfigLoader::takeOver(Setting &setting, const QString &variable, const QString &option,
                            const QString &given) const
{
    if (const QString value = m_environment.value(variable); !value.isEmpty())
        setting = {value, variable};
    if (!given.isEmpty())
        setting = {given, option};
}

Result<void> ConfigLoader::check(AppConfig &config) const
{
    for (auto first = config.mappings.begin(); first != config.mappings.end(); ++first) {
        const bool clash = std::any_of(std::next(first), config.mappings.end(), [&](const MappingConfig &other) {
            return other.label == first->label || other.prefix == first->prefix;
        });
        if (clash)
            return misconfigured(tr("In %1 another mapping has the name or the prefix of the mapping %2. Give each "
                                    "its own.")
                                     .arg(config.file.value, first->label));
    }
    if (config.usesSandbox())
        return {};
    if (config.redisUrl.value.isEmpty())
        return misconfigured(tr("An address of PostgreSQL is given (by %1), but none of Redis. Give it with --redis, "
                                "THROUGHLINE_REDIS or url in [redis].")
                                 .arg(config.conninfo.origin));
    if (config.conninfo.value.isEmpty())
        return misconfigured(tr("An address of Redis is given (by %1), but none of PostgreSQL. Give it with --pg, "
                                "THROUGHLINE_PG or conninfo in [postgres].")
                                 .arg(config.redisUrl.origin));
    if (const auto usable = checkConninfo(config.conninfo.value); !usable)
        return misconfigured(tr("%1: %2").arg(config.conninfo.origin, usable.error().message));
    const auto redis = RedisUrl::parse(config.redisUrl.value);
    if (!redis)
        return misconfigured(tr("%1: %2").arg(config.redisUrl.origin, redis.error().message));
    config.redis = *redis;
    return {};
}

} // namespace throughline
