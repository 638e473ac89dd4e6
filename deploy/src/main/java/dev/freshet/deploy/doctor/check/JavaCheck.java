package dev.freshet.deploy.doctor.check;

import dev.freshet.deploy.doctor.host.Host;
import dev.freshet.deploy.doctor.host.JavaFacts;
import java.util.ArrayList;
import java.util.List;

/** The Java that agents run on. */
public final class JavaCheck implements Check {
    private static final int OLDEST = 17;

    /** The newest release with long-term support. */
    private static final int NEWEST_LTS = 25;

    private static final String INSTALL =
            "sudo apt-get install openjdk-" + NEWEST_LTS + "-jre-headless   # or use the archive with its own runtime";

    @Override
    public String name() {
        return "java";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        JavaFacts java = host.java();
        List<Finding> findings = new ArrayList<>();
        if (java.feature() < OLDEST) {
            findings.add(Finding.failure(name(), "Java " + java.version() + "; " + OLDEST + " is needed", INSTALL));
        } else if (java.feature() < NEWEST_LTS) {
            findings.add(Finding.note(
                    name(),
                    "Java " + java.version() + "; " + NEWEST_LTS
                            + " is the newest with long-term support, and a little faster",
                    INSTALL));
        }
        if ("32".equals(java.bits())) {
            findings.add(Finding.warning(name(), "a 32-bit Java: little memory, and slow 64-bit counters", INSTALL));
        }
        if (java.machine().contains("debug")) {
            findings.add(Finding.failure(
                    name(),
                    "a debug build of the virtual machine (" + java.machine() + "): several times slower",
                    INSTALL));
        }
        if (java.mode().contains("interpreted")) {
            findings.add(Finding.failure(
                    name(),
                    "Java interprets only (" + java.mode() + "): ten times slower",
                    "unset JAVA_TOOL_OPTIONS   # -Xint"));
        }
        if (java.toolOptions() != null && !java.toolOptions().isBlank()) {
            // not its value: people keep passwords there
            findings.add(Finding.note(
                    name(), "JAVA_TOOL_OPTIONS is set, and every Java here takes it", "unset JAVA_TOOL_OPTIONS"));
        }
        return findings.isEmpty()
                ? List.of(Finding.ok(name(), "Java " + java.version() + ", " + java.machine()))
                : findings;
    }
}
