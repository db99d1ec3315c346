// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/storestate.h"

#include <QDeadlineTimer>
#include <QLatin1StringView>
#include <QWidget>

class QPushButton;

namespace throughline {

class ElidingLabel;
class SignLabel;

/// One store in the status bar: icon, name, sign and round trip; or why it is away and when it is tried again.
class StoreStatus final : public QWidget
{
    Q_OBJECT

public:
    StoreStatus(QLatin1StringView icon, const QString &name, QWidget *parent = nullptr);

    void setHealth(const StoreHealth &health);
    /// Narrow windows leave out the round trip.
    void setCompact(bool compact);
    /// Counts down to the next try; called once a second.
    void tick();

Q_SIGNALS:
    void retryRequested();

private:
    void present();
    [[nodiscard]] QString words() const;

    QString m_name;
    StoreHealth m_health;
    QDeadlineTimer m_nextTry;
    ElidingLabel *m_title;
    SignLabel *m_sign;
    ElidingLabel *m_details;
    QPushButton *m_retry;
    bool m_compact = false;
};

} // namespace throughline
