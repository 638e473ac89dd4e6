package dev.freshet.common.plan;

/** How a producer waits for a message's time ({@code wait} in a plan): what it spends of a processor to be in time. */
public enum Waiting {
    /** Sleeps until then, and wakes some 30 to 60 microseconds late. */
    SLEEP,
    /** Sleeps until shortly before, and spins for the rest. */
    HYBRID,
    /** Spins all the time: takes one processor whole. */
    SPIN;

    public static Waiting parse(String what, String text) {
        return Words.parse(Waiting.class, what, text);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
