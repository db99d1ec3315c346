// SPDX-License-Identifier: GPL-3.0-or-later
#include "generator/rowchooser.h"

#include <algorithm>
#include <cmath>

namespace throughline {

namespace {

/// Multiplying by a prime that does not divide the number of rows only puts them in another order, in which
/// neighbours lie far apart.
constexpr quint64 scatteringPrime = 2'654'435'761;

size_t scattered(size_t rank, size_t domain)
{
    return static_cast<size_t>(static_cast<quint64>(rank) * scatteringPrime % domain);
}

size_t anyOf(size_t from, size_t to, std::mt19937_64 &random)
{
    return std::uniform_int_distribution<size_t>(from, to - 1)(random);
}

} // namespace

RowChooser::RowChooser(const RowChoice &choice)
    : m_choice(choice)
    , m_zipf(choice.exponent, 1)
{
}

size_t RowChooser::next(size_t size, std::mt19937_64 &random)
{
    switch (m_choice.kind) {
    case RowChoice::Kind::Uniform:
        return anyOf(0, size, random);
    case RowChoice::Kind::Sequential:
        m_cursor = m_cursor < size ? m_cursor : 0;
        return m_cursor++;
    case RowChoice::Kind::Zipf:
    case RowChoice::Kind::HotSet:
    case RowChoice::Kind::Latest:
        break;
    }
    fit(size);
    for (;;) {
        const size_t drawn = rank(random);
        if (m_choice.kind == RowChoice::Kind::Latest && drawn < size)
            return size - 1 - drawn;
        const size_t position = scattered(drawn, m_domain);
        if (m_choice.kind != RowChoice::Kind::Latest && position < size)
            return position;
    }
}

/// With another order for every size, each row that is added would make other rows the most wanted ones.
void RowChooser::fit(size_t size)
{
    if (size <= m_domain + m_domain / 10 && size + m_domain / 10 >= m_domain && m_domain > 0)
        return;
    m_domain = size;
    m_zipf = Zipf(m_choice.exponent, m_domain);
}

/// From 0, the most wanted one.
size_t RowChooser::rank(std::mt19937_64 &random) const
{
    return m_choice.kind == RowChoice::Kind::HotSet ? hotOrCold(random) : static_cast<size_t>(m_zipf(random) - 1);
}

size_t RowChooser::hotOrCold(std::mt19937_64 &random) const
{
    const auto share = static_cast<size_t>(std::ceil(m_choice.hotRows * static_cast<double>(m_domain)));
    const size_t hot = std::clamp<size_t>(share, 1, m_domain);
    const bool isHot = std::uniform_real_distribution<double>(0, 1)(random) < m_choice.hotWrites;
    return isHot || hot == m_domain ? anyOf(0, hot, random) : anyOf(hot, m_domain, random);
}

} // namespace throughline
