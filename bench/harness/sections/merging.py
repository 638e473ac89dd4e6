"""How fast the agents' measurement files become one, when the run is over."""

import os
import re
import shutil

from ..processes import Failure
from . import Column, Contender, Section

MAIN = "dev.freshet.coordinator.results.merge.MergeMain"
ROWS = 50_000_000
QUICK_ROWS = 1_000_000
HEAP = "-Xmx256m"
ROW_BYTES = 250  # in and out, on the disk at the same time
LEAST_ROWS_PER_SECOND = 50_000
_DONE = re.compile(r"(\d+) rows, (\d+) dropped, ([\d.]+) s, .* heap (\d+) MiB at most, temporary files (\d+) MiB at most")


def section(bench):
    return Section(
        name="merge",
        title="Merging measurements",
        about=f"50 million generated rows of 4 agents, on one core, with {HEAP}.",
        contenders=[Contender("4 agents", lambda size: _merge(bench))],
        columns=[
            Column("M rows", "million_rows", 0),
            Column("M rows/s", "million_rows_per_s", 2),
            Column("heap MiB", "heap_mib", 0),
            Column("temporary files MiB", "temporary_mib", 0),
        ],
        once=True,
    )


def _merge(bench):
    rows = QUICK_ROWS if bench.options.quick else ROWS
    free = shutil.disk_usage(bench.work).free
    if free < rows * ROW_BYTES:
        raise Failure(f"merging {rows} rows needs {rows * ROW_BYTES >> 30} GiB of disk, and {bench.work} has {free >> 30} GiB")
    pinned = ["taskset", "-c", min(os.sched_getaffinity(0))] if shutil.which("taskset") else []
    command = [*pinned, bench.tools.java, HEAP, "-XX:+UseSerialGC", "-cp", f"{bench.tools.bench_classes}/*", MAIN, bench.work, rows]
    child = bench.children.start("merge", command, heeds_input=False)
    try:
        code = child.wait(60 + 2 * rows / LEAST_ROWS_PER_SECOND)
    finally:
        bench.children.end(child)
    match = _DONE.match(child.lines[-1]) if child.lines else None
    if code != 0 or match is None:
        raise Failure(f"merging ended with exit code {code}: {child.last_words()}")
    merged, dropped, seconds = int(match.group(1)), int(match.group(2)), float(match.group(3))
    if merged != rows or dropped:
        raise Failure(f"of {rows} rows {merged} were merged and {dropped} dropped")
    return {
        "million_rows": rows / 1e6,
        "million_rows_per_s": rows / seconds / 1e6,
        "heap_mib": int(match.group(4)),
        "temporary_mib": int(match.group(5)),
    }
