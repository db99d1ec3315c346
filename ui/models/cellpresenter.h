// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/mapping.h"
#include "domain/row.h"
#include "engine/tableindex.h"
#include "ui/models/cellflashes.h"
#include "ui/models/editstates.h"

#include <QCoreApplication>
#include <QVariant>

namespace throughline {

/// What the cells and headers of RowsModel answer to the roles of a view. Only reads; the model owns what it reads.
class CellPresenter final
{
    Q_DECLARE_TR_FUNCTIONS(CellPresenter)

public:
    CellPresenter(const Mapping &mapping, const EditStates &states, const CellFlashes &flashes)
        : m_mapping(mapping)
        , m_states(states)
        , m_flashes(flashes)
    {
    }

    /// Of column 0 the key's, else the mapped field's.
    [[nodiscard]] const ColumnInfo &columnInfo(int column) const;
    [[nodiscard]] QVariant loaded(const Row &row, int column, int role, const RowFilter &filter, Instant now) const;
    /// A cell whose page is still being read.
    [[nodiscard]] QVariant blank(int column, int role) const;
    [[nodiscard]] QVariant columnHeader(int column, int role) const;

private:
    [[nodiscard]] QVariant stated(const Row &row, const CellId &cell, int role, Instant now) const;
    [[nodiscard]] bool isSearched(int column) const;

    const Mapping &m_mapping;
    const EditStates &m_states;
    const CellFlashes &m_flashes;
};

} // namespace throughline
