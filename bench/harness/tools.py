"""What measuring needs: found or built; what is not to be had is said in one line, with what is left out for it."""

import datetime
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "bench" / "peers"
BUILD_SECONDS = 900
ANSWER_SECONDS = 30
JVM = ["-Xmx512m", "-XX:+UseSerialGC", "-Xshare:auto"]  # as deploy/src/dist/bin/freshet gives them


class Unusable(Exception):
    """Nothing can be measured; says in one line why."""


class Tools:
    """Paths and commands; None for what is not here."""

    def __init__(self, built, say, build=True):
        self._built = built
        self._say = say
        built.mkdir(parents=True, exist_ok=True)
        self.java = self._java()
        if build:
            self._build_freshet()
        self.freshet = ROOT / "deploy" / "target" / "dist" / "bin" / "freshet"
        self.bench_classes = ROOT / "bench" / "target" / "bench" / "lib"
        if not self.freshet.exists() or not self.bench_classes.exists():
            raise Unusable(f"{ROOT} is not built; leave out --no-build")
        self.peer = self._c_peer()
        self.iperf3 = self._program("iperf3", "raw TCP is left out")
        self.go = self._go_pair()

    def _java(self):
        home = os.environ.get("JAVA_HOME")
        java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
        if not java or not os.access(java, os.X_OK):
            raise Unusable("a JDK 17 or newer is needed, and there is no 'java' in JAVA_HOME or on the PATH")
        return java

    def _program(self, name, left_out):
        found = shutil.which(name)
        if not found:
            self._say(f"no {name} here: {left_out}")
        return found

    def _build_freshet(self):
        if not shutil.which("mvn"):
            raise Unusable("Maven (mvn) is needed to build, and was not found")
        self._say("building Freshet and the bench module ...")
        command = ["mvn", "-q", "-B", "-f", ROOT / "pom.xml", "-Pbench", "-Dmaven.test.skip=true", "-Dspotless.check.skip=true", "package"]
        failure = self._run(command, BUILD_SECONDS)
        if failure:
            raise Unusable(f"the build failed: {failure}")
        failure = self._run([ROOT / "deploy" / "target" / "dist" / "bin" / "freshet", "prepare"], BUILD_SECONDS)
        if failure:
            raise Unusable(f"freshet prepare failed: {failure}")

    def _c_peer(self):
        compiler = self._program("cc", "the C peer cannot be built, and without it nothing but fleets is measured")
        if not compiler:
            return None
        peer = self._built / "peer"
        failure = self._run([compiler, "-O2", "-pthread", "-o", peer, PEERS / "peer.c", "-lzmq"], BUILD_SECONDS)
        if failure:
            self._say(f"no C peer, without which nothing but fleets is measured (libzmq's headers: libzmq3-dev?): {failure}")
            return None
        return peer

    def _go_pair(self):
        go = self._program("go", "the pair written in Go is left out")
        if not go:
            return None
        pair = self._built / "gopair"
        failure = self._run([go, "build", "-o", pair, "."], BUILD_SECONDS, directory=PEERS / "go")
        if failure:
            self._say(f"the pair written in Go does not build, and is left out: {failure}")
            return None
        return pair

    @staticmethod
    def _run(command, seconds, directory=None):
        """Runs a command; returns None if it succeeded, else what it said of the first error."""
        try:
            done = subprocess.run(
                [str(word) for word in command],
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"{command[0]} took more than {seconds} s"
        if done.returncode == 0:
            return None
        said = [line for line in done.stdout.decode(errors="replace").splitlines() if line.strip()]
        # Maven has headings in capitals; a compiler's error names a place
        errors = [line for line in said if re.search(r"error", line, re.IGNORECASE) and re.search(r":\W?\d+", line)]
        return (errors or said[-1:] or [f"exit code {done.returncode}"])[0].strip()

    def engine(self, engine, size):
        """The command of a publisher of ours without the producer around it."""
        return [self.java, *JVM, "-cp", f"{self.bench_classes}/*", "dev.freshet.agent.producer.PublishMain", engine, str(size)]


def environment():
    """What the measurement runs on."""
    return {
        "date": datetime.date.today().isoformat(),
        "cores": os.cpu_count(),
        "processor": _first_match(Path("/proc/cpuinfo"), r"model name\s*:\s*(.*)"),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": os.uname().release,
        "load": os.getloadavg()[0],
        "java": _said(["java", "-version"], r'version "([^"]*)"'),
        "commit": _said(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], r"(\w+)"),
        "changed": bool(_said(["git", "-C", str(ROOT), "status", "--porcelain", "-uno"], r"(\S+)")),
        "libzmq": _first_match(Path("/usr/include/zmq.h"), r"ZMQ_VERSION_MAJOR (\d+)", r"ZMQ_VERSION_MINOR (\d+)", r"ZMQ_VERSION_PATCH (\d+)"),
        "iperf3": _said(["iperf3", "--version"], r"iperf (\S+)"),
        "go": _said(["go", "version"], r"go version go(\S+)"),
    }


def _first_match(path, *patterns):
    try:
        text = path.read_text(errors="replace")
    except OSError:
        return None
    found = [re.search(pattern, text) for pattern in patterns]
    return ".".join(match.group(1).strip() for match in found) if all(found) else None


def _said(command, pattern):
    try:
        done = subprocess.run(command, capture_output=True, timeout=ANSWER_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(pattern, (done.stdout + done.stderr).decode(errors="replace"))
    return match.group(1) if match else None
