package dev.freshet.common.plan;

/** Where in the period the producers of a fleet fire ({@code phase} in a plan). */
public enum Placement {
    /** Agent i of N at i/N of the period, so that N shards look like one smooth source. */
    STAGGERED,
    /** All together, like detector modules on one trigger. */
    ALIGNED,
    /** Each at a place of its own, drawn from the plan's seed. */
    RANDOM;

    public static Placement parse(String what, String text) {
        return Words.parse(Placement.class, what, text);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
