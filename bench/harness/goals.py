"""What Freshet is meant to reach, held against what was measured."""

from typing import NamedTuple, Optional

KIB, MIB = 1 << 10, 1 << 20


class Goal(NamedTuple):
    """A median that is to be at least, or at most, a limit; with a reference it is the ratio to it, each round by itself."""

    what: str
    section: str
    size: Optional[int]
    contender: str
    figure: str
    limit: float
    at_most: bool = False
    reference: Optional[str] = None

    def measured(self, results):
        """Median, least and most; None if it was not measured."""
        if self.reference:
            return results.ratio(self.section, self.size, self.contender, self.reference, self.figure)
        return results.spread(self.section, self.size, self.contender, self.figure)

    def is_met(self, median):
        return median <= self.limit if self.at_most else median >= self.limit


def _ceiling(size, name, limit, reference="libzmq", figure="msg_per_s", at_most=False):
    what = "processor time per GB" if figure == "cpu_s_per_gb" else "ceiling"
    return Goal(f"{what} at {name}, of {reference}", "ceiling", size, "direct", figure, limit, at_most, reference)


OURS = "direct to our consumer, answered"
FLEET = "default fleet"
GOALS = [
    _ceiling(100, "100 B", 4),
    _ceiling(KIB, "1 KiB", 4),
    _ceiling(16 * KIB, "16 KiB", 2),
    _ceiling(MIB, "1 MiB", 1),
    _ceiling(10 * MIB, "10 MiB", 1),
    _ceiling(MIB, "1 MiB", 1.3, "jeromq"),
    _ceiling(10 * MIB, "10 MiB", 1.3, "jeromq"),
    _ceiling(MIB, "1 MiB", 1, figure="cpu_s_per_gb", at_most=True),
    Goal("end to end with our consumer at 1 MiB, of iperf3", "end-to-end", MIB, OURS, "gb_per_s", 0.9, reference="iperf3, 1 stream"),
    Goal("end to end with our consumer at 1 MiB, of libzmq to libzmq", "end-to-end", MIB, OURS, "gb_per_s", 1, reference="libzmq to libzmq"),
    Goal("default fleet unpaced, of iperf3 with 4 streams", "fleet", None, "default fleet, unpaced", "gb_per_s", 0.85, reference="iperf3, 4 streams"),
    Goal("paced fleet's processor time per GB, of the Go pair's", "paced", None, FLEET, "cpu_s_per_gb", 0.5, True, "Go pair"),
    Goal("lateness p99 at 10,000/s, on an idle core, us", "lateness", None, "alone, --wait hybrid", "p99_us", 100, True),
    Goal("largest agent of a long run, MB resident", "pauses", None, FLEET, "resident_mb", 150, True),
    Goal("largest agent of an unpaced fleet, MB resident", "fleet", None, "default fleet, unpaced", "resident_mb", 150, True),
    Goal("merging, M rows/s on one core", "merge", None, "4 agents", "million_rows_per_s", 1),
    Goal("pauses above 1 ms in a long run", "pauses", None, FLEET, "long_pauses", 0, True),
]


def rows(results):
    """Heading and rows of the table of goals, those that were measured."""
    table = []
    for goal in GOALS:
        spread = goal.measured(results)
        if spread is not None:
            limit = f"{'at most' if goal.at_most else 'at least'} {goal.limit:g}"
            median, least, most = spread
            table.append([goal.what, limit, f"{median:.2f} ({least:.2f} to {most:.2f})", "met" if goal.is_met(median) else "missed"])
    return ["goal", "wanted", "median (range)", ""], table
