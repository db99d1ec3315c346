// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/operationjournal.h"

#include "base/logging.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

const QString suffix = u".json"_s;

QString nameOf(EditKind kind)
{
    return kind == EditKind::Insert ? u"insert"_s : kind == EditKind::Delete ? u"delete"_s : u"update"_s;
}

EditKind kindOf(const QString &name)
{
    return name == "insert"_L1 ? EditKind::Insert : name == "delete"_L1 ? EditKind::Delete : EditKind::Update;
}

QByteArray textOf(const UnsettledOperation &operation, const QString &label)
{
    QJsonArray edits;
    for (const Edit &edit : operation.statement.edits) {
        edits.append(QJsonObject{{u"op"_s, edit.op.uuid.toString(QUuid::WithoutBraces)},
                                 {u"key"_s, QString::fromUtf8(edit.key.text)},
                                 {u"base"_s, QString::number(edit.base.number)}});
    }
    const QJsonObject object{{u"label"_s, label},
                             {u"op"_s, operation.statement.op.uuid.toString(QUuid::WithoutBraces)},
                             {u"kind"_s, nameOf(operation.statement.first().kind)},
                             {u"since"_s, operation.since.toUTC().toString(Qt::ISODateWithMs)},
                             {u"edits"_s, edits}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// None when it is not ours, or not whole.
std::optional<UnsettledOperation> operationOf(const QByteArray &text, const QString &label)
{
    const QJsonObject object = QJsonDocument::fromJson(text).object();
    UnsettledOperation operation;
    operation.statement.op = {QUuid(object.value("op"_L1).toString())};
    operation.since = QDateTime::fromString(object.value("since"_L1).toString(), Qt::ISODateWithMs);
    for (const QJsonValue &value : object.value("edits"_L1).toArray()) {
        Edit edit;
        edit.op = {QUuid(value["op"_L1].toString())};
        edit.kind = kindOf(object.value("kind"_L1).toString());
        edit.key = {value["key"_L1].toString().toUtf8()};
        edit.base = {value["base"_L1].toString().toLongLong()};
        operation.statement.edits.push_back(std::move(edit));
    }
    const bool whole = !operation.statement.op.uuid.isNull() && !operation.statement.edits.empty();
    return whole && object.value("label"_L1).toString() == label ? std::optional(operation) : std::nullopt;
}

} // namespace

/// An open file under a kernel lock: it ends with the process, however that ends.
class OperationJournal::LockedFile final
{
public:
    LockedFile(const QString &path, int flags)
        : m_fd(open(QFile::encodeName(path).constData(), flags | O_CLOEXEC, 0600))
    {
        m_locked = m_fd >= 0 && flock(m_fd, LOCK_EX | LOCK_NB) == 0;
    }
    ~LockedFile()
    {
        if (m_fd >= 0)
            close(m_fd);
    }
    LockedFile(const LockedFile &) = delete;
    LockedFile &operator=(const LockedFile &) = delete;

    [[nodiscard]] bool isLocked() const noexcept { return m_locked; }
    [[nodiscard]] bool replaceBy(const QByteArray &text) const
    {
        return ftruncate(m_fd, 0) == 0 &&
               write(m_fd, text.constData(), static_cast<size_t>(text.size())) == text.size() && fsync(m_fd) == 0;
    }

private:
    int m_fd;
    bool m_locked = false;
};

OperationJournal::OperationJournal(QString directory, QString label)
    : m_directory(std::move(directory))
    , m_label(std::move(label))
{
}

OperationJournal::~OperationJournal() = default;

QString OperationJournal::pathOf(const OpId &op) const
{
    return m_directory + u'/' + op.uuid.toString(QUuid::WithoutBraces) + suffix;
}

void OperationJournal::remember(const UnsettledOperation &operation)
{
    if (m_directory.isEmpty() || m_files.contains(operation.statement.op))
        return;
    const bool made = QDir().mkpath(m_directory);
    auto file = std::make_shared<LockedFile>(pathOf(operation.statement.op), O_RDWR | O_CREAT);
    if (made && file->isLocked() && file->replaceBy(textOf(operation, m_label)))
        m_files.insert(operation.statement.op, std::move(file));
    else
        qCWarning(lcEngine, "An operation of unknown outcome could not be written to %s.", qPrintable(m_directory));
}

void OperationJournal::forget(const OpId &op)
{
    if (m_files.remove(op))
        QFile::remove(pathOf(op));
}

std::vector<UnsettledOperation> OperationJournal::adopt()
{
    std::vector<UnsettledOperation> operations;
    if (m_directory.isEmpty())
        return operations;
    for (const QString &name : QDir(m_directory).entryList({u'*' + suffix}, QDir::Files)) {
        const QString path = m_directory + u'/' + name;
        auto file = std::make_shared<LockedFile>(path, O_RDWR);
        QFile text(path);
        if (!file->isLocked() || !text.open(QIODevice::ReadOnly))
            continue;
        auto operation = operationOf(text.readAll(), m_label);
        if (!operation || m_files.contains(operation->statement.op))
            continue;
        m_files.insert(operation->statement.op, std::move(file));
        operations.push_back(std::move(*operation));
    }
    return operations;
}

int OperationJournal::count(const QString &directory)
{
    return directory.isEmpty() ? 0 : static_cast<int>(QDir(directory).entryList({u'*' + suffix}, QDir::Files).size());
}

} // namespace throughline
