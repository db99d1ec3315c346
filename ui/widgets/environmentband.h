// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "domain/safety.h"

#include <QWidget>

namespace throughline {

/// The strip under the toolbar that says that this is production, or that nothing can be written. Cannot be closed;
/// hidden in development.
class EnvironmentBand final : public QWidget
{
    Q_OBJECT

public:
    explicit EnvironmentBand(QWidget *parent = nullptr);

    /// `stores` names both servers: "shop at db1.example.net and cache1.example.net".
    void setEnvironment(Environment environment, const QString &stores);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] QString title() const;
    [[nodiscard]] QString consequence() const;

    Environment m_environment = Environment::Development;
    QString m_stores;
};

} // namespace throughline
