// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panes/storepanes.h"

#include "ui/icons.h"
#include "ui/panes/storepane.h"

#include <QEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTimer>

#include <algorithm>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr int seam = 1;
constexpr int fewestLines = 3;
constexpr int readingShownAfterMs = 120; ///< a fast answer must not flicker

} // namespace

StorePanes::StorePanes(QWidget *parent)
    : QWidget(parent)
    , m_database(new StorePane(StorePane::Side::Database, this))
    , m_cache(new StorePane(StorePane::Side::Cache, this))
    , m_scroll(new QScrollBar(Qt::Vertical, this))
    , m_second(new QTimer(this))
    , m_patience(new QTimer(this))
    , m_content(composeNothing())
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    m_second->setInterval(1000);
    m_patience->setInterval(readingShownAfterMs);
    m_patience->setSingleShot(true);
    connect(m_second, &QTimer::timeout, this, &StorePanes::tick);
    connect(m_patience, &QTimer::timeout, this, &StorePanes::showChipOfReading);
    connect(m_scroll, &QScrollBar::valueChanged, this, &StorePanes::scrollTo);
    for (StorePane *pane : {m_database, m_cache}) {
        connect(pane, &StorePane::currentFieldMoved, this, [this](int field) {
            setCurrentField(field);
            if (size_t(field) < m_mapping.fields.size())
                Q_EMIT currentFieldMoved(field);
        });
        connect(pane, &StorePane::wheelTurned, this,
                [this](int lines) { m_scroll->setValue(m_scroll->value() + lines); });
    }
    present();
}

void StorePanes::setMapping(const Mapping &mapping)
{
    m_mapping = mapping;
    showNothing();
    updateGeometry();
    arrange();
}

void StorePanes::showPair(const RowPair &pair)
{
    const bool newRow = m_shownKey != pair.key;
    m_shownKey = pair.key;
    if (!m_key || *m_key != pair.key) {
        m_edit = {};
        m_staleSince.clear();
    }
    m_patience->stop();
    noteStaleness(pair);
    PanesContent now = composePanes(m_mapping, pair);
    keepEarlierValues(now, pair);
    m_key = pair.key;
    m_content = std::move(now);
    m_sinceRead.start();
    m_second->start();
    present();
    if (newRow)
        bringDifferenceIntoView();
}

void StorePanes::showReading(const RowKey &key)
{
    if (!m_key || *m_key != key) {
        m_edit = {};
        m_staleSince.clear();
        m_databaseReadAt = {};
        m_cacheReadAt = {};
        m_content = composeReading(m_mapping, key);
    }
    m_key = key;
    m_patience->start();
    present();
}

void StorePanes::showNothing()
{
    m_key.reset();
    m_edit = {};
    m_patience->stop();
    m_second->stop();
    m_content = composeNothing();
    present();
}

void StorePanes::setCurrentField(int field)
{
    m_database->setCurrentField(field);
    m_cache->setCurrentField(field);
    if (field < 0 || m_scroll->maximum() == 0)
        return;
    const int visible = m_scroll->pageStep();
    if (field < m_scroll->value())
        m_scroll->setValue(field);
    else if (field >= m_scroll->value() + visible)
        m_scroll->setValue(field - visible + 1);
}

void StorePanes::showEditOf(int field, CellState state, const QString &yours)
{
    m_edit = {field, state, yours};
    present();
}

bool StorePanes::setMostLines(int lines)
{
    if (m_mostLines == lines)
        return false;
    m_mostLines = lines;
    updateGeometry();
    arrange();
    bringDifferenceIntoView();
    return true;
}

QWidget *StorePanes::databasePane() const
{
    return m_database;
}

QWidget *StorePanes::cachePane() const
{
    return m_cache;
}

void StorePanes::focusDatabase()
{
    m_database->setFocus(Qt::ShortcutFocusReason);
}

void StorePanes::focusCache()
{
    m_cache->setFocus(Qt::ShortcutFocusReason);
}

QSize StorePanes::sizeHint() const
{
    return {640, heightFor(shownLines())};
}

QSize StorePanes::minimumSizeHint() const
{
    return {400, heightFor(qMin(fewestLines, shownLines()))};
}

void StorePanes::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colours &colours = coloursFor(palette());
    painter.fillRect(rect(), colours.base);
    painter.fillRect(m_database->geometry().right() + 1, 0, seam, height(), colours.line);
}

void StorePanes::resizeEvent(QResizeEvent *)
{
    arrange();
}

void StorePanes::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange) {
        updateGeometry();
        arrange();
    }
    QWidget::changeEvent(event);
}

