"""Whole fleets on this machine: flat out beside iperf3, of several sizes, and paced beside a pair written in Go."""

from .. import fleet, iperf
from ..processes import Failure, free_port
from ..window import Receiver, measure
from . import CPU_PER_GB, GIGABYTES, MESSAGES, RESIDENT, Column, Contender, Ratio, Section

IPERF3 = "iperf3, 4 streams"
GO = "Go pair"
PACED_HZ = 1000
PACED_BYTES = 1 << 20
BIND_SECONDS = 30
GO_UNANSWERED = 2 * 1000 + PACED_HZ  # libzmq's queues of the data sockets, and a second for the end: these stay without an answer
AGENTS = (1, 2, 4, 8)
ALL_CPU = Column("with coordinator", "cpu_s_per_gb", 2)
AGENTS_CPU = Column("CPU s/GB, agents", "agents_cpu_s_per_gb", 2)


def _flat_out(bench, agents):
    return fleet.run(bench, f"fleet of {agents}", ["--agents", agents, "--rate", "max"], bench.options.seconds).figures


def default_fleet(bench):
    contenders = [Contender("default fleet, unpaced", lambda size: _flat_out(bench, 4))]
    if bench.tools.iperf3:
        contenders.append(Contender(IPERF3, lambda size: iperf.run(bench, "iperf3", 4, bench.options.seconds)))
    return Section(
        name="fleet",
        title="The default fleet against four TCP streams",
        about="`freshet run --rate max`: 4 producers, a consumer that answers, 1 MiB.",
        contenders=contenders,
        columns=[MESSAGES, GIGABYTES, CPU_PER_GB, RESIDENT],
        ratios=[Ratio("x iperf3", "gb_per_s", IPERF3)],
    )


def sizes_of_fleet(bench):
    return Section(
        name="agents",
        title="Fleets of several sizes",
        about="`freshet run --agents N --rate max`: N producers, a consumer that answers, 1 MiB.",
        contenders=[Contender(f"{n} producer{'s' if n > 1 else ''}", lambda size, n=n: _flat_out(bench, n)) for n in AGENTS],
        columns=[MESSAGES, GIGABYTES, CPU_PER_GB, RESIDENT],
    )


def paced(bench):
    plan = ["--rate", f"{PACED_HZ}/s", "--size", f"{PACED_BYTES}B"]
    contenders = [Contender("default fleet", lambda size: fleet.run(bench, "paced fleet", plan, bench.options.seconds).figures)]
    if bench.tools.go:
        contenders.append(Contender(GO, lambda size: _go_pair(bench)))
    return Section(
        name="paced",
        title="1.05 GB/s, paced",
        about="1000 messages of 1 MiB a second, answered. The fleet has 4 producers, a consumer and a coordinator; the pair written in Go is one producer and "
        "one consumer on libzmq, which speak the same contract. Processor time is that of all processes.",
        contenders=contenders,
        columns=[MESSAGES, GIGABYTES, AGENTS_CPU, CPU_PER_GB, RESIDENT],
        ratios=[Ratio("CPU x Go pair", "cpu_s_per_gb", GO)],
    )


def _go_pair(bench):
    data, viz, control = free_port(), free_port(), free_port()
    producer = bench.children.start("go producer", [bench.tools.go, "producer", data, viz, control, PACED_HZ, PACED_BYTES])
    producer.wait_for_line(lambda line: line.startswith("ready"), BIND_SECONDS, "its ports to be bound")
    consumer = bench.children.start("go consumer", [bench.tools.go, "consumer", data, viz, control])
    receiver = Receiver(consumer)
    try:
        window = measure(producer, receiver, bench.options.warmup, bench.options.seconds)
    finally:
        bench.children.end(consumer, producer)
    end = Receiver(producer).end_words()
    if end["sent"] - end["answered"] > GO_UNANSWERED:
        raise Failure(f"the Go pair: of {end['sent']} messages {end['answered']} were answered")
    hertz = window["messages"] / window["seconds"]
    if hertz < 0.9 * PACED_HZ:
        raise Failure(f"the Go pair does not keep up on this machine: {hertz:.0f} of {PACED_HZ} messages a second")
    gigabytes = window["bytes"] / 1e9
    used = (window["publisher_cpu_s"] + window["receiver_cpu_s"]) / gigabytes
    return {
        "msg_per_s": hertz,
        "gb_per_s": gigabytes / window["seconds"],
        "cpu_s_per_gb": used,
        "agents_cpu_s_per_gb": used,
        "resident_mb": window["resident_bytes"] / 1e6,
    }
