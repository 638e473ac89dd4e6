"""The command line of bench/run."""

import argparse
import datetime
import json
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from . import glance, goals, tables
from .processes import Children, Failure
from .results import ENVIRONMENT, LINES, Results
from .sections import ceiling, end_to_end, fleets, merging, micro, quality
from .sizes import SIZES, parse_size, size_name
from .tools import ROOT, Tools, Unusable, environment

SECTIONS = {
    "ceiling": ceiling.section,
    "end-to-end": end_to_end.section,
    "fleet": fleets.default_fleet,
    "paced": fleets.paced,
    "lateness": quality.lateness,
    "agents": fleets.sizes_of_fleet,
    "pauses": quality.long_run,
    "merge": merging.section,
    "micro": micro.section,
}
TABLES = "tables.md"
EXIT_DONE, EXIT_FAILURES, EXIT_UNUSABLE, EXIT_INTERRUPTED = 0, 1, 2, 130


class Bench:
    """What sections need to measure: tools, children, options, a directory for what is left behind and one for what is not."""

    def __init__(self, options, tools, children, work):
        self.options = options
        self.tools = tools
        self.children = children
        self.work = work


def parser():
    made = argparse.ArgumentParser(
        prog="bench/run",
        description="Measures Freshet beside its peers on this machine, over loopback: all take turns, round after round, and what is shown are medians "
        "over the rounds with the least and the most.",
        epilog=f"Sections: {', '.join(SECTIONS)}. docs/performance.md says what each figure means. Nothing else should be running meanwhile.",
    )
    made.add_argument("sections", nargs="*", metavar="SECTION", help="what to measure (default: all)")
    made.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each is measured (default: 5)")
    made.add_argument("--seconds", type=int, default=3, metavar="S", help="how long each measurement takes (default: 3)")
    made.add_argument("--warmup", type=int, default=2, metavar="S", help="before it, for peers and us alike (default: 2)")
    made.add_argument("--sizes", default=",".join(map(str, SIZES)), metavar="SIZE,...", help="payloads (default: 100B,1KiB,16KiB,1MiB,10MiB)")
    made.add_argument("--quick", action="store_true", help="one round, three sizes, short measurements: to see that all of it works")
    made.add_argument("--out", type=Path, metavar="DIR", help="where results.jsonl, tables and logs are left (default: target/bench/<UTC time>)")
    made.add_argument("--tables", type=Path, metavar="DIR", help="measures nothing, makes the tables of a directory again")
    made.add_argument("--no-build", action="store_true", help="takes Freshet as it was built last")
    return made


def read_options(words):
    made = parser()
    options = made.parse_args(words)
    for name in options.sections:
        if name not in SECTIONS:
            made.error(f"SECTION: '{name}' is none of {', '.join(SECTIONS)}")
    for name in ("rounds", "seconds", "warmup"):
        if getattr(options, name) < 1:
            made.error(f"--{name}: {getattr(options, name)} is not from 1")
    try:
        options.sizes = [parse_size(size) for size in options.sizes.split(",")]
    except ValueError as e:
        made.error(f"--sizes: {e}")
    if options.quick:
        options.rounds, options.seconds, options.warmup = 1, 1, 1
        options.sizes = options.sizes[::2]
    return options


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def main(words):
    options = read_options(words)
    if options.tables:
        return show(options.tables, None)
    # a hang-up or a kill ends the children as Ctrl-C does
    for how in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(how, signal.default_int_handler)
    out = options.out.absolute() if options.out else ROOT / "target" / "bench" / datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    try:
        return measure_all(options, out)
    except Unusable as e:
        say(str(e))
        return EXIT_UNUSABLE
    except KeyboardInterrupt:
        say(f"interrupted; what was measured is in {out}")
        return EXIT_INTERRUPTED


