// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadprofile.h"

#include "config/inifile.h"
#include "generator/loadtext.h"

#include <QFile>
#include <QSaveFile>

#include <algorithm>

namespace throughline::loadprofile {

using namespace Qt::StringLiterals;
using namespace loadtext;

namespace {

/// What a key of a section does with its value.
struct Key
{
    const char *section;
    const char *name;
    Result<void> (*take)(const QString &value, LoadSettings &settings);
};

template <class T>
Result<void> put(Result<T> value, T &into)
{
    if (!value)
        return Failure(value.error());
    into = std::move(*value);
    return {};
}

Result<void> takePath(const QString &value, LoadSettings &settings)
{
    return put(wordFrom(value, pathWords()), settings.path);
}

Result<void> takePacing(const QString &value, LoadSettings &settings)
{
    return put(wordFrom(value, pacingWords()), settings.pacing);
}

Result<void> takeRows(const QString &value, LoadSettings &settings)
{
    return put(rowsFrom(value), settings.rows);
}

Result<void> takeMix(const QString &value, LoadSettings &settings)
{
    return put(mixFrom(value), settings.mix);
}

Result<void> takeSeed(const QString &value, LoadSettings &settings)
{
    bool good = false;
    const quint64 seed = value.toULongLong(&good);
    if (!good)
        return mistake(Words::tr("the seed is a whole number from 0 on."));
    settings.seed = seed;
    return {};
}

Result<void> takeDuration(const QString &value, LoadSettings &settings)
{
    return put(numberFrom(value, 0, longestS), settings.durationS);
}

Result<void> takeCount(const QString &value, LoadSettings &settings)
{
    return put(wholeFrom(value, 0, mostOperations), settings.count);
}

Result<void> takeSmall(const QString &value, int most, int &into)
{
    return wholeFrom(value, 1, most).map([&](qint64 number) { into = static_cast<int>(number); });
}

Result<void> takeConnections(const QString &value, LoadSettings &settings)
{
    return takeSmall(value, mostLoadConnections, settings.connections);
}

Result<void> takeBatch(const QString &value, LoadSettings &settings)
{
    return takeSmall(value, mostLoadBatch, settings.batch);
}

Result<void> takeVerify(const QString &value, LoadSettings &settings)
{
    return put(wordFrom(value, WordList<bool>{{u"yes"_s, true}, {u"no"_s, false}}), settings.verifies);
}

constexpr std::array keys{Key{"workload", "path", takePath},
                          Key{"workload", "rows", takeRows},
                          Key{"workload", "mix", takeMix},
                          Key{"workload", "seed", takeSeed},
                          Key{"pacing", "pacing", takePacing},
                          Key{"pacing", "rate", takeRate},
                          Key{"run", "connections", takeConnections},
                          Key{"run", "batch", takeBatch},
                          Key{"run", "duration", takeDuration},
                          Key{"run", "count", takeCount},
                          Key{"run", "verify", takeVerify}};

Result<void> takeField(const IniEntry &entry, LoadSettings &settings)
{
    return makerFrom(entry.value).map([&](const ValueMaker &maker) { settings.fields.push_back({entry.key, maker}); });
}

Result<void> takeEntry(const IniSection &section, const IniEntry &entry, LoadSettings &settings)
{
    if (section.name == "fields"_L1)
        return takeField(entry, settings);
    const auto key = std::ranges::find_if(keys, [&](const Key &one) {
        return section.name == QLatin1StringView(one.section) && entry.key == QLatin1StringView(one.name);
    });
    if (key == keys.end())
        return mistake(Words::tr("[%1] has no key %2.").arg(section.name, entry.key));
    return key->take(entry.value, settings);
}

bool isSection(const QString &name)
{
    return name == "fields"_L1 ||
           std::ranges::any_of(keys, [&](const Key &key) { return name == QLatin1StringView(key.section); });
}

Failure unreadable(const QString &sentence, const QString &fileName, const QString &reason)
{
    return mistake(sentence.arg(fileName, reason));
}

QString line(const QString &key, const QString &value)
{
    return key + " = "_L1 + value + u'\n';
}

} // namespace

Result<LoadSettings> parse(const QString &text, const QString &fileName)
{
    const auto file = IniFile::parse(text, fileName);
    if (!file)
        return Failure(file.error());
    LoadSettings settings;
    for (const IniSection &section : file->sections) {
        if (!isSection(section.name))
            return IniFile::mistake(fileName, section.line, Words::tr("there is no section [%1].").arg(section.name));
        for (const IniEntry &entry : section.entries) {
            if (const auto taken = takeEntry(section, entry, settings); !taken)
                return IniFile::mistake(fileName, entry.line, taken.error().message);
        }
    }
    return settings;
}

Result<LoadSettings> read(const QString &fileName)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly))
        return unreadable(Words::tr("%1 cannot be read: %2."), fileName, file.errorString());
    return parse(QString::fromUtf8(file.readAll()), fileName);
}

QString toText(const LoadSettings &settings)
{
    QString text = u"[workload]\n"_s;
    text += line(u"path"_s, wordOf(settings.path, pathWords()));
    text += line(u"rows"_s, textOf(settings.rows));
    text += line(u"mix"_s, textOf(settings.mix));
    text += line(u"seed"_s, QString::number(settings.seed));
    if (!settings.fields.empty())
        text += u"\n[fields]\n"_s;
    for (const FieldMaker &field : settings.fields)
        text += line(field.column, makerText(field.maker));
    text += u"\n[pacing]\n"_s;
    text += line(u"pacing"_s, wordOf(settings.pacing, pacingWords()));
    text += line(u"rate"_s, rateText(settings));
    text += u"\n[run]\n"_s;
    text += line(u"connections"_s, QString::number(settings.connections));
    text += line(u"batch"_s, QString::number(settings.batch));
    text += line(u"duration"_s, numberText(settings.durationS));
    text += line(u"count"_s, QString::number(settings.count));
    text += line(u"verify"_s, settings.verifies ? u"yes"_s : u"no"_s);
    return text;
}

Result<void> save(const LoadSettings &settings, const QString &fileName)
{
    QSaveFile file(fileName);
    const QByteArray text = toText(settings).toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return unreadable(Words::tr("%1 cannot be written: %2."), fileName, file.errorString());
    return {};
}

} // namespace throughline::loadprofile
