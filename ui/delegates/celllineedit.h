// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/columninfo.h"

#include <QLineEdit>

namespace throughline {

/// The line in which a value is typed. Takes every text, also a wrong one, and tells while it is typed why it would
/// not be taken; nothing is cut off or refused behind the person's back.
class CellLineEdit final : public QLineEdit
{
    Q_OBJECT

public:
    CellLineEdit(const ColumnInfo &column, bool secret, QWidget *parent);

    /// Why the text cannot be sent, empty when it can.
    [[nodiscard]] QString fault() const { return m_fault; }

Q_SIGNALS:
    void faultChanged(const QString &sentence);

private:
    void check(const QString &text);
    void mark(bool faulty);

    ColumnInfo m_column;
    bool m_secret;
    QString m_fault;
};

} // namespace throughline