def measure_all(options, out):
    if (out / LINES).exists():
        raise Unusable(f"--out: {out} has measurements already")
    (out / "logs").mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="work-", dir=out))
    try:
        tools = Tools(out / "peers", say, build=not options.no_build)
        asked = {name: getattr(options, name) for name in ("rounds", "seconds", "warmup")}
        (out / ENVIRONMENT).write_text(json.dumps(dict(environment(), **asked), indent=1) + "\n", encoding="utf-8")
        results = Results(out)
        with Children(out / "logs") as children:
            bench = Bench(options, tools, children, work)
            begin = time.monotonic()
            for name in options.sections or SECTIONS:
                measure_section(bench, SECTIONS[name](bench), results)
        say(f"took {(time.monotonic() - begin) / 60:.1f} minutes; results in {out}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return show(out, results)


def measure_section(bench, section, results):
    """Round after round; in every other one the contenders come in the opposite order, so that none always follows the same one."""
    rounds = 1 if section.once else bench.options.rounds
    for round_ in range(1, rounds + 1):
        for size in bench.options.sizes if section.sized else [None]:
            turns = [contender for contender in section.contenders if contender.fits(size)]
            for contender in turns if round_ % 2 else reversed(turns):
                measure_one(bench, section, round_, size, contender, results)


def measure_one(bench, section, round_, size, contender, results):
    where = f"{section.name}, round {round_}" + (f", {size_name(size)}" if size else "") + f", {contender.name}"
    facts = dict(section=section.name, round=round_, size=size, contender=contender.name, at=time.time())
    try:
        figures = contender.measure(size)
    except Failure as e:
        bench.children.end_all()
        say(f"{where}: FAILED: {e}")
        results.add(**facts, failure=str(e))
        return
    results.add(**facts, figures=figures)
    say(f"{where}: " + ", ".join(f"{column.heading} {tables.number(figures[column.figure], column.digits)}" for column in section.columns if column.figure in figures))


def show(out, results):
    """Prints the tables of a directory and leaves them there as Markdown."""
    results = results or Results(out)
    if not results.lines:
        say(f"{out}: nothing was measured")
        return EXIT_UNUSABLE
    bench = Bench(read_options([]), _NoTools(), None, None)
    markdown = [about(out)]
    for make in SECTIONS.values():
        section = make(bench)
        heading, table = tables.rows(results, section)
        if table:
            print(f"\n{section.title}\n{tables.plain(heading, table)}")
            markdown.append(f"### {section.title}\n\n{section.about}\n\n{tables.markdown(heading, table)}")
    for title, (heading, table) in (("At a glance", glance.rows(results)), ("Goals", goals.rows(results))):
        if table:
            print(f"\n{title}\n{tables.plain(heading, table)}")
            markdown.append(f"### {title}\n\n{tables.markdown(heading, table)}")
    (out / TABLES).write_text("\n\n".join(markdown) + "\n", encoding="utf-8")
    print(f"\nThe same as Markdown: {out / TABLES}")
    for line in results.failures():
        say(f"FAILED: {line['section']}, round {line['round']}, {line['contender']}: {line['failure']}")
    return EXIT_FAILURES if results.failures() else EXIT_DONE


class _NoTools:
    """Where nothing is measured every tool may be thought to be there."""

    def __getattr__(self, name):
        return name


def about(out):
    """One sentence with machine, versions and date."""
    known = json.loads((out / ENVIRONMENT).read_text(encoding="utf-8"))
    versions = ", ".join(f"{name} {known[key]}" for name, key in (("JDK", "java"), ("libzmq", "libzmq"), ("iperf3", "iperf3"), ("Go", "go")) if known.get(key))
    changed = ", with changes" if known["changed"] else ""
    return (
        f"{known['date']}, {known['cores']} cores ({known['processor']}), {known['memory_gib']} GiB, Linux {known['kernel']}, loopback; {versions}; "
        f"commit {known['commit']}{changed}. Medians of {known['rounds']} alternating rounds of {known['seconds']} s after {known['warmup']} s of warm-up, "
        f"with the least and the most."
    )
