// SPDX-License-Identifier: GPL-3.0-or-later
#include "messaging/messagevalue.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonValue>

#include <optional>

namespace throughline::messagevalue {

using namespace Qt::StringLiterals;

namespace {

struct Words
{
    Q_DECLARE_TR_FUNCTIONS(MessageValue)
};

tl::unexpected<QString> noScalar()
{
    return tl::unexpected(Words::tr("The value of a field must be a string, a number, true, false or null."));
}

/// Any JSON text, which QJsonDocument takes only within an array; none when it is not exactly one.
std::optional<QJsonValue> valueOf(const QByteArray &json)
{
    const QJsonArray array = QJsonDocument::fromJson('[' + json + ']').array();
    return array.size() == 1 ? std::optional(array.first()) : std::nullopt;
}

/// Goes over a text that is known to be a JSON object and gives its parts as they are written.
class Members final
{
public:
    explicit Members(const QByteArray &object)
        : m_text(object)
        , m_at(object.indexOf('{') + 1)
    {
    }

    /// The next name or scalar; empty at the end, and for a `{` or `[`.
    QByteArray next()
    {
        while (m_at < m_text.size() && QByteArrayView(" \t\r\n,:").contains(m_text[m_at]))
            ++m_at;
        const qsizetype start = m_at;
        if (m_at < m_text.size() && m_text[m_at] == '"')
            skipString();
        else
            while (m_at < m_text.size() && !QByteArrayView(" \t\r\n,:{}[]").contains(m_text[m_at]))
                ++m_at;
        return m_text.mid(start, m_at - start);
    }

private:
    void skipString()
    {
        for (++m_at; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
            if (m_text[m_at] == '\\')
                ++m_at;
        }
        ++m_at;
    }

    QByteArray m_text;
    qsizetype m_at;
};

tl::expected<Value, QString> scalarOf(const QByteArray &written)
{
    const auto value = written.isEmpty() ? std::nullopt : valueOf(written);
    if (!value)
        return noScalar();
    if (value->isNull())
        return std::nullopt;
    if (!value->isString())
        return written;
    const QByteArray text = value->toString().toUtf8();
    if (text.contains('\0'))
        return tl::unexpected(Words::tr("A text may not hold the character 0."));
    return text;
}

} // namespace

tl::expected<std::vector<NamedValue>, QString> parse(const QByteArray &json)
{
    const auto whole = valueOf(json);
    if (!whole)
        return tl::unexpected(Words::tr("The value is no JSON."));
    if (whole->isDouble())
        return std::vector{NamedValue(u"score"_s, json.trimmed())};
    if (!whole->isObject())
        return tl::unexpected(Words::tr("The value must be a number or an object."));
    std::vector<NamedValue> named;
    Members members(json);
    for (QByteArray name = members.next(); !name.isEmpty(); name = members.next()) {
        const auto value = scalarOf(members.next());
        if (!value)
            return tl::unexpected(value.error());
        named.emplace_back(valueOf(name).value_or(QJsonValue()).toString(), *value);
    }
    return named;
}

} // namespace throughline::messagevalue
