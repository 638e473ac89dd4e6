package dev.freshet.common.plan;

/** What a producer does with a message that the high-water mark refuses. */
public enum OnFull {
    /** Leaves it out and counts it as skipped, as the Go producer does. */
    SKIP,
    /** Holds it until there is room; it is then sent late, and measured from its intended time. */
    WAIT;

    public static OnFull parse(String what, String text) {
        return Words.parse(OnFull.class, what, text);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
