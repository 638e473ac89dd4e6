"""The publisher's own ceiling: what it can give to a subscriber that takes bytes at almost no cost."""

import re

from ..processes import Failure, free_port
from ..window import Receiver, measure
from ..wire import messages_in
from . import CPU_PER_GB, GIGABYTES, MESSAGES, RESIDENT, Column, Contender, Ratio, Section

BIND_SECONDS = 30
LONG_SECONDS = 600  # a producer that is ended when it has been measured
ENGINES = ("jeromq", "direct")


def section(bench):
    contenders = [Contender("libzmq", lambda size: _bare(bench, "libzmq", peer_publisher(bench, size), size))]
    for engine in ENGINES:
        contenders.append(Contender(engine, lambda size, engine=engine: _bare(bench, engine, bench.tools.engine(engine, size), size)))
    for engine in ENGINES:
        contenders.append(Contender(f"producer, {engine}", lambda size, engine=engine: _producer(bench, engine, size)))
    return Section(
        name="ceiling",
        title="Publisher ceiling",
        about="One publisher, one subscriber that discards what it gets in the kernel, no answers. libzmq is the C peer; jeromq and direct are Freshet's "
        "publishers alone; producer is the whole of `freshet producer -r max`. Processor time and memory are the publisher's.",
        contenders=contenders if bench.tools.peer else [],
        columns=[MESSAGES, GIGABYTES, CPU_PER_GB, Column("CPU s/M msg", "cpu_s_per_million", 2), RESIDENT],
        ratios=[Ratio("x libzmq", "msg_per_s", "libzmq"), Ratio("x jeromq", "msg_per_s", "jeromq"), Ratio("CPU x libzmq", "cpu_s_per_gb", "libzmq")],
        sized=True,
    )


def peer_publisher(bench, size):
    return [bench.tools.peer, "pub", 0, size]


def bound_port(publisher):
    """The port that a publisher says it has bound."""
    return publisher.wait_for_line(lambda line: re.match(r"port=(\d+)", line), BIND_SECONDS, "its port").group(1)


def _bare(bench, name, command, size):
    publisher = bench.children.start(f"{name} publisher", command)
    drain = bench.children.start("drain", [bench.tools.peer, "drain", bound_port(publisher)])
    return _measure(bench, publisher, drain, size)


def _producer(bench, engine, size):
    command = ["-r", "max", "--engine", engine, "-t", LONG_SECONDS, "-s", size]
    return _measure(bench, *drained_producer(bench, f"producer {engine}", command), size)


def drained_producer(bench, name, options):
    """Starts ``freshet producer`` with these options, and a drain that says ``start`` to it. Returns both."""
    command = [bench.tools.freshet, "producer", *options, "-data-port", 0, "-control-port", 0, "-viz-port", free_port(), "-output", bench.work]
    producer = bench.children.start(name, command, heeds_input=False)
    data = producer.wait_for_line(lambda line: re.match(r"publishing on \S*:(\d+)", line), BIND_SECONDS, "its data port").group(1)
    start = producer.wait_for_line(lambda line: re.match(r"waiting for 'start' on \S*:(\d+)", line), BIND_SECONDS, "its start port").group(1)
    return producer, bench.children.start("drain", [bench.tools.peer, "drain", data, "--start", start])


def _measure(bench, publisher, drain, size):
    """The drain knows bytes only; the messages follow from them."""
    try:
        window = measure(publisher, Receiver(drain), bench.options.warmup, bench.options.seconds)
    finally:
        bench.children.end(publisher, drain)
    before = window["bytes_before"]
    messages = messages_in(before + window["bytes"], size) - messages_in(before, size)
    if messages <= 0:
        raise Failure(f"{publisher.name}: no message was drained")
    gigabytes = messages * size / 1e9
    return {
        "msg_per_s": messages / window["seconds"],
        "gb_per_s": gigabytes / window["seconds"],
        "cpu_s_per_gb": window["publisher_cpu_s"] / gigabytes,
        "cpu_s_per_million": window["publisher_cpu_s"] / messages * 1e6,
        "resident_mb": window["resident_bytes"] / 1e6,
    }
