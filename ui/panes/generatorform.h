// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/generatortexts.h"

#include <QWidget>

#include <array>

class QCheckBox;
class QGridLayout;

namespace throughline {

class Paragraph;

/// The settings of a run as fields in two columns. Says under a field what is wrong with it.
class GeneratorForm final : public QWidget
{
    Q_OBJECT

public:
    explicit GeneratorForm(QWidget *parent = nullptr);

    [[nodiscard]] GeneratorTexts texts() const;
    void setTexts(const GeneratorTexts &texts);
    void setText(GeneratorField field, const QString &text);
    /// Says all faults there are and goes to the first; false when there is one.
    [[nodiscard]] bool check();
    void showFault(const FieldFault &fault);
    /// Only the rate changes while a run goes on.
    void setRunning(bool running);
    void setVerifies(bool verifies);

Q_SIGNALS:
    void rateEntered(const QString &text);
    void verifiesChanged(bool verifies);

private:
    void addField(GeneratorField field, int line, int column, int columns);
    [[nodiscard]] QWidget *makeEditor(GeneratorField field);
    void connectEditor(GeneratorField field);
    [[nodiscard]] QString textOf(GeneratorField field) const;
    void clearFault(GeneratorField field);
    void onLeft(GeneratorField field);

    QGridLayout *m_grid;
    QCheckBox *m_verifies;
    std::array<QWidget *, generatorFieldCount> m_editors{};
    std::array<Paragraph *, generatorFieldCount> m_faults{};
};

} // namespace throughline
