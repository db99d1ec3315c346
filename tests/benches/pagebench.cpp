// SPDX-License-Identifier: GPL-3.0-or-later
// One page of the grid as the engine reads it, in turns: the first one, and one at a random depth.
// Usage: pagebench SECONDS USERS; one JSON object on stdout.
#include "benchstores.h"
#include "engine/rowreader.h"

#include <QCoreApplication>

#include <random>

using namespace throughline;
using namespace Qt::StringLiterals;

namespace {

constexpr int warmUp = 50; ///< of each: plans are made, and kept from the sixth time on

PageRequest requestOf(int page, int pageSize)
{
    const auto key = [pageSize](int number) { return RowKey{QByteArray::number(number * pageSize + 1)}; };
    return {page, key(page), key(page + 1)};
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const auto time = milliseconds(static_cast<qint64>(arguments.value(1, u"2"_s).toDouble() * 1000));
    const auto stores = BenchStores::fromEnvironment();
    if (!stores.error.isEmpty())
        return cannotMeasure(stores.error);
    const int pageSize = stores.settings.pageSize;
    const int pages = arguments.value(2, u"10000"_s).toInt() / pageSize;
    RowReader reader(stores.mapping, stores.settings, nullptr);
    if (const auto open = reader.postgres().ensure(); !open)
        return cannotMeasure(open.error().message);

    std::mt19937 random(7);
    std::vector<nanoseconds> first, anywhere;
    qint64 failures = 0;
    const auto read = [&](int page, std::vector<nanoseconds> *times) {
        const Instant start = Clock::now();
        const auto rows = reader.page({}, requestOf(page, pageSize));
        if (times)
            times->push_back(Clock::now() - start);
        failures += !rows || std::ssize(*rows) != pageSize;
    };
    Instant end = Instant::max();
    for (int turn = 0; Clock::now() < end; ++turn) {
        if (turn == warmUp)
            end = Clock::now() + time;
        read(0, turn < warmUp ? nullptr : &first);
        read(std::uniform_int_distribution(0, pages - 1)(random), turn < warmUp ? nullptr : &anywhere);
    }
    printFigures({{u"first_us"_s, medianUs(first)},
                  {u"anywhere_us"_s, medianUs(anywhere)},
                  {u"pages"_s, static_cast<qint64>(anywhere.size())},
                  {u"failures"_s, failures}});
    return 0;
}
