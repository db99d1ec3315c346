// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/generatorform.h"

#include "ui/widgets/elidinglabel.h"
#include "ui/widgets/paragraph.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int sidePadding = 10;
constexpr int labelGap = 6;
constexpr int columnGap = 10;
constexpr int linePadding = 6;
constexpr int leastEditorWidth = 64;
constexpr int widestPopup = 360;

struct Name
{
    const char *label;
    const char *objectName;
    const char *tip;
};

#define WORDS(text) QT_TRANSLATE_NOOP("throughline::GeneratorForm", text)

/// In the order of GeneratorField.
constexpr std::array<Name, generatorFieldCount> names{
    Name{WORDS("Rate"), "generatorRate",
         WORDS("Writes per second: 2000, unlimited, or a schedule such as 100 for 10 s, 100 to 1000 in 30 s, 1000. A "
               "number can be changed while it runs.")},
    Name{WORDS("Pacing"), "generatorPacing",
         WORDS("Open loop: writes start at the rate, whether or not earlier ones have been answered, so a slow answer "
               "makes the next ones late, and that is measured. Closed loop: each connection waits for its answer "
               "before it goes on, so slow answers mean fewer writes, and the latency hides it.")},
    Name{WORDS("Rows"), "generatorRows",
         WORDS("Which rows are written: all alike (uniform), few of them mostly (zipf, hot set), one after the other "
               "(sequential), or the newest mostly (latest).")},
    Name{WORDS("Mix"), "generatorMix", WORDS("What is done, by shares: update 80, insert 5, delete 5, read 10.")},
    Name{WORDS("Fields"), "generatorFields",
         WORDS("Which fields get which values: score = integer 1000..999999; first_name = words 1; date_of_birth = "
               "dates 1950-01-01..2009-12-31; email = email; or counter. Empty: random scores.")},
    Name{
        WORDS("Path"), "generatorPath",
        WORDS("Direct: as edits of the grid are written. Staged: as Redis clients write, with their answers. Messages: "
              "produced to the stream and consumed again.")},
    Name{WORDS("Stop after"), "generatorStopAfter",
         WORDS("never, 60 s, 10 min, 100000 writes, or a time and a count: what comes first.")},
    Name{WORDS("Batch"), "generatorBatch",
         WORDS("Up to so many writes go in one statement, as far as they are due: 1 to 500.")},
    Name{WORDS("Connections"), "generatorConnections", WORDS("1 to 64, each to both stores.")},
    Name{WORDS("Seed"), "generatorSeed",
         WORDS("The same seed and rows give the same sequence. Empty: another one each time; the run says which.")},
};

#undef WORDS

void putText(QWidget *editor, const QString &text)
{
    if (auto *box = qobject_cast<QComboBox *>(editor); box && box->isEditable()) {
        box->setEditText(text);
        box->lineEdit()->setCursorPosition(0); // of a long one the beginning
    } else if (box) {
        box->setCurrentText(text);
    } else if (auto *line = qobject_cast<QLineEdit *>(editor)) {
        line->setText(text);
        line->setCursorPosition(0);
    }
}

} // namespace

