// SPDX-License-Identifier: GPL-3.0-or-later
#include "directed.h"
#include "faulthook.h"
#include "faultrun.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <random>

using namespace throughline;
using namespace throughline::faults;
using namespace Qt::StringLiterals;

namespace {

struct Arguments
{
    RunOptions run;
    QByteArray directed;
    QByteArray mutation;
    QString mistake;
};

Arguments parse(const QCoreApplication &app)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Runs Throughline's engine under faults and checks what everybody was told."_s);
    parser.addHelpOption();
    parser.addOptions({{u"minutes"_s, u"How long."_s, u"N"_s},
                       {u"seconds"_s, u"The same."_s, u"N"_s},
                       {u"seed"_s, u"Of everything that is drawn."_s, u"S"_s},
                       {u"mutation"_s, u"Switches a deliberate bug on."_s, u"NAME"_s},
                       {u"directed"_s, u"Only the short schedule of this name."_s, u"NAME"_s},
                       {u"keep"_s, u"Where to leave the history of the last round."_s, u"DIR"_s}});
    parser.process(app);
    Arguments arguments;
    const int seconds = parser.value(u"minutes"_s).toInt() * 60 + parser.value(u"seconds"_s).toInt();
    arguments.run.duration = std::chrono::seconds(seconds > 0 ? seconds : 60);
    arguments.run.seed = parser.isSet(u"seed"_s) ? parser.value(u"seed"_s).toULongLong() : std::random_device()();
    arguments.run.mutation = parser.value(u"mutation"_s);
    arguments.run.keep = parser.value(u"keep"_s);
    arguments.directed = parser.value(u"directed"_s).toUtf8();
    arguments.mutation = arguments.run.mutation.toUtf8();
    if (!arguments.mutation.isEmpty() && !mutationNamed(arguments.mutation))
        arguments.mistake = u"There is no mutation %1. There are %2."_s.arg(
            arguments.run.mutation, QString::fromLatin1(mutationNames().join(", ")));
    return arguments;
}

int report(const Tally &tally, quint64 seed)
{
    tally.print(seed);
    return tally.clean() ? 0 : 1;
}

int runDirected(const Arguments &arguments)
{
    const auto &all = directedSchedules();
    const auto schedule =
        std::ranges::find_if(all, [&](const Directed &each) { return arguments.directed == each.name; });
    if (schedule == all.end()) {
        std::fprintf(stderr, "There is no schedule %s.\n", arguments.directed.constData());
        return 2;
    }
    Tally tally = schedule->run();
    if (arguments.mutation.isEmpty())
        return report(tally, 0);
    const bool found = std::ranges::any_of(tally.violations, [&](const QString &sentence) {
        return schedule->rules.contains(sentence.section(u':', 0, 0).toUtf8());
    });
    // Any other failure is not what this is about.
    return found ? report(tally, 0) : (report(tally, 0), 3);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    const Arguments arguments = parse(app);
    if (!arguments.mistake.isEmpty()) {
        std::fprintf(stderr, "%s\n", qPrintable(arguments.mistake));
        return 2;
    }
    setMutation(mutationNamed(arguments.mutation));
    if (!arguments.directed.isEmpty())
        return runDirected(arguments);
    return report(FaultRun(arguments.run).execute(), arguments.run.seed);
}
