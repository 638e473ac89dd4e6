"""Measuring a publisher and a receiver over a window of time, after a warm-up, while both go on."""

import bisect
import re
import time

from .processes import Failure, cpu_seconds, resident_peak_bytes

FIRST_MESSAGE_SECONDS = 30
TOLD_SECONDS = 5
_POINT = re.compile(r"at=([\d.]+) messages=(\d+) bytes=(\d+)")
_END = re.compile(r"end (.*)")


class Receiver:
    """A receiver that tells, again and again, what it has so far: ``at=<monotonic seconds> messages=<n> bytes=<n>``."""

    def __init__(self, child):
        self.child = child

    def first_at(self):
        """When it had its first messages."""
        return self.child.wait_for_line(lambda line: _POINT.match(line), FIRST_MESSAGE_SECONDS, "a message").group(1)

    def at(self, moment):
        """Messages and bytes at a moment, between two that it told."""
        told = lambda line: (match := _POINT.match(line)) and float(match.group(1)) >= moment
        self.child.wait_for_line(told, TOLD_SECONDS, "another word of what it has received")
        points = [tuple(map(float, match.groups())) for match in map(_POINT.match, list(self.child.lines)) if match]
        after = bisect.bisect_left(points, (moment,))
        if after == 0:
            return points[0][1:]
        (t0, messages0, bytes0), (t1, messages1, bytes1) = points[after - 1], points[after]
        share = (moment - t0) / (t1 - t0)
        return messages0 + share * (messages1 - messages0), bytes0 + share * (bytes1 - bytes0)

    def end_words(self):
        """What it said last, after it was ended."""
        match = _END.match(self.child.lines[-1]) if self.child.lines else None
        if match is None:
            raise Failure(f"{self.child.name} did not say what it had received: {self.child.last_words()}")
        return {key: int(value) for key, value in (word.split("=") for word in match.group(1).split())}


def sleep_until(moment):
    while (left := moment - time.monotonic()) > 0:
        time.sleep(left)


def measure(publisher, receiver, warmup, seconds):
    """What went from one to the other in the window: messages, bytes, seconds, processor time of both, memory of the publisher."""
    sleep_until(float(receiver.first_at()) + warmup)
    begin, cpu_begin = time.monotonic(), _cpu(publisher, receiver.child)
    sleep_until(begin + seconds)
    end, cpu_end = time.monotonic(), _cpu(publisher, receiver.child)
    resident = resident_peak_bytes(publisher.pid)
    publisher.require_alive()
    messages0, bytes0 = receiver.at(begin)
    messages1, bytes1 = receiver.at(end)
    if bytes1 <= bytes0:
        raise Failure(f"{publisher.name}: nothing was received during the measurement")
    return {
        "seconds": end - begin,
        "messages": messages1 - messages0,
        "bytes": bytes1 - bytes0,
        "bytes_before": bytes0,
        "publisher_cpu_s": cpu_end[0] - cpu_begin[0],
        "receiver_cpu_s": cpu_end[1] - cpu_begin[1],
        "resident_bytes": resident,
    }


def _cpu(*children):
    for child in children:
        child.require_alive()
    return [cpu_seconds(child.pid) or 0.0 for child in children]
