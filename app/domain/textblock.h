// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/value.h"

#include <QByteArrayView>

#include <vector>

namespace throughline {

/// Many short texts or NULLs in one block: a million of them cost two allocations and not a million. A value.
class TextBlock final
{
public:
    void reserve(size_t count, qsizetype bytes)
    {
        m_ends.reserve(count);
        m_text.reserve(bytes);
    }
    void add(QByteArrayView text)
    {
        m_text.append(text);
        m_ends.push_back({static_cast<quint32>(m_text.size()), false});
    }
    void addNull() { m_ends.push_back({static_cast<quint32>(m_text.size()), true}); }
    void addValue(const Value &value) { value ? add(QByteArrayView(*value)) : addNull(); }
    void clear() noexcept
    {
        m_text.resize(0);
        m_ends.clear();
    }

    [[nodiscard]] size_t size() const noexcept { return m_ends.size(); }
    [[nodiscard]] bool isNull(size_t index) const noexcept { return m_ends[index].null; }
    /// Empty for NULL.
    [[nodiscard]] QByteArrayView at(size_t index) const noexcept
    {
        const quint32 begin = index == 0 ? 0 : m_ends[index - 1].at;
        return QByteArrayView(m_text).sliced(begin, m_ends[index].at - begin);
    }
    [[nodiscard]] Value value(size_t index) const
    {
        return isNull(index) ? std::nullopt : Value(at(index).toByteArray());
    }

private:
    struct End
    {
        quint32 at;
        bool null;
    };
    QByteArray m_text;
    std::vector<End> m_ends;
};

} // namespace throughline
