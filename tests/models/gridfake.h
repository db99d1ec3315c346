// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tablefake.h"
#include "ui/models/rowsmodel.h"

#include <QAbstractItemModelTester>
#include <QCoreApplication>

#include <utility>
#include <vector>

namespace throughline {

/// A model over a table in memory; pages are answered when the test says so.
class GridFake
{
public:
    explicit GridFake(qint64 rows, int pageSize = 10, int maxPages = 64)
        : table(rows)
        , model(
              testMapping(), nullptr, [this] { return now; }, maxPages)
        , m_pageSize(pageSize)
    {
        QObject::connect(&model, &RowsModel::pagesWanted, &model,
                         [this](quint64 asked, const std::vector<PageRequest> &pages) {
                             askedGeneration = asked;
                             wanted = pages;
                         });
        renew();
    }

    void renew() { model.setIndex(table.index(++generation, m_pageSize)); }
    void ask() { QCoreApplication::processEvents(); }
    void answer()
    {
        for (const auto &request : std::exchange(wanted, {}))
            model.addPage(table.page(askedGeneration, request));
    }
    void load(int row)
    {
        (void)model.index(row, 0).data();
        ask();
        answer();
    }
    void loadAll()
    {
        for (int row = 0; row < model.rowCount(); ++row) {
            if (!model.keyAt(row))
                load(row);
        }
    }
    [[nodiscard]] QByteArray keyAt(int row) const { return model.keyAt(row).value_or(RowKey{}).text; }

    TableFake table;
    Instant now{std::chrono::seconds(1000)};
    quint64 generation = 0;
    quint64 askedGeneration = 0;
    std::vector<PageRequest> wanted;
    RowsModel model;
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};

private:
    int m_pageSize;
};

} // namespace throughline
