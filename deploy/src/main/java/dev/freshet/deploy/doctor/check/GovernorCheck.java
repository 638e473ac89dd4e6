package dev.freshet.deploy.doctor.check;

import dev.freshet.deploy.doctor.host.Host;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether processors keep their clock, or have to be woken to it: a paced load leaves them idle between messages. */
public final class GovernorCheck implements Check {
    private static final String PROCESSORS = "sys/devices/system/cpu";
    private static final String STEADY = "performance";

    @Override
    public String name() {
        return "governor";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        Map<String, Integer> governors = new TreeMap<>();
        int processors = 0;
        for (String name : host.files().names(PROCESSORS)) {
            if (name.matches("cpu[0-9]+")) {
                processors++;
                Optional<String> governor = host.files().text(PROCESSORS + "/" + name + "/cpufreq/scaling_governor");
                governor.ifPresent(word -> governors.merge(word, 1, Integer::sum));
            }
        }
        if (processors == 0) {
            return List.of(Finding.unknown(name(), host.files().whyNot(PROCESSORS)));
        }
        if (governors.isEmpty()) {
            return List.of(Finding.ok(name(), "no frequency scaling to be seen here, as on virtual machines"));
        }
        if (governors.keySet().equals(Set.of(STEADY))) {
            return List.of(Finding.ok(name(), "all " + processors + " processors: " + STEADY));
        }
        String seen = governors.entrySet().stream()
                .map(entry -> entry.getKey() + " on " + entry.getValue())
                .collect(Collectors.joining(", "));
        return List.of(Finding.warning(
                name(),
                "scaling governor " + seen + " of " + processors + " processors; " + STEADY + " is wanted",
                "sudo cpupower frequency-set -g " + STEADY,
                "echo " + STEADY + " | sudo tee /" + PROCESSORS
                        + "/cpu*/cpufreq/scaling_governor   # without cpupower"));
    }
}
