// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

/// Which folders of app/ a folder may include besides itself.
const QHash<QString, QSet<QString>> &allowed()
{
    static const QSet<QString> upToEngine{u"base"_s, u"domain"_s, u"stores"_s, u"engine"_s};
    static const QSet<QString> upToSession = upToEngine + QSet<QString>{u"generator"_s, u"messaging"_s, u"transfer"_s,
                                                                        u"sandbox"_s,   u"config"_s,    u"session"_s};
    static const QHash<QString, QSet<QString>> table{
        {u"base"_s, {}},
        {u"domain"_s, {u"base"_s}},
        {u"stores"_s, {u"base"_s, u"domain"_s}},
        {u"engine"_s, {u"base"_s, u"domain"_s, u"stores"_s}},
        {u"generator"_s, upToEngine + QSet<QString>{u"config"_s, u"messaging"_s}},
        {u"messaging"_s, upToEngine},
        {u"transfer"_s, upToEngine},
        {u"sandbox"_s, {u"base"_s, u"domain"_s}},
        {u"config"_s, {u"base"_s, u"domain"_s}},
        {u"session"_s, upToSession - QSet<QString>{u"session"_s}},
        {u"cli"_s, upToSession},
    };
    return table;
}

/// A window's header, by module (`<QtWidgets/...>`) or by class. Qt Core's own classes are not in the list.
bool isGuiHeader(const QString &header)
{
    static const QRegularExpression modules(u"^Qt(Gui|Widgets|Svg|SvgWidgets|PrintSupport|OpenGL|DBus)/"_s);
    static const QRegularExpression classes(
        u"^Q(Widget|Application|GuiApplication|Window|MainWindow|Dialog|MessageBox|Action|Icon|Pixmap|Image|Painter|"
        "Color|Font|FontMetrics|Palette|Cursor|KeySequence|Clipboard|Screen|Style|Layout|Label|PushButton|LineEdit|"
        "TableView|TreeView|Menu|ToolBar|DockWidget|UndoStack|UndoCommand|StandardItemModel|TextDocument|Validator|"
        "Brush|Pen|Transform|Theme|Svg[A-Za-z]*|[A-Za-z]+Event)$"_s);
    static const QSet<QString> ofCore{u"QEvent"_s, u"QTimerEvent"_s, u"QChildEvent"_s,
                                      u"QDynamicPropertyChangeEvent"_s};
    return modules.match(header).hasMatch() || (classes.match(header).hasMatch() && !ofCore.contains(header));
}

/// What is wrong with one include of a file below `root`, or empty.
QString mistakeIn(const QString &file, const QString &header)
{
    const QString top = file.section('/'_L1, 0, 0);
    const QString folder = top == "app"_L1 ? file.section('/'_L1, 1, 1) : QString();
    const QString target = header.section('/'_L1, 0, 0);
    if (top == "ui"_L1)
        return target == "stores"_L1 ? u"%1 is of the window and includes %2"_s.arg(file, header) : QString();
    if (isGuiHeader(header) || target == "ui"_L1)
        return u"%1 is headless and includes %2"_s.arg(file, header);
    if (!allowed().contains(folder))
        return u"%1 is in a folder without a rule"_s.arg(file);
    if (!allowed().contains(target) || target == folder || allowed().value(folder).contains(target))
        return {};
    return u"%1 may not include %2"_s.arg(file, header);
}

QStringList mistakesBelow(const QString &root)
{
    static const QRegularExpression include(u"^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"_s,
                                            QRegularExpression::MultilineOption);
    QStringList mistakes;
    for (const QString &top : {u"/app"_s, u"/ui"_s}) {
        QDirIterator files(root + top, {u"*.h"_s, u"*.cpp"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly))
                continue;
            const QString name = QDir(root).relativeFilePath(file.fileName());
            auto found = include.globalMatch(QString::fromUtf8(file.readAll()));
            while (found.hasNext()) {
                if (const QString mistake = mistakeIn(name, found.next().captured(1)); !mistake.isEmpty())
                    mistakes << mistake;
            }
        }
    }
    return mistakes;
}

} // namespace

