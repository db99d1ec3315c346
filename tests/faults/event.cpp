// SPDX-License-Identifier: GPL-3.0-or-later
#include "event.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <array>
#include <ctime>

namespace throughline::faults {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kindNames{"invoke",      "ok",        "pending",    "conflict",    "failed", "unknown",
                               "unavailable", "read",      "restart",    "recovered",   "fault",  "stage",
                               "staged",      "notstaged", "stageddone", "stagedfailed"};
constexpr std::array sourceNames{"none", "cache", "database"};
constexpr qsizetype columns = 10;

template <class Enum, size_t Size>
std::optional<Enum> valueOf(const std::array<const char *, Size> &names, const QByteArray &text)
{
    const auto found = std::ranges::find_if(names, [&](const char *name) { return text == name; });
    if (found == names.end())
        return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

} // namespace

qint64 monotonicNow()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<qint64>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

QByteArray toLine(const Event &event)
{
    const QByteArrayList words{QByteArray::number(event.at),
                               QByteArray::number(event.begin),
                               event.process,
                               kindNames[static_cast<size_t>(event.kind)],
                               event.key,
                               event.op,
                               QByteArray::number(event.base),
                               QByteArray::number(event.version),
                               event.value,
                               sourceNames[static_cast<size_t>(event.source)]};
    return words.join('\t') + '\n';
}

std::optional<Event> fromLine(const QByteArray &line)
{
    if (!line.endsWith('\n'))
        return std::nullopt;
    const QByteArrayList words = line.chopped(1).split('\t');
    const auto kind = valueOf<EventKind>(kindNames, words.value(3));
    const auto source = valueOf<Source>(sourceNames, words.value(9));
    if (words.size() != columns || !kind || !source)
        return std::nullopt;
    return Event{words[0].toLongLong(), words[1].toLongLong(), words[2], *kind,  words[4], words[5],
                 words[6].toLongLong(), words[7].toLongLong(), words[8], *source};
}

std::vector<Event> loadHistory(const QString &directory)
{
    std::vector<Event> events;
    const QFileInfoList files = QDir(directory).entryInfoList({u"*.log"_s}, QDir::Files, QDir::Name);
    for (const QFileInfo &info : files) {
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        for (QByteArray line = file.readLine(); !line.isEmpty(); line = file.readLine()) {
            if (const auto event = fromLine(line))
                events.push_back(*event);
        }
    }
    std::ranges::stable_sort(events, {}, &Event::at);
    return events;
}

} // namespace throughline::faults
