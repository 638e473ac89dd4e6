package dev.freshet.deploy.kubernetes;

import java.util.List;

/** A run on a cluster cannot begin, or cannot go on. */
public final class ClusterUnusable extends Exception {
    private final transient List<String> problems;

    ClusterUnusable(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    ClusterUnusable(String problem) {
        this(List.of(problem));
    }

    /** What is wrong, a line each. */
    public List<String> problems() {
        return problems;
    }
}