void StorePanes::present()
{
    PanesContent shown = m_content;
    if (m_edit.state != CellState::None)
        markEdit(shown.database, m_edit);
    writeStaleness(shown.cache);
    if (shown.cache.ttlMs && *shown.cache.ttlMs != CachedRow::noTtl)
        shown.cache.ttlMs = qMax(qint64(0), *shown.cache.ttlMs - m_sinceRead.elapsed());
    m_database->setContent(shown.database);
    m_cache->setContent(shown.cache);
    arrange();
}

void StorePanes::tick()
{
    m_database->tick();
    m_cache->tick();
    if (m_staleSince.isEmpty())
        return;
    PaneContent cache = m_cache->content();
    writeStaleness(cache);
    m_cache->setLines(cache.lines);
}

void StorePanes::keepEarlierValues(PanesContent &now, const RowPair &pair)
{
    const bool sameRow = m_key && *m_key == pair.key;
    if (!sameRow)
        m_databaseReadAt = m_cacheReadAt = {};
    if (pair.postgresError && m_databaseReadAt.isValid())
        markStale(now.database, m_content.database, m_databaseReadAt);
    if (pair.redisError && m_cacheReadAt.isValid())
        markStale(now.cache, m_content.cache, m_cacheReadAt);
    if (!pair.postgresError)
        m_databaseReadAt = pair.row ? pair.readAt : QDateTime();
    if (!pair.redisError)
        m_cacheReadAt = pair.cached.state == CachedRow::State::Hash ? pair.readAt : QDateTime();
}

void StorePanes::noteStaleness(const RowPair &pair)
{
    if (pair.postgresError || pair.redisError)
        return;
    QHash<int, QDateTime> since;
    for (size_t field = 0; field < pair.comparison.fields.size(); ++field) {
        if (pair.comparison.fields[field] == FieldDifference::Stale)
            since.insert(int(field), m_staleSince.value(int(field), pair.readAt));
    }
    m_staleSince = since;
}

void StorePanes::writeStaleness(PaneContent &cache) const
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (auto it = m_staleSince.cbegin(); it != m_staleSince.cend(); ++it) {
        const qint64 seconds = it.value().secsTo(now);
        const bool known = size_t(it.key()) < cache.lines.size() && !cache.lines[size_t(it.key())].quiet;
        if (known && seconds > 0)
            cache.lines[size_t(it.key())].remark = tr("stale for %1 s").arg(seconds);
    }
}

void StorePanes::showChipOfReading()
{
    for (PaneContent *content : {&m_content.database, &m_content.cache}) {
        content->chipKind = Chip::Kind::Neutral;
        content->chipSign = {};
        content->chip = content == &m_content.cache ? tr("Reading\u2026") : QString();
    }
    present();
}

void StorePanes::arrange()
{
    const int lines = int(m_cache->content().lines.size());
    const int room = qMax(1, (height() - m_cache->headerHeight()) / m_cache->lineHeight());
    const bool scrolls = m_cache->content().message.isEmpty() && lines > room;
    m_scroll->setRange(0, scrolls ? lines - room : 0);
    m_scroll->setPageStep(room);
    m_scroll->setVisible(scrolls);
    if (!scrolls)
        scrollTo(0);
    const int half = (width() - seam) / 2;
    const int bar = scrolls ? m_scroll->sizeHint().width() : 0;
    m_database->setGeometry(0, 0, half, height());
    m_cache->setGeometry(half + seam, 0, width() - half - seam - bar, height());
    m_scroll->setGeometry(width() - bar, 0, bar, height());
    setMaximumHeight(heightFor(shownLines()));
    update();
}

void StorePanes::scrollTo(int line)
{
    m_database->setFirstLine(line);
    m_cache->setFirstLine(line);
}

void StorePanes::bringDifferenceIntoView()
{
    const std::vector<PaneLine> &lines = m_cache->content().lines;
    const auto differs = [](const PaneLine &line) { return !signOf(line.state).isEmpty(); };
    const auto first = std::ranges::find_if(lines, differs);
    const int line = first == lines.end() ? 0 : int(first - lines.begin());
    if (line >= m_scroll->value() + m_scroll->pageStep())
        m_scroll->setValue(line);
}

int StorePanes::heightFor(int lines) const
{
    return m_database->headerHeight() + lines * m_database->lineHeight();
}

int StorePanes::shownLines() const
{
    const int fields = int(m_mapping.fields.size());
    return qMax(1, qMin(fields, m_mostLines));
}

} // namespace throughline
