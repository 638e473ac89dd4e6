package dev.freshet.deploy.doctor.check;

import dev.freshet.deploy.doctor.host.Host;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files and connections a process may have open. Linux JVMs raise their soft limit to the hard one when they start, so what this
 * process sees is what agents that are started in the same way will have.
 */
public final class DescriptorCheck implements Check {
    private static final String LIMITS = "proc/self/limits";
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\S+)\\s+(\\S+).*");

    /** A JVM has a hundred open for itself; a consumer, three for each channel of each producer. */
    private static final long WANTED = 4096;

    private static final long LEAST = 512;

    @Override
    public String name() {
        return "descriptors";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        for (String line : host.files().lines(LIMITS)) {
            Matcher limits = OPEN_FILES.matcher(line);
            if (limits.matches()) {
                return List.of(judge(limits.group(1), limits.group(2)));
            }
        }
        return List.of(Finding.unknown(name(), host.files().whyNot(LIMITS), "ulimit -Hn   # tells it"));
    }

    private Finding judge(String soft, String hard) {
        long limit = soft.matches("[0-9]{1,18}") ? Long.parseLong(soft) : Long.MAX_VALUE;
        String text = "a process may open " + soft + " files and connections (hard limit " + hard + ")";
        if (limit >= WANTED) {
            return Finding.ok(name(), text);
        }
        String[] remedy = {
            "sudo prlimit --pid $$ --nofile=65536:65536   # this shell and what it starts",
            "echo '* - nofile 65536' | sudo tee /etc/security/limits.d/90-freshet.conf   # from the next login on",
            "# in a systemd unit: LimitNOFILE=65536"
        };
        String wanting = text + "; " + WANTED + " are wanted";
        return limit < LEAST ? Finding.failure(name(), wanting, remedy) : Finding.warning(name(), wanting, remedy);
    }
}
