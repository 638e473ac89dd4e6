package dev.freshet.common.plan;

/** How a mix of sizes reaches the agents ({@code sizes} in a plan). */
public enum Dealing {
    /** Every agent sends the whole mix. */
    MIX,
    /** Each agent gets one size of the mix, in proportion to the weights. */
    DEAL;

    public static Dealing parse(String what, String text) {
        return Words.parse(Dealing.class, what, text);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}
