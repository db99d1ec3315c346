// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/loadverifier.h"

namespace throughline {

void verifyTouched(const Mapping &mapping, const EngineSettings &settings, const std::vector<KeyPool> &pools,
                   const Interrupt *interrupt, const std::function<void(qint64)> &progress, LoadReport &report)
{
    std::vector<RowKey> touched;
    for (const KeyPool &pool : pools)
        pool.appendTouched(touched);
    VerifyOptions options;
    options.progress = [&](const VerifyReport &soFar) { progress(soFar.rows); };
    const VerifyReport found = Verifier(mapping, settings, options, interrupt).verify(touched);
    report.keysVerified = found.rows - found.unsettled;
    report.keysDiffering = found.differing;
    report.keysNotCached = found.notCached;
    if (found.error)
        report.error = found.error;
}

} // namespace throughline
