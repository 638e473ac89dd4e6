"""Processes that are measured: started in sessions of their own, each wait bounded, each ended by its id whatever happens."""

import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")
INPUT_SECONDS = 5
END_SECONDS = 10
KNOWN_PORTS = (20_000, 32_768)  # the system's own begin behind them: ip(7), ip_local_port_range
PORT_TRIES = 100


class Failure(Exception):
    """A measurement that did not come about; says in one line why."""


def free_port():
    """A TCP port of loopback that nobody has, below those that the system gives to sockets that ask for any: from there somebody may have it meanwhile."""
    for _ in range(PORT_TRIES):
        with socket.socket() as asked:
            try:
                asked.bind(("127.0.0.1", random.randrange(*KNOWN_PORTS)))
            except OSError:  # taken: another
                continue
            return asked.getsockname()[1]
    raise Failure(f"no free port in {PORT_TRIES} tries")


def cpu_seconds(pid):
    """Processor time that a process has used, threads that ended included; None if there is no such process any more."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_peak_bytes(pid):
    """The most memory that a process has had resident (VmHWM); None if there is no such process any more."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def descendants(pid):
    """The ids of a process and of all that descend from it."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", encoding="ascii", errors="replace") as file:
                    parents.setdefault(int(file.read().rsplit(")", 1)[1].split()[1]), []).append(int(name))
            except OSError:
                continue
    found = [pid]
    for known in found:
        found.extend(parents.get(known, []))
    return found


class Child:
    """One process, its standard output read line by line as it comes, its standard error in a log."""

    def __init__(self, name, command, log, environment=None, heeds_input=True):
        """``heeds_input``: it ends by itself when its standard input does; one that does not is sent a signal at once."""
        self.name = name
        self._heeds_input = heeds_input
        self.log = log
        self.lines = []
        self._changed = threading.Condition()
        self._ended = False
        # ends with us even if we are killed; it becomes the command itself, so the id stays
        guard = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        with open(log, "ab") as errors:
            errors.write(("$ " + " ".join(map(str, command)) + "\n").encode())
            errors.flush()
            self.process = subprocess.Popen(
                guard + [str(word) for word in command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(os.environ, **(environment or {})),
                start_new_session=True,
            )
        self.pid = self.process.pid
        self._reader = threading.Thread(target=self._read, name=f"reads {name}", daemon=True)
        self._reader.start()

    def _read(self):
        with self.process.stdout as said:
            for raw in said:
                with self._changed:
                    self.lines.append(raw.decode(errors="replace").rstrip("\n"))
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def wait_for_line(self, wanted, seconds, what):
        """The first line of which ``wanted`` makes something, and what it makes; Failure if none comes."""
        deadline = time.monotonic() + seconds
        seen = 0
        with self._changed:
            while True:
                while seen < len(self.lines):
                    made = wanted(self.lines[seen])
                    seen += 1
                    if made:
                        return made
                left = deadline - time.monotonic()
                if self._ended:
                    raise Failure(f"{self.name} ended without {what}: {self.last_words()}")
                if left <= 0:
                    raise Failure(f"{self.name}: waited {seconds:g} s for {what}")
                self._changed.wait(left)

    def wait(self, seconds):
        """Waits until it has ended by itself, and returns its exit code."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.name} had not ended after {seconds:g} s") from None
        self._reader.join(END_SECONDS)
        return code

    def require_alive(self):
        if self.process.poll() is not None:
            raise Failure(f"{self.name} ended too early, with exit code {self.process.returncode}: {self.last_words()}")

    def last_words(self):
        """The last line of its log, else of its output."""
        with open(self.log, encoding="utf-8", errors="replace") as file:
            said = [line.strip() for line in file if line.strip() and not line.startswith("\tat ")]
        if said and not said[-1].startswith("$ "):
            return said[-1]
        return self.lines[-1] if self.lines else "it said nothing"

    def end(self):
        """Tells it to end, by the end of its input, then by a signal, then by force. Returns its exit code."""
        try:
            self.process.stdin.close()
        except OSError:
            pass
        if not self._has_ended(INPUT_SECONDS if self._heeds_input else 0):
            self._signal(signal.SIGTERM)
            if not self._has_ended(END_SECONDS):
                self._signal(signal.SIGKILL)
                self._has_ended(END_SECONDS)
        self._signal(signal.SIGKILL)  # whoever is left of its session
        self._reader.join(END_SECONDS)
        return self.process.returncode

    def _has_ended(self, seconds):
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _signal(self, how):
        try:
            os.killpg(self.pid, how)
        except (ProcessLookupError, PermissionError):
            pass


class Children:
    """Starts processes and ends those that are left when it is closed."""

    def __init__(self, log_directory):
        self._log_directory = log_directory
        self._alive = []

    def start(self, name, command, **options):
        child = Child(name, command, self._log_directory / (name.replace(" ", "-") + ".log"), **options)
        self._alive.append(child)
        return child

    def end(self, *children):
        """Ends them in this order, and returns their exit codes."""
        codes = []
        for child in children:
            codes.append(child.end())
            self._alive.remove(child)
        return codes

    def end_all(self):
        for child in reversed(self._alive):
            child.end()
        self._alive.clear()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.end_all()
