// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/gridarea.h"

#include "ui/panes/firststeps.h"
#include "ui/widgets/cellnote.h"
#include "ui/widgets/statepage.h"

#include <QAbstractItemModel>
#include <QHeaderView>
#include <QTableView>

#include <algorithm>

namespace throughline {

namespace {

constexpr int mostRowsBesideSteps = 9;

} // namespace

GridArea::GridArea(QWidget *parent)
    : QWidget(parent)
    , m_steps(new FirstSteps(this))
    , m_notice(new StatePage(this))
{
    m_steps->hide();
    m_notice->hide();
    connect(m_steps, &FirstSteps::hideRequested, this, [this] {
        setFirstSteps(false);
        Q_EMIT firstStepsHidden();
    });
    setMinimumHeight(fontMetrics().height() * 6);
}

void GridArea::setView(QTableView *view)
{
    clearView();
    m_view = view;
    m_view->setParent(this);
    // Not a child of the view: the first steps lie over the view, and the note has to lie over both.
    m_note = new CellNote(this);
    m_note->hide();
    setFocusProxy(m_view);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(m_view->model(), signal, this, &GridArea::placeOverlays);
    connect(m_view->model(), &QAbstractItemModel::modelReset, this, &GridArea::placeOverlays);
    m_view->show();
    m_steps->raise();
    m_notice->raise();
    placeOverlays();
}

void GridArea::clearView()
{
    setFocusProxy(nullptr);
    delete m_note;
    delete m_view;
    m_view = nullptr;
    m_note = nullptr;
    hideNotice();
}

void GridArea::setFirstSteps(bool wanted)
{
    m_stepsWanted = wanted;
    placeOverlays();
}

void GridArea::showNotice(const QString &title, const QString &sentence, const QString &button)
{
    m_notice->showNotice(title, sentence, button, {});
    m_noticeWanted = true;
    placeOverlays();
}

void GridArea::hideNotice()
{
    m_noticeWanted = false;
    placeOverlays();
}

void GridArea::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeOverlays();
}

void GridArea::placeOverlays()
{
    if (!m_view) {
        m_steps->hide();
        m_notice->hide();
        return;
    }
    m_view->setGeometry(rect());
    const int rows = m_view->model()->rowCount();
    const int marks = m_view->verticalHeader()->width();
    const int top = m_view->horizontalHeader()->height() + rows * m_view->verticalHeader()->defaultSectionSize();
    const QRect rest = rect().adjusted(marks, top + 1, 0, 0);
    m_notice->setGeometry(rect().adjusted(marks, m_view->horizontalHeader()->height() + 1, 0, 0));
    m_notice->setVisible(m_noticeWanted);
    // Its lines wrap, so what it needs depends on the width; half a line is worse than none.
    const int needed = std::max(m_steps->minimumSizeHint().height(), m_steps->heightForWidth(rest.width()));
    m_steps->setGeometry(rest);
    m_steps->setVisible(m_stepsWanted && !m_noticeWanted && rows > 0 && rows <= mostRowsBesideSteps &&
                        rest.height() >= needed);
}

} // namespace throughline
