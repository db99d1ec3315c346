// SPDX-License-Identifier: GPL-3.0-or-later
// Starts the window as the program does, and says when its first rows were painted and what memory it takes then.
// Usage: windowbench START: nanoseconds of the monotonic clock when the caller started it; one JSON object on stdout.
#include "benchstores.h"
#include "config/configloader.h"
#include "ui/control/windowcontroller.h"
#include "ui/models/rowroles.h"
#include "ui/panes/gridview.h"
#include "ui/theme.h"

#include <QApplication>
#include <QFile>
#include <QProcessEnvironment>
#include <QTimer>

using namespace throughline;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr milliseconds patience{60'000};
constexpr milliseconds settling{2'000}; ///< the index of the table has been read, and what starting took is given back

/// Emits painted() after the first paint of the grid that had rows to show.
class FirstRows final : public QObject
{
    Q_OBJECT

public:
    explicit FirstRows(QApplication &app) { app.installEventFilter(this); }

Q_SIGNALS:
    void painted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && !m_told && showsRows(watched)) {
            m_told = true;
            QTimer::singleShot(0, this, &FirstRows::painted);
        }
        return false;
    }

private:
    [[nodiscard]] static bool showsRows(const QObject *viewport)
    {
        const auto *view = qobject_cast<const GridView *>(viewport->parent());
        return view && view->viewport() == viewport && view->model() && view->model()->rowCount() > 0 &&
               view->model()->index(0, 0).data(LoadedRole).toBool();
    }

    bool m_told = false;
};

/// Of this process, as /proc/self/status has it.
qint64 residentKilobytes()
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.simplified().split(' ').value(1).toLongLong();
    }
    return 0;
}

double millisecondsSince(qint64 start)
{
    return static_cast<double>(Clock::now().time_since_epoch().count() - start) / 1e6;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    QApplication::setApplicationName(u"throughline"_s);
    QApplication::setQuitOnLastWindowClosed(false);
    const qint64 start = QCoreApplication::arguments().value(1).toLongLong();
    const auto config = ConfigLoader({}, QProcessEnvironment::systemEnvironment()).load();
    if (!config)
        return cannotMeasure(config.error().message);
    Theme theme(app);
    WindowController controller(*config, theme);
    FirstRows first(app);
    QObject::connect(&controller, &WindowController::closed, &app, [] { QApplication::exit(0); });
    QObject::connect(&first, &FirstRows::painted, &app, [&] {
        const double shown = millisecondsSince(start);
        QTimer::singleShot(settling, &app, [&controller, shown] {
            printFigures({{u"first_rows_ms"_s, shown}, {u"resident_kb"_s, residentKilobytes()}});
            controller.window().close();
        });
    });
    QTimer::singleShot(patience, &app, [] { QApplication::exit(1); });
    controller.start();
    return QApplication::exec();
}

#include "windowbench.moc"
