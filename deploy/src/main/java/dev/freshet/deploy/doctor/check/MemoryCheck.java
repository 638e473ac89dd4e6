package dev.freshet.deploy.doctor.check;

import dev.freshet.common.units.ByteSize;
import dev.freshet.deploy.doctor.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether there is memory for an agent, and whether the host has begun to swap: a page that must be fetched back is a pause. */
public final class MemoryCheck implements Check {
    /** A heap of half a gigabyte, the message buffers, and the virtual machine itself. */
    static final long AGENT_BYTES = 1_000_000_000;

    private static final long LEAST_BYTES = 300_000_000;
    private static final long SWAPPED_BYTES = 64_000_000;
    private static final String FILE = "proc/meminfo";
    private static final Pattern LINE = Pattern.compile("([A-Za-z]+):\\s+([0-9]{1,15}) kB");

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        Map<String, Long> bytes = host.files().lines(FILE).stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(
                        line -> line.group(1), line -> Long.parseLong(line.group(2)) * 1024, (first, second) -> first));
        Long free = bytes.get("MemAvailable");
        if (free == null) {
            return List.of(Finding.unknown(name(), host.files().whyNot(FILE)));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(available(free));
        long swapped = bytes.getOrDefault("SwapTotal", 0L) - bytes.getOrDefault("SwapFree", 0L);
        if (swapped > SWAPPED_BYTES) {
            findings.add(Finding.note(
                    name(),
                    ByteSize.humanDecimal(swapped) + " are swapped out",
                    "vmstat 1 5   # columns si and so: does it swap now?",
                    "sudo swapoff -a && sudo swapon -a   # fetches all back, if there is memory for it"));
        }
        return findings;
    }

    private Finding available(long free) {
        String text = ByteSize.humanDecimal(free) + " of memory available";
        if (free >= AGENT_BYTES) {
            return Finding.ok(name(), text);
        }
        String wanting = text + "; an agent takes up to " + ByteSize.humanDecimal(AGENT_BYTES);
        String remedy = "ps -eo rss,pid,user,args --sort=-rss | head -n 6   # who has it";
        return free < LEAST_BYTES ? Finding.failure(name(), wanting, remedy) : Finding.warning(name(), wanting, remedy);
    }
}
