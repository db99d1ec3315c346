// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchstores.h"

#include "engine/rowreader.h"
#include "stores/postgres/pgschema.h"

#include <QJsonDocument>
#include <QTextStream>

#include <algorithm>
#include <random>

namespace throughline {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

BenchStores BenchStores::fromEnvironment()
{
    BenchStores stores;
    stores.settings.conninfo = qEnvironmentVariable("THROUGHLINE_PG");
    stores.settings.applicationName = u"throughline-bench"_s;
    const auto redis = RedisUrl::parse(qEnvironmentVariable("THROUGHLINE_REDIS"));
    if (!redis) {
        stores.error = redis.error().message;
        return stores;
    }
    stores.settings.redis = *redis;
    PgConnection connection({stores.settings.conninfo, stores.settings.applicationName}, nullptr);
    if (const auto open = connection.open(); !open) {
        stores.error = open.error().message;
        return stores;
    }
    const auto table = PgSchema(connection).inspect(MappingConfig::users());
    if (!table)
        stores.error = table.error().message;
    else if (!table->usable() || table->preparation != Preparation::Complete)
        stores.error = u"The table users is not prepared."_s;
    else
        stores.mapping = table->mapping;
    return stores;
}

std::vector<BenchRow> chooseRows(const BenchStores &stores, int users, int count)
{
    std::mt19937 random(17);
    std::vector<int> numbers;
    for (int i = 0; i < count; ++i)
        numbers.push_back(std::uniform_int_distribution(1, users)(random));
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    std::vector<RowKey> keys;
    for (const int number : numbers)
        keys.push_back({QByteArray::number(number)});
    RowReader reader(stores.mapping, stores.settings, nullptr);
    std::vector<BenchRow> chosen;
    if (!reader.postgres().ensure())
        return chosen;
    if (const auto rows = reader.postgres().rows().rows(keys, Clock::now() + 30s)) {
        for (const Row &row : *rows)
            chosen.push_back({row.key, row.version});
    }
    return chosen;
}

double medianUs(std::vector<nanoseconds> times)
{
    if (times.empty())
        return 0;
    const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
    std::ranges::nth_element(times, middle);
    return std::chrono::duration<double, std::micro>(*middle).count();
}

void printFigures(const QJsonObject &figures)
{
    QTextStream(stdout) << QJsonDocument(figures).toJson(QJsonDocument::Compact) << '\n';
}

int cannotMeasure(const QString &reason)
{
    QTextStream(stderr) << reason << '\n';
    return 1;
}

} // namespace throughline
