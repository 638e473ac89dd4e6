"""The short table: Freshet beside the peer that somebody could take instead, one line for each question."""

from typing import NamedTuple, Optional

from .goals import FLEET, MIB, OURS
from .sizes import SIZES, size_name


class Line(NamedTuple):
    """A figure of a peer and ours, and how it is shown: divided by ``unit_size`` and with its unit."""

    what: str
    section: str
    size: Optional[int]
    peer: str
    ours: str
    figure: str
    unit: str
    unit_size: float = 1.0
    digits: int = 2


def _ceiling(size):
    return Line(f"publisher alone, {size_name(size)}", "ceiling", size, "libzmq", "direct", "gb_per_s", "GB/s")


def _small_ceiling(size):
    return Line(f"publisher alone, {size_name(size)}", "ceiling", size, "libzmq", "direct", "msg_per_s", "M msg/s", 1e6)


LINES = [
    *[(_small_ceiling if size < 16 << 10 else _ceiling)(size) for size in SIZES],
    Line("processor time of the publisher, 1 MiB", "ceiling", MIB, "libzmq", "direct", "cpu_s_per_gb", "s/GB"),
    Line("end to end, answered, 1 MiB", "end-to-end", MIB, "libzmq to libzmq", OURS, "gb_per_s", "GB/s"),
    Line("end to end, answered, 1 MiB", "end-to-end", MIB, "iperf3, 1 stream", OURS, "gb_per_s", "GB/s"),
    Line("4 producers and a consumer, flat out, 1 MiB", "fleet", None, "iperf3, 4 streams", "default fleet, unpaced", "gb_per_s", "GB/s"),
    Line("processor time of all, paced at 1.05 GB/s", "paced", None, "Go pair", FLEET, "cpu_s_per_gb", "s/GB"),
]


def rows(results):
    """Heading and rows, of what was measured: medians, and the median and range of the rounds' ratios."""
    table = []
    for line in LINES:
        ratio = results.ratio(line.section, line.size, line.ours, line.peer, line.figure)
        if ratio is not None:
            peer, ours = (_median(results, line, contender) for contender in (line.peer, line.ours))
            table.append([line.what, f"{line.peer}: {peer}", ours, "{:.2f} ({:.2f} to {:.2f})".format(*ratio)])
    return ["", "peer", "Freshet", "ratio"], table


def _median(results, line, contender):
    median = results.spread(line.section, line.size, contender, line.figure)[0]
    return f"{median / line.unit_size:.{line.digits}f} {line.unit}"
