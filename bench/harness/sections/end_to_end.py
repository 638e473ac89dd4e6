"""From a publisher to a subscriber that takes every message into its own memory, beside what TCP itself carries."""

from .. import fleet, iperf
from ..processes import Failure
from ..window import Receiver, measure
from . import CPU_PER_GB, GIGABYTES, MESSAGES, Contender, Ratio, Section
from .ceiling import ENGINES, bound_port, peer_publisher

LIBZMQ = "libzmq to libzmq"
IPERF3 = "iperf3, 1 stream"
LARGE_WRITES = 1 << 20


def section(bench):
    contenders = []
    if bench.tools.iperf3:
        contenders.append(Contender(IPERF3, lambda size: iperf.run(bench, "iperf3", 1, bench.options.seconds)))
        contenders.append(
            Contender(
                "iperf3, 1 stream, 1 MiB writes",
                lambda size: iperf.run(bench, "iperf3", 1, bench.options.seconds, LARGE_WRITES),
                fits=lambda size: size >= LARGE_WRITES,
            )
        )
    if bench.tools.peer:
        contenders.append(Contender(LIBZMQ, lambda size: _to_libzmq(bench, "libzmq", peer_publisher(bench, size), size)))
        contenders.append(Contender("direct to libzmq", lambda size: _to_libzmq(bench, "direct", bench.tools.engine("direct", size), size)))
    for engine in ENGINES:
        contenders.append(Contender(f"{engine} to our consumer, answered", lambda size, engine=engine: _answered(bench, engine, size)))
    return Section(
        name="end-to-end",
        title="End to end",
        about="One publisher, one subscriber. The libzmq subscriber is the C peer, checks every header and does not answer. Our consumer is an agent of "
        "`freshet run --agents 1 --rate max`, which answers every message; the producer matches, times and records every answer. "
        "Processor time is that of both ends (with the coordinator's, where there is one).",
        contenders=contenders,
        columns=[MESSAGES, GIGABYTES, CPU_PER_GB],
        ratios=[Ratio("x libzmq to libzmq", "gb_per_s", LIBZMQ), Ratio("x iperf3", "gb_per_s", IPERF3)],
        sized=True,
    )


def _to_libzmq(bench, name, command, size):
    publisher = bench.children.start(f"{name} publisher", command)
    subscriber = bench.children.start("libzmq subscriber", [bench.tools.peer, "sub", bound_port(publisher)])
    receiver = Receiver(subscriber)
    try:
        window = measure(publisher, receiver, bench.options.warmup, bench.options.seconds)
    finally:
        bench.children.end(publisher, subscriber)
    end = receiver.end_words()
    if end["malformed"] or end["missing"] or end["disordered"]:
        raise Failure(f"{name} to libzmq, {size} B: {end}")
    gigabytes = window["bytes"] / 1e9
    return {
        "msg_per_s": window["messages"] / window["seconds"],
        "gb_per_s": gigabytes / window["seconds"],
        "cpu_s_per_gb": (window["publisher_cpu_s"] + window["receiver_cpu_s"]) / gigabytes,
    }


def _answered(bench, engine, size):
    plan = ["--agents", 1, "--rate", "max", "--size", f"{size}B", "--engine", engine]
    return fleet.run(bench, f"one {engine} producer", plan, bench.options.seconds).figures
