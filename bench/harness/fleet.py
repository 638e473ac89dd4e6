"""A whole run of ``freshet run``: what its summary says, and what all its processes used."""

import json
import shutil
import threading
import time
from datetime import datetime
from typing import NamedTuple

from .processes import Failure, cpu_seconds, descendants, resident_peak_bytes

WARMUP_SECONDS = 2
OVERHEAD_SECONDS = 180  # starting, draining, collecting and merging, on a slow machine
SAMPLE_SECONDS = 0.2


class Usage:
    """Samples what a process and its descendants use, until it is closed."""

    def __init__(self, pid):
        self._pid = pid
        self._samples = []  # (seconds since the epoch, {pid: processor seconds})
        self._peaks = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="usage", daemon=True)
        self._thread.start()

    def _sample(self):
        used = {}
        turns = 0
        while not self._over.is_set():
            if turns % 5 == 0:
                pids = descendants(self._pid)
            turns += 1
            for pid in pids:
                seconds = cpu_seconds(pid)
                if seconds is not None:
                    used[pid] = seconds
                peak = resident_peak_bytes(pid)
                if peak is not None:
                    self._peaks[pid] = peak
            self._samples.append((time.time(), dict(used)))
            self._over.wait(SAMPLE_SECONDS)

    def close(self):
        self._over.set()
        self._thread.join()

    def _at(self, moment, pid):
        before = None
        for at, used in self._samples:
            seconds = used.get(pid, 0.0)
            if at >= moment:
                if before is None:
                    return seconds
                share = (moment - before[0]) / (at - before[0])
                return before[1] + share * (seconds - before[1])
            before = (at, seconds)
        return before[1]

    def between(self, begin, end):
        """Processor seconds of the agents, and of the coordinator."""
        used = {pid: self._at(end, pid) - self._at(begin, pid) for pid in self._peaks}
        coordinator = used.pop(self._pid, 0.0)
        return sum(used.values()), coordinator

    def largest_agent_bytes(self):
        return max((peak for pid, peak in self._peaks.items() if pid != self._pid), default=None)


class Done(NamedTuple):
    """A run that is over: its summary.json, the figures that all fleets have, and what the id of its coordinator was."""

    summary: dict
    figures: dict
    coordinator_pid: int

    def t0(self):
        """When sending began, warm-up included; seconds since the epoch."""
        return t0(self.summary)


def t0(summary):
    return datetime.fromisoformat(summary["run"]["t0"].replace("Z", "+00:00")).timestamp()


def run(bench, name, plan, seconds, environment=None):
    """Runs a plan, given as options, for so many measured seconds."""
    out = bench.work / f"run-{time.monotonic_ns()}"
    command = [bench.tools.freshet, "run", "--json", "--no-page", "--out", out, "--warmup", f"{WARMUP_SECONDS}s", "--duration", f"{seconds}s", *plan]
    child = bench.children.start(name, command, environment=environment, heeds_input=False)
    usage = Usage(child.pid)
    try:
        code = child.wait(WARMUP_SECONDS + seconds + OVERHEAD_SECONDS)
        summary = _summary(out, child, code)
    finally:
        usage.close()
        bench.children.end(child)
        shutil.rmtree(out, ignore_errors=True)
    return Done(summary, _figures(summary, usage), child.pid)


def _summary(out, child, code):
    found = list(out.glob("*/summary.json"))
    if code not in (0, 4) or not found:  # 4: the measurement is INVALID, which the figures then say
        raise Failure(f"{child.name} ended with exit code {code}: {child.last_words()}")
    summary = json.loads(found[0].read_text())
    if not summary["ledger"]["balanced"]:
        raise Failure(f"{child.name}: the books do not balance: {summary['ledger']}")
    return summary


def _figures(summary, usage):
    achieved = summary["achieved"]
    begin = t0(summary) + WARMUP_SECONDS
    agents, coordinator = usage.between(begin, begin + achieved["duration_s"])
    gigabytes = achieved["bytes_per_s"] * achieved["duration_s"] / 1e9
    if gigabytes == 0:
        raise Failure("the fleet achieved nothing: " + "; ".join(summary["verdict"]["reasons"]))
    return {
        "msg_per_s": achieved["rate_hz"],
        "gb_per_s": achieved["bytes_per_s"] / 1e9,
        "cpu_s_per_gb": (agents + coordinator) / gigabytes,
        "agents_cpu_s_per_gb": agents / gigabytes,
        "resident_mb": usage.largest_agent_bytes() / 1e6,
        "lost": summary["ledger"]["lost"],
        "skipped": summary["ledger"]["skipped"],
        "verdict": summary["verdict"]["status"],
    }
