"""What a long or a fast run does to the producer itself: how late it is, and what the garbage collector takes."""

import re
from datetime import datetime

from .. import fleet
from ..processes import Failure
from ..window import Receiver, measure
from ..wire import message_bytes
from . import GIGABYTES, MESSAGES, RESIDENT, Column, Contender, Section
from .ceiling import drained_producer

RATE_HZ = 10_000
SIZE_BYTES = 1 << 10
ALONE_SECONDS = 10
END_SECONDS = 30
_LATENESS = re.compile(r"lateness\s.* P50 ([\d.]+) ms, P99 ([\d.]+) ms")
WAITS = ("sleep", "hybrid", "spin")
LONG_SECONDS = 60
PAUSE_LIMIT_MS = 1.0
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%f%z"
_PAUSE = re.compile(r"^\[([^]]+)\].* Pause .* ([\d.]+)ms$")


def lateness(bench):
    return Section(
        name="lateness",
        title="Lateness at 10,000/s of 1 KiB",
        about="How long after its moment a message was sent, for each way to wait (`--wait`): of `freshet producer` alone, to a drain, so that it has a core for "
        "itself; and of the producer of `freshet run --agents 1`, beside a consumer that answers and the coordinator. The machine itself is a loop in C that "
        "spins for each moment and sends nothing: nobody can be less late.",
        contenders=([Contender("the machine itself", lambda size: _machine(bench))] if bench.tools.peer else [])
        + ([Contender(f"alone, --wait {wait}", lambda size, wait=wait: _late_alone(bench, wait)) for wait in WAITS] if bench.tools.peer else [])
        + [Contender(f"run, --wait {wait}", lambda size, wait=wait: _late_in_a_run(bench, wait)) for wait in WAITS],
        columns=[
            MESSAGES,
            Column("p50 us", "p50_us", 0),
            Column("p99 us", "p99_us", 0),
            Column("p99.9 us", "p999_us", 0),
            Column("max us", "max_us", 0),
            Column("producer CPU, cores", "producer_cores", 2),
        ],
    )


def _machine(bench):
    seconds = max(ALONE_SECONDS, bench.options.seconds)
    loop = bench.children.start("tick", [bench.tools.peer, "tick", RATE_HZ, seconds])
    try:
        loop.wait(seconds + END_SECONDS)
    finally:
        bench.children.end(loop)
    said = Receiver(loop).end_words()
    return {name: said[name] for name in ("p50_us", "p99_us", "p999_us", "max_us")}


def _late_alone(bench, wait):
    """It has no warm-up: it must go on for long enough that its first moments are less than the hundredth part."""
    options = ["-r", RATE_HZ, "-s", SIZE_BYTES, "--wait", wait, "-t", max(ALONE_SECONDS, bench.options.seconds)]
    producer, drain = drained_producer(bench, "producer alone", options)
    try:
        window = measure(producer, Receiver(drain), bench.options.warmup, bench.options.seconds)
        producer.wait(ALONE_SECONDS + bench.options.seconds + END_SECONDS)
    finally:
        bench.children.end(producer, drain)
    said = next((match for match in map(_LATENESS.match, producer.lines) if match), None)
    if said is None:
        raise Failure(f"the producer did not say how late it was: {producer.last_words()}")
    return {
        "msg_per_s": window["bytes"] / message_bytes(5, SIZE_BYTES) / window["seconds"],  # nearly all have numbers of five digits
        "p50_us": float(said.group(1)) * 1000,
        "p99_us": float(said.group(2)) * 1000,
        "producer_cores": window["publisher_cpu_s"] / window["seconds"],
    }


def _late_in_a_run(bench, wait):
    plan = ["--agents", 1, "--rate", f"{RATE_HZ}/s", "--size", f"{SIZE_BYTES}B", "--wait", wait]
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
