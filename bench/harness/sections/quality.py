"""What a long or a fast run does to the producer itself: how late it is, and what the garbage collector takes."""

import re
from datetime import datetime

from .. import fleet
from ..processes import Failure
from . import GIGABYTES, MESSAGES, RESIDENT, Column, Contender, Section

WAITS = ("sleep", "hybrid", "spin")
LONG_SECONDS = 60
PAUSE_LIMIT_MS = 1.0
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%f%z"
_PAUSE = re.compile(r"^\[([^]]+)\].* Pause .* ([\d.]+)ms$")


def lateness(bench):
    return Section(
        name="lateness",
        title="Lateness at 10,000/s of 1 KiB",
        about="How long after its moment a message was sent, one producer, a consumer that answers. The rows are the ways to wait (`--wait`).",
        contenders=[Contender(f"--wait {wait}", lambda size, wait=wait: _late(bench, wait)) for wait in WAITS],
        columns=[
            MESSAGES,
            Column("p50 us", "p50_us", 0),
            Column("p99 us", "p99_us", 0),
            Column("p99.9 us", "p999_us", 0),
            Column("max us", "max_us", 0),
            Column("producer CPU, cores", "producer_cores", 2),
        ],
    )


def _late(bench, wait):
    plan = ["--agents", 1, "--rate", "10000/s", "--size", "1KiB", "--wait", wait]
    done = fleet.run(bench, f"wait {wait}", plan, bench.options.seconds)
    late = done.summary["latency"]["lateness"]
    times = {name: late[name] for name in ("p50_us", "p99_us", "p999_us", "max_us")}
    return dict(done.figures, **times, producer_cores=done.summary["agents"][0]["cpu_share"])


def long_run(bench):
    seconds = LONG_SECONDS if not bench.options.quick else bench.options.seconds
    return Section(
        name="pauses",
        title="Garbage collection and memory at 1.05 GB/s",
        about="`freshet run` at its default load, for longer, once. Pauses are those of all agents from the start on, as Java logs them; memory is the largest agent's.",
        contenders=[Contender("default fleet", lambda size: _pauses(bench, seconds))],
        columns=[
            Column("s measured", "measured_s", 0),
            GIGABYTES,
            Column("pauses", "pauses", 0),
            Column("of these above 1 ms", "long_pauses", 0),
            Column("longest ms", "longest_ms", 2),
            RESIDENT,
        ],
        once=True,
    )


def _pauses(bench, seconds):
    logs = bench.work / "gc"
    logs.mkdir(exist_ok=True)
    for old in logs.iterdir():
        old.unlink()
    environment = {"FRESHET_JVM": f"-Xlog:gc:file={logs}/%p.log:utctime"}
    done = fleet.run(bench, "long run", [], seconds, environment=environment)
    agents = [log for log in logs.iterdir() if log.stem != str(done.coordinator_pid)]
    if len(agents) != len(done.summary["agents"]):
        raise Failure(f"{len(agents)} agents of {len(done.summary['agents'])} left a log of their garbage collection")
    pauses = [pause for log in agents for pause in _logged_pauses(log, done.t0())]
    long_ones = sum(pause > PAUSE_LIMIT_MS for pause in pauses)
    return dict(done.figures, measured_s=seconds, pauses=len(pauses), long_pauses=long_ones, longest_ms=max(pauses, default=0.0))


def _logged_pauses(log, since):
    """Milliseconds of each pause from a moment on: what a process does before its run begins delays nothing."""
    found = map(_PAUSE.match, log.read_text(encoding="utf-8", errors="replace").splitlines())
    return [float(pause.group(2)) for pause in found if pause and datetime.strptime(pause.group(1), TIME_FORMAT).timestamp() >= since]
