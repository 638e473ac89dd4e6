"""iperf3 on loopback: what TCP itself carries here, to a receiver that copies."""

import json

from .processes import Failure, free_port

LISTEN_SECONDS = 10
OMITTED_SECONDS = 1
OVERHEAD_SECONDS = 30


def run(bench, name, streams, seconds, write_bytes=None):
    """Bytes and processor time with so many streams; ``write_bytes`` at a time, or as iperf3 likes (128 KB)."""
    port = free_port()
    server = bench.children.start(f"{name} server", [bench.tools.iperf3, "-s", "-1", "--forceflush", "-B", "127.0.0.1", "-p", port], heeds_input=False)
    client = None
    try:
        server.wait_for_line(lambda line: "listening" in line, LISTEN_SECONDS, "its port to be open")
        command = [bench.tools.iperf3, "-c", "127.0.0.1", "-p", port, "-t", seconds, "-O", OMITTED_SECONDS, "-P", streams, "-J"]
        client = bench.children.start(name, command + (["-l", write_bytes] if write_bytes else []), heeds_input=False)
        client.wait(OMITTED_SECONDS + seconds + OVERHEAD_SECONDS)
        said = json.loads("\n".join(client.lines))
    except ValueError:
        raise Failure(f"{name} said something else than JSON: {client.last_words()}") from None
    finally:
        bench.children.end(*[child for child in (client, server) if child])
    if "error" in said:
        raise Failure(f"{name}: {said['error']}")
    gb_per_s = said["end"]["sum_received"]["bits_per_second"] / 8e9
    used = said["end"]["cpu_utilization_percent"]
    return {"gb_per_s": gb_per_s, "cpu_s_per_gb": (used["host_total"] + used["remote_total"]) / 100 / gb_per_s}
