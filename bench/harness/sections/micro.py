"""Micro-benchmarks (JMH) of what is done for each message, one process each and round."""

import json

from ..processes import Failure
from . import Column, Contender, Section

JMH = "org.openjdk.jmh.Main"
LIST_SECONDS = 30
RUN_SECONDS = 120
BASE = "dev.freshet."


def section(bench):
    return Section(
        name="micro",
        title="Micro-benchmarks",
        about="JMH, one thread, a fresh process for each round; for `FileMergeBenchmark` an operation is a row.",
        contenders=[Contender(name, lambda size, name=name: _measure(bench, name)) for name in _benchmarks(bench)],
        columns=[Column("ns/op", "ns_per_op", 1), Column("B/op allocated", "bytes_per_op", 1)],
    )


def _command(bench, *words):
    return [bench.tools.java, "-XX:+UseSerialGC", "-Xmx512m", "-cp", f"{bench.tools.bench_classes}/*", JMH, *words]


def _benchmarks(bench):
    """``Class.method`` of each with its parameters left out; none where nothing is measured."""
    if not bench.children:
        return []
    listing = bench.children.start("jmh list", _command(bench, "-l"), heeds_input=False)
    listing.wait(LIST_SECONDS)
    names = [".".join(line.strip().split(".")[-2:]) for line in listing.lines if line.startswith(BASE)]
    bench.children.end(listing)
    return names


def _measure(bench, name):
    out = bench.work / "jmh.json"
    how = ["-f", 1, "-wi", 2, "-w", 1, "-i", 2, "-r", 1, "-prof", "gc", "-foe", "true", "-rf", "json", "-rff", out]
    child = bench.children.start("jmh", _command(bench, rf"\.{name}$", *how), heeds_input=False)
    try:
        code = child.wait(RUN_SECONDS)
    finally:
        bench.children.end(child)
    if code != 0 or not out.exists():
        raise Failure(f"JMH ended with exit code {code}: {child.last_words()}")
    done = json.loads(out.read_text())[-1]  # of several parameters the last one
    allocated = next(value for key, value in done["secondaryMetrics"].items() if key.endswith("gc.alloc.rate.norm"))
    return {"ns_per_op": done["primaryMetric"]["score"], "bytes_per_op": allocated["score"]}
