// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/statement.h"

#include <QDateTime>
#include <QHash>
#include <QString>

#include <memory>
#include <vector>

namespace throughline {

/// A statement whose outcome nobody knew when this was written. It names rows and holds none of their values.
struct UnsettledOperation
{
    Statement statement; ///< without the changes
    QDateTime since;
};

/// Remembers operations of unknown outcome over a restart of the program: a file for each in the state directory,
/// locked while the program that wrote it lives. Belongs to one thread; several programs may share the directory.
class OperationJournal final
{
public:
    /// An empty directory keeps nothing.
    OperationJournal(QString directory, QString label);
    ~OperationJournal();
    OperationJournal(const OperationJournal &) = delete;
    OperationJournal &operator=(const OperationJournal &) = delete;

    void remember(const UnsettledOperation &operation);
    void forget(const OpId &op);
    /// Takes over what programs left that have ended; this one answers for it now.
    [[nodiscard]] std::vector<UnsettledOperation> adopt();
    /// How many there are, of every program.
    [[nodiscard]] static int count(const QString &directory);

private:
    class LockedFile;
    [[nodiscard]] QString pathOf(const OpId &op) const;

    QString m_directory;
    QString m_label;
    QHash<OpId, std::shared_ptr<LockedFile>> m_files;
};

} // namespace throughline
