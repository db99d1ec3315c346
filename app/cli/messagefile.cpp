// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/messagefile.h"

#include "config/inifile.h"

#include <QCoreApplication>
#include <QFile>

namespace throughline::cli {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(MessageFile)
};

} // namespace

Result<MessageFile> MessageFile::parse(const QString &text, const QString &fileName)
{
    const auto ini = IniFile::parse(text, fileName);
    if (!ini)
        return Failure(ini.error());
    MessageFile file;
    for (const IniSection &section : ini->sections) {
        const bool ofConsumer = section.name == "consumer"_L1;
        if (!ofConsumer && section.name != "producer"_L1 && section.name != "default"_L1)
            return IniFile::mistake(
                fileName, section.line,
                Words::tr("there is no section [%1], only [default], [producer] and [consumer].").arg(section.name));
        for (const IniEntry &entry : section.entries) {
            if (entry.key != "group.id"_L1)
                file.ignored << entry.key;
            else if (entry.value.isEmpty())
                return IniFile::mistake(fileName, entry.line, Words::tr("group.id is empty."));
            else if (ofConsumer || !file.group)
                file.group = entry.value;
        }
    }
    return file;
}

Result<MessageFile> MessageFile::read(const QString &fileName)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly)) {
        StoreError error;
        error.kind = ErrorKind::Misconfigured;
        error.message = Words::tr("%1 cannot be read: %2.").arg(fileName, file.errorString());
        return Failure(error);
    }
    return parse(QString::fromUtf8(file.readAll()), fileName);
}

QString MessageFile::ignoredSentence(const QString &fileName) const
{
    if (ignored.isEmpty())
        return {};
    return Words::tr("These settings in %1 are for Kafka and have no meaning for Redis Streams: %2.")
        .arg(fileName, ignored.join(u", "_s));
}

} // namespace throughline::cli
