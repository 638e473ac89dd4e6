package dev.freshet.deploy.launch;

import java.util.List;

/** Some of the hosts that were named cannot be used: all that is wrong is told at once. */
public final class HostsUnusable extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** @param problems one sentence for each: the host, and what is wrong with it */
    public HostsUnusable(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
