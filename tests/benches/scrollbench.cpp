// SPDX-License-Identifier: GPL-3.0-or-later
// A frame of the grid while it is scrolled, in turns: over the table as the window reads it, and over rows that are in
// memory already, which leaves the drawing. A frame is: move, let come what has come, draw.
// Usage: scrollbench SECONDS; one JSON object on stdout.
#include "benchstores.h"
#include "engine/rowreader.h"
#include "engine/storeservice.h"
#include "ui/delegates/celldelegate.h"
#include "ui/delegates/gridlook.h"
#include "ui/models/rowroles.h"
#include "ui/models/rowsmodel.h"
#include "ui/panes/gridview.h"
#include "ui/theme.h"

#include <QApplication>
#include <QImage>
#include <QScrollBar>
#include <QTest>

#include <algorithm>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int rowsInMemory = 8000; ///< as many as the model keeps without throwing any out
constexpr int rowsPerFrame = 10;
constexpr int warmUp = 50; ///< frames
constexpr int patienceMs = 60'000;

/// A grid of the size of a window that draws into an image.
class Grid final
{
public:
    explicit Grid(const Mapping &mapping)
        : model(mapping)
        , m_view(&model)
        , m_image(1200, 800, QImage::Format_RGB32)
    {
        giveGridLook(m_view, mapping, m_delegate);
        m_view.resize(m_image.size());
        m_view.show();
    }

    /// The next frame, and whether all of its rows were there.
    bool draw()
    {
        QScrollBar &bar = *m_view.verticalScrollBar();
        const int next = bar.value() + rowsPerFrame * (bar.singleStep() > 1 ? bar.singleStep() : 1);
        bar.setValue(next < bar.maximum() ? next : 0);
        QCoreApplication::processEvents();
        m_view.render(&m_image);
        const int last = m_view.rowAt(m_view.viewport()->height() - 1);
        return model.index(last < 0 ? 0 : last, 0).data(LoadedRole).toBool();
    }

    RowsModel model;

private:
    CellDelegate m_delegate;
    GridView m_view;
    QImage m_image;
};

/// The table's own first rows, so that both sides draw the same.
std::vector<Row> firstRows(const BenchStores &stores)
{
    RowReader reader(stores.mapping, stores.settings, nullptr);
    if (!reader.postgres().ensure())
        return {};
    return reader.postgres().rows().firstPage(rowsInMemory, {}, Clock::now() + 30s).value_or(std::vector<Row>());
}

/// Gives the model all of the rows.
void fill(RowsModel &model, const std::vector<Row> &rows, int pageSize)
{
    TableIndex index;
    index.generation = 1;
    index.pageSize = pageSize;
    index.rowCount = index.totalRows = std::ssize(rows);
    for (size_t row = 0; row < rows.size(); row += static_cast<size_t>(pageSize))
        index.firstKeys.push_back(rows[row].key);
    model.setIndex(index);
    QObject::connect(&model, &RowsModel::pagesWanted, &model, [&model, rows, pageSize](auto generation, auto pages) {
        for (const PageRequest &request : pages) {
            const auto first = rows.begin() + request.page * pageSize;
            model.addPage(
                {generation, request, {first, first + std::min<std::ptrdiff_t>(pageSize, rows.end() - first)}});
        }
    });
    for (int row = 0; row < std::ssize(rows); row += pageSize) {
        std::ignore = model.index(row, 0).data();
        QCoreApplication::processEvents();
    }
}

/// Joins the model with the stores as the window does; true when the whole index is there.
bool connectStores(RowsModel &model, StoreService &service)
{
    bool complete = false;
    QObject context;
    QObject::connect(&service, &StoreService::indexReady, &model, &RowsModel::setIndex);
    QObject::connect(&service, &StoreService::pageReady, &model, &RowsModel::addPage);
    QObject::connect(&model, &RowsModel::pagesWanted, &service, &StoreService::wantPages);
    QObject::connect(&service, &StoreService::indexReady, &context,
                     [&complete](const TableIndex &index) { complete = index.complete; });
    service.requestIndex({});
    return QTest::qWaitFor([&complete] { return complete; }, patienceMs);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    const Theme theme(app);
    const auto time =
        milliseconds(static_cast<qint64>(QCoreApplication::arguments().value(1, u"2"_s).toDouble() * 1000));
    const auto stores = BenchStores::fromEnvironment();
    if (!stores.error.isEmpty())
        return cannotMeasure(stores.error);
    Grid table(stores.mapping), memory(stores.mapping);
    const std::vector<Row> rows = firstRows(stores);
    if (rows.empty())
        return cannotMeasure(u"The rows to draw cannot be read."_s);
    fill(memory.model, rows, stores.settings.pageSize);
    StoreService service(stores.mapping, stores.settings);
    if (!connectStores(table.model, service))
        return cannotMeasure(u"The index of the table was not read in time."_s);

    std::vector<nanoseconds> ours, limit;
    qint64 blank = 0;
    Instant end = Instant::max();
    for (int turn = 0; Clock::now() < end; ++turn) {
        if (turn == warmUp)
            end = Clock::now() + time;
        const Instant start = Clock::now();
        const bool whole = table.draw();
        const Instant middle = Clock::now();
        memory.draw();
        if (turn < warmUp)
            continue;
        ours.push_back(middle - start);
        limit.push_back(Clock::now() - middle);
        blank += !whole;
    }
    const auto frames = static_cast<qint64>(ours.size());
    printFigures({{u"ours_us"_s, medianUs(ours)},
                  {u"limit_us"_s, medianUs(limit)},
                  {u"frames"_s, frames},
                  {u"blank"_s, blank},
                  {u"rows"_s, table.model.rowCount()}});
    return 0;
}