GeneratorForm::GeneratorForm(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_verifies(new QCheckBox(tr("Verify afterwards"), this))
{
    m_grid->setContentsMargins(sidePadding, 0, sidePadding, linePadding);
    m_grid->setVerticalSpacing(0); // a hidden sentence takes none
    m_grid->setHorizontalSpacing(labelGap);
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnMinimumWidth(2, columnGap - labelGap);
    m_grid->setColumnStretch(4, 1);
    addField(GeneratorField::Rate, 0, 0, 1);
    addField(GeneratorField::Pacing, 0, 3, 1);
    addField(GeneratorField::Rows, 1, 0, 1);
    addField(GeneratorField::Mix, 1, 3, 1);
    addField(GeneratorField::Fields, 2, 0, 4);
    addField(GeneratorField::Path, 3, 0, 1);
    addField(GeneratorField::StopAfter, 3, 3, 1);
    addField(GeneratorField::Batch, 4, 0, 1);
    addField(GeneratorField::Connections, 4, 3, 1);
    addField(GeneratorField::Seed, 5, 0, 1);
    m_grid->addWidget(m_verifies, m_grid->rowCount() - 2, 3, 1, 2);
    m_verifies->setToolTip(tr("Compare every row that the run has touched in both stores when it has ended."));
    connect(m_verifies, &QCheckBox::toggled, this, &GeneratorForm::verifiesChanged);
    qobject_cast<QLineEdit *>(m_editors[size_t(GeneratorField::Fields)])
        ->setPlaceholderText(tr("score = integer 1000..999999"));
    qobject_cast<QLineEdit *>(m_editors[size_t(GeneratorField::Seed)])->setPlaceholderText(tr("random"));
}

GeneratorTexts GeneratorForm::texts() const
{
    GeneratorTexts texts;
    for (int i = 0; i < generatorFieldCount; ++i)
        texts.texts[size_t(i)] = textOf(static_cast<GeneratorField>(i));
    texts.verifies = m_verifies->isChecked();
    return texts;
}

void GeneratorForm::setTexts(const GeneratorTexts &texts)
{
    setVerifies(texts.verifies);
    for (int i = 0; i < generatorFieldCount; ++i)
        setText(static_cast<GeneratorField>(i), texts.texts[size_t(i)]);
}

void GeneratorForm::setText(GeneratorField field, const QString &text)
{
    putText(m_editors[size_t(field)], text);
    clearFault(field);
}

bool GeneratorForm::check()
{
    const std::vector<FieldFault> faults = generatortexts::faultsIn(texts());
    for (const FieldFault &fault : faults)
        showFault(fault);
    if (!faults.empty())
        m_editors[size_t(faults.front().field)]->setFocus(Qt::OtherFocusReason);
    return faults.empty();
}

void GeneratorForm::showFault(const FieldFault &fault)
{
    Paragraph *sentence = m_faults[size_t(fault.field)];
    sentence->setText(fault.sentence);
    sentence->show();
    m_editors[size_t(fault.field)]->setAccessibleDescription(fault.sentence);
}

void GeneratorForm::setRunning(bool running)
{
    for (int i = 0; i < generatorFieldCount; ++i)
        if (static_cast<GeneratorField>(i) != GeneratorField::Rate)
            m_editors[size_t(i)]->setEnabled(!running);
    m_verifies->setEnabled(!running);
}

void GeneratorForm::setVerifies(bool verifies)
{
    m_verifies->setChecked(verifies);
}

/// The sentence under a field is as wide as the form.
void GeneratorForm::addField(GeneratorField field, int line, int column, int columns)
{
    const Name &name = names[size_t(field)];
    auto *label = new ElidingLabel(Tone::Text2, this);
    label->setElides(false);
    label->setText(tr(name.label));
    label->setToolTip(tr(name.tip));
    QWidget *editor = makeEditor(field);
    m_editors[size_t(field)] = editor;
    editor->setObjectName(QLatin1StringView(name.objectName));
    editor->setAccessibleName(tr(name.label));
    editor->setToolTip(tr(name.tip));
    editor->setMinimumWidth(leastEditorWidth);
    editor->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    label->setBuddy(editor);
    auto *sentence = new Paragraph(Tone::Failed, this);
    sentence->setObjectName(QLatin1StringView(name.objectName) + "Fault"_L1);
    sentence->hide();
    m_faults[size_t(field)] = sentence;
    const int row = line * 3;
    m_grid->addWidget(label, row, column);
    m_grid->addWidget(editor, row, column + 1, 1, columns);
    m_grid->setRowMinimumHeight(row, editor->sizeHint().height() + linePadding);
    m_grid->addWidget(sentence, row + (column == 0 ? 1 : 2), 0, 1, m_grid->columnCount());
    connectEditor(field);
}

QWidget *GeneratorForm::makeEditor(GeneratorField field)
{
    const QStringList choices = generatortexts::choicesFor(field);
    if (choices.isEmpty())
        return new QLineEdit(this);
    auto *box = new QComboBox(this);
    box->setEditable(generatortexts::mayBeTyped(field));
    box->setInsertPolicy(QComboBox::NoInsert);
    box->addItems(choices);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    int widest = 0;
    for (const QString &choice : choices)
        widest = std::max(widest, box->fontMetrics().horizontalAdvance(choice));
    box->view()->setMinimumWidth(std::min(widestPopup, widest + 2 * sidePadding));
    return box;
}

void GeneratorForm::connectEditor(GeneratorField field)
{
    const auto left = [this, field] { onLeft(field); };
    if (auto *box = qobject_cast<QComboBox *>(m_editors[size_t(field)])) {
        connect(box, &QComboBox::activated, this, left);
        if (box->isEditable())
            connect(box->lineEdit(), &QLineEdit::editingFinished, this, left);
    } else if (auto *line = qobject_cast<QLineEdit *>(m_editors[size_t(field)])) {
        connect(line, &QLineEdit::editingFinished, this, left);
    }
}

QString GeneratorForm::textOf(GeneratorField field) const
{
    const QWidget *editor = m_editors[size_t(field)];
    if (const auto *box = qobject_cast<const QComboBox *>(editor))
        return box->currentText();
    return qobject_cast<const QLineEdit *>(editor)->text();
}

void GeneratorForm::clearFault(GeneratorField field)
{
    m_faults[size_t(field)]->hide();
    m_editors[size_t(field)]->setAccessibleDescription({});
}

void GeneratorForm::onLeft(GeneratorField field)
{
    clearFault(field);
    for (const FieldFault &fault : generatortexts::faultsIn(texts()))
        if (fault.field == field)
            return showFault(fault);
    if (field == GeneratorField::Rate)
        Q_EMIT rateEntered(textOf(field));
}

} // namespace throughline
