package dev.freshet.deploy.doctor.check;

import dev.freshet.deploy.doctor.host.Host;
import dev.freshet.deploy.doctor.host.HostFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Frames that the interface has lost already: damaged, missed by a full ring, dropped. Counted between its making and its examination too. */
public final class LinkErrorCheck implements Check {
    private static final List<String> ERRORS = List.of("rx_errors", "tx_errors", "rx_missed_errors", "collisions");
    private static final List<String> DROPS = List.of("rx_dropped", "tx_dropped");

    /** Copper promises a bit error in 10^10 to 10^12: more than one frame in a million means a cable, a plug, a ring that is too small. */
    private static final double TOLERABLE_ERRORS = 1e-6;

    private static final double TOLERABLE_DROPS = 1e-4;

    private final Map<String, Long> before;

    /** Takes the counters a first time. */
    public LinkErrorCheck(HostFiles files, String link) {
        before = read(files, link);
    }

    private static Map<String, Long> read(HostFiles files, String link) {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (List<String> names : List.of(ERRORS, DROPS, List.of("rx_packets", "tx_packets"))) {
            for (String counter : names) {
                Optional<Long> count = files.number("sys/class/net/" + link + "/statistics/" + counter);
                count.ifPresent(value -> counters.put(counter, value));
            }
        }
        return counters;
    }

    @Override
    public String name() {
        return "link-errors";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        String link = intent.network().name();
        Map<String, Long> now = read(host.files(), link);
        if (now.isEmpty()) {
            return List.of(
                    Finding.unknown(name(), host.files().whyNot("sys/class/net/" + link + "/statistics/rx_errors")));
        }
        double packets = 1.0 + now.getOrDefault("rx_packets", 0L) + now.getOrDefault("tx_packets", 0L);
        String[] remedy = {
            "ethtool -S " + link + " | grep -i -e err -e drop -e miss   # which, by the driver's own names",
            "sudo ethtool -G " + link + " rx 4096   # for missed ones: a larger ring"
        };
        List<Finding> findings = new ArrayList<>();
        for (String counter : now.keySet()) {
            long count = now.get(counter);
            if (counter.endsWith("_packets") || count == 0) {
                continue;
            }
            long rise = count - before.getOrDefault(counter, 0L);
            double tolerable = ERRORS.contains(counter) ? TOLERABLE_ERRORS : TOLERABLE_DROPS;
            String text = link + ": " + counter + " is " + count + " of " + Math.round(packets - 1) + " packets";
            if (rise > 0) {
                findings.add(Finding.warning(name(), text + ", " + rise + " of them just now", remedy));
            } else if (count / packets > tolerable) {
                findings.add(Finding.warning(name(), text + " since the start", remedy));
            } else {
                findings.add(Finding.note(name(), text + " since the start"));
            }
        }
        return findings.isEmpty() ? List.of(Finding.ok(name(), link + " has lost no frame since the start")) : findings;
    }
}
