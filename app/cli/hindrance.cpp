// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/hindrance.h"

#include "cli/outcometext.h"

#include <QCoreApplication>

#include <utility>

namespace throughline::cli {

bool Hindrance::update(const std::optional<StoreError> &error, Console &console)
{
    if (std::exchange(m_isThere, error.has_value()) == error.has_value())
        return false;
    console.message(error ? errorSentence(*error)
                          : QCoreApplication::translate("Hindrance", "The stores answer again."));
    return true;
}

} // namespace throughline::cli
