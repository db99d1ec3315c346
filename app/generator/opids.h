// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/strongids.h"

namespace throughline {

/// Names for many operations: random as a whole, and counted up within. A random one for each would cost more than all
/// else that is done for an operation here.
class OpIds final
{
public:
    [[nodiscard]] OpId next() noexcept
    {
        QUuid uuid = m_base;
        const quint64 number = m_given++;
        for (int i = 0; i < 5; ++i)
            uuid.data4[3 + i] = static_cast<uchar>(number >> (8 * (4 - i)));
        return {uuid};
    }

private:
    QUuid m_base = QUuid::createUuid();
    quint64 m_given = 0;
};

} // namespace throughline
