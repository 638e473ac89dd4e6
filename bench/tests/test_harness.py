"""Tests of the harness: python3 -m unittest discover -s bench/tests -t bench"""

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from harness import goals, tables, wire
from harness.main import read_options
from harness.processes import Children, Failure
from harness.results import Results
from harness.sections import Column, Ratio, Section
from harness.tools import PEERS
from harness.window import Receiver, measure


class InDirectory(unittest.TestCase):
    def setUp(self):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        self.directory = Path(made.name)


class WireTest(unittest.TestCase):
    def test_messages_are_told_from_bytes_across_changes_of_digits(self):
        for size in (1, 100, 300):
            whole = sum(wire.message_bytes(len(str(seq)), size) for seq in range(1234))
            self.assertAlmostEqual(1234, wire.messages_in(whole, size), places=6)
            self.assertEqual(0, wire.messages_in(0, size))


class ResultsTest(InDirectory):
    def setUp(self):
        super().setUp()
        self.results = Results(self.directory)
        for round_, (ours, theirs) in enumerate([(4.0, 2.0), (9.0, 3.0), (5.0, 1.0)], 1):
            self.add(round_, "ours", ours)
            self.add(round_, "theirs", theirs)

    def add(self, round_, contender, value):
        self.results.add(section="s", round=round_, size=None, contender=contender, figures={"gb_per_s": value})

    def test_the_spread_is_median_least_and_most(self):
        self.assertEqual((5.0, 4.0, 9.0), self.results.spread("s", None, "ours", "gb_per_s"))

    def test_a_ratio_is_taken_within_each_round(self):
        self.assertEqual((3.0, 2.0, 5.0), self.results.ratio("s", None, "ours", "theirs", "gb_per_s"))

    def test_a_round_that_failed_counts_in_nothing(self):
        self.results.add(section="s", round=4, size=None, contender="ours", failure="it ended too early")
        self.assertEqual((5.0, 4.0, 9.0), self.results.spread("s", None, "ours", "gb_per_s"))
        self.assertEqual(1, len(self.results.failures()))

    def test_what_was_written_is_read_again(self):
        self.assertEqual(self.results.lines, Results(self.directory).lines)

    def test_a_table_shows_them_as_markdown(self):
        section = Section("s", "S", "", [], [Column("GB/s", "gb_per_s", 1), Column("us", "p99_us", 0)], [Ratio("x theirs", "gb_per_s", "theirs")])
        self.assertEqual(
            "|  | GB/s | us | x theirs |\n| --- | ---: | ---: | ---: |\n"
            "| ours | 5.0 (4.0 to 9.0) | - | 3.00 (2.00 to 5.00) |\n| theirs | 2.0 (1.0 to 3.0) | - | 1 |",
            tables.markdown(*tables.rows(self.results, section)),
        )

    def test_goals_that_were_not_measured_are_not_shown(self):
        self.assertEqual([], goals.rows(self.results)[1])
        self.results.add(section="lateness", round=1, size=None, contender="alone, --wait hybrid", figures={"p99_us": 120})
        self.assertEqual("missed", goals.rows(self.results)[1][0][-1])


class OptionsTest(unittest.TestCase):
    def test_a_section_that_there_is_not_is_refused(self):
        said = io.StringIO()
        with contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as refused:
            read_options(["nonsense"])
        self.assertEqual(2, refused.exception.code)
        self.assertIn("SECTION: 'nonsense' is none of ceiling, ", said.getvalue())


class ChildrenTest(InDirectory):
    def test_one_that_ends_too_early_is_named_with_its_last_words(self):
        with Children(self.directory) as children:
            child = children.start("early bird", ["sh", "-c", "echo no port for you >&2; exit 3"])
            with self.assertRaisesRegex(Failure, "early bird ended without its port: no port for you"):
                child.wait_for_line(lambda line: line, 10, "its port")

    def test_one_that_says_nothing_is_not_waited_for_long(self):
        with Children(self.directory) as children:
            child = children.start("silent", ["sleep", "60"], heeds_input=False)
            with self.assertRaisesRegex(Failure, "silent: waited 0.2 s for a word"):
                child.wait_for_line(lambda line: line, 0.2, "a word")

    def test_none_is_left_when_all_is_over(self):
        with Children(self.directory) as children:
            children.start("parent", ["sh", "-c", "sleep 60 & echo $!; wait"], heeds_input=False)
            child = children._alive[0]
            grandchild = int(child.wait_for_line(lambda line: line, 10, "a number"))
        self.assertIsNotNone(child.process.poll())
        deadline = time.monotonic() + 10
        while _runs(grandchild) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(_runs(grandchild))


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class PeerTest(InDirectory):
    """The C peer against itself."""

    def setUp(self):
        super().setUp()
        self.peer = self.directory / "peer"
        compiled = None
        if shutil.which("cc"):
            flags = ["-O2", "-Wall", "-Wextra", "-Werror", "-pthread"]
            compiled = subprocess.run(["cc", *flags, "-o", self.peer, PEERS / "peer.c", "-lzmq"], capture_output=True, text=True, check=False)
        if compiled is None or compiled.returncode != 0:
            why = "no C compiler" if compiled is None else compiled.stderr
            if os.environ.get("CI"):
                self.fail(f"the C peer cannot be built: {why}")
            print(f"SKIPPED: the C peer cannot be built: {why}")
            self.skipTest("the C peer cannot be built")

    def publisher(self, children, size):
        publisher = children.start("publisher", [self.peer, "pub", 0, size])
        return publisher, publisher.wait_for_line(lambda line: line.partition("port=")[2], 10, "its port")

    def test_what_is_drained_is_told_in_messages_to_the_last_byte(self):
        with Children(self.directory) as children:
            publisher, port = self.publisher(children, 300)
            drain = children.start("drain", [self.peer, "drain", port])
            Receiver(drain).first_at()
            self.assertEqual([0], children.end(publisher))
            self.assertEqual(0, drain.wait(10))
            sent = Receiver(publisher).end_words()["messages"]
            self.assertGreater(sent, 0)
            self.assertAlmostEqual(sent, wire.messages_in(Receiver(drain).end_words()["bytes"], 300), places=3)

    def test_a_window_is_measured_and_every_header_checked(self):
        with Children(self.directory) as children:
            publisher, port = self.publisher(children, 20000)
            subscriber = children.start("subscriber", [self.peer, "sub", port])
            window = measure(publisher, Receiver(subscriber), 0.1, 0.3)
            self.assertEqual([0, 0], children.end(publisher, subscriber))
            end = Receiver(subscriber).end_words()
        self.assertAlmostEqual(20000, window["bytes"] / window["messages"], places=3)
        self.assertAlmostEqual(0.3, window["seconds"], delta=0.2)
        self.assertGreater(window["publisher_cpu_s"], 0)
        self.assertEqual((0, 0), (end["malformed"], end["disordered"]))


if __name__ == "__main__":
    unittest.main()