/// The directions of includes, as ARCHITECTURE.md draws them.
class TestLayers final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theSourcesKeepThem();
    void findsASeededMistake_data();
    void findsASeededMistake();
    void acceptsWhatIsAllowed_data();
    void acceptsWhatIsAllowed();
};

void TestLayers::theSourcesKeepThem()
{
    QVERIFY(QFile::exists(QStringLiteral(SOURCE_DIR) + "/app/base/result.h"_L1));
    const QStringList mistakes = mistakesBelow(QStringLiteral(SOURCE_DIR));
    QVERIFY2(mistakes.isEmpty(), qPrintable(mistakes.join('\n'_L1)));
}

namespace {

QStringList mistakesOfOneFile(const QString &name, const QString &line)
{
    const QTemporaryDir root;
    const QString path = root.filePath(name);
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return {u"the test's file cannot be written"_s};
    file.write("#pragma once\n" + line.toUtf8() + '\n');
    file.close();
    return mistakesBelow(root.path());
}

void rows(std::initializer_list<std::pair<const char *, const char *>> each)
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("line");
    for (const auto &[file, line] : each)
        QTest::addRow("%s: %s", file, line) << QString::fromLatin1(file) << QString::fromLatin1(line);
}

} // namespace

void TestLayers::findsASeededMistake_data()
{
    rows({
        {"app/base/x.h", "#include \"domain/value.h\""},
        {"app/domain/x.h", "#include \"stores/redis/rowcache.h\""},
        {"app/stores/redis/x.cpp", "#include \"engine/writeplan.h\""},
        {"app/engine/x.h", "#include \"generator/pacer.h\""},
        {"app/engine/x.h", "#include \"session/session.h\""},
        {"app/generator/x.h", "#include \"transfer/importer.h\""},
        {"app/messaging/x.h", "#include \"generator/pacer.h\""},
        {"app/transfer/x.h", "#include \"session/session.h\""},
        {"app/sandbox/x.h", "#include \"stores/postgres/pgconnection.h\""},
        {"app/sandbox/x.h", "#include \"config/appconfig.h\""},
        {"app/config/x.h", "#include \"sandbox/sandbox.h\""},
        {"app/session/x.h", "#include \"cli/console.h\""},
        {"app/session/x.h", "#include \"ui/mainwindow.h\""},
        {"app/cli/x.cpp", "#include <QApplication>"},
        {"app/base/x.h", "#include <QIcon>"},
        {"app/domain/x.h", "#include <QtGui/QColor>"},
        {"app/engine/x.h", "  #  include <QtWidgets/QLabel>"},
        {"app/config/x.h", "#include <QMouseEvent>"},
        {"app/elsewhere/x.h", "#include <QString>"},
        {"ui/models/x.h", "#include \"stores/redis/rowcache.h\""},
    });
}

void TestLayers::findsASeededMistake()
{
    QFETCH(const QString, file);
    QFETCH(const QString, line);
    QCOMPARE(mistakesOfOneFile(file, line).size(), 1);
}

void TestLayers::acceptsWhatIsAllowed_data()
{
    rows({
        {"app/base/x.cpp", "#include \"base/result.h\""},
        {"app/base/x.cpp", "#include <QString>"},
        {"app/base/x.cpp", "#include <QEvent>"},
        {"app/engine/x.h", "#include \"stores/redis/rowcache.h\""},
        {"app/generator/x.h", "#include \"engine/writeplan.h\""},
        {"app/generator/x.h", "#include \"messaging/messageapplier.h\""},
        {"app/generator/x.h", "#include \"config/inifile.h\""},
        {"app/sandbox/x.h", "#include \"domain/redisurl.h\""},
        {"app/session/x.h", "#include \"sandbox/sandbox.h\""},
        {"app/cli/x.h", "#include \"session/session.h\""},
        {"ui/x.h", "#include <QLabel>"},
        {"ui/x.h", "#include \"engine/storeservice.h\""},
    });
}

void TestLayers::acceptsWhatIsAllowed()
{
    QFETCH(const QString, file);
    QFETCH(const QString, line);
    QCOMPARE(mistakesOfOneFile(file, line), QStringList());
}

QTEST_GUILESS_MAIN(TestLayers)
#include "tst_layers.moc"
