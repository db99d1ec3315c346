// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/edit.h"
#include "domain/mapping.h"
#include "ui/palettes.h"

#include <QDialog>

#include <vector>

class QGridLayout;
class QPushButton;

namespace throughline {

class FieldLine;
class Paragraph;

/// The form for a new row. Stays open until the row is committed, so that a refused value can be corrected: the owner
/// sends what submitted() carries and answers with accept(), showFieldError() or showError(), at first perhaps with
/// showUnknown().
class RowDialog final : public QDialog
{
    Q_OBJECT

public:
    /// The key is asked for only where the table does not give one itself.
    RowDialog(const Mapping &mapping, const QString &title, QWidget *parent = nullptr);
    ~RowDialog() override;

    /// The server refused one column, by its name in the table; unknown names fall to showError.
    void showFieldError(const QString &column, const QString &sentence);
    /// Something else is in the way; the form can be sent again.
    void showError(const QString &sentence);
    /// Nobody knows yet whether the row was added: the form waits on and cannot be sent, only closed.
    void showUnknown(const QString &sentence);

Q_SIGNALS:
    /// `key` is empty when the table gives it.
    void submitted(const throughline::RowKey &key, const std::vector<throughline::FieldChange> &changes);

private:
    void addLines(QGridLayout *grid);
    [[nodiscard]] QWidget *makeButtons();
    void submit();
    [[nodiscard]] bool checkLines();
    void setWaiting(bool waiting);
    void showSentence(const QString &sentence, Tone tone);

    Mapping m_mapping;
    FieldLine *m_key = nullptr;
    std::vector<std::pair<int, FieldLine *>> m_lines; ///< field index and its line
    Paragraph *m_sentence;
    QPushButton *m_add = nullptr;
    QPushButton *m_cancel = nullptr;
};

} // namespace throughline
