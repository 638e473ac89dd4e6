package dev.freshet.common.plan;

/** Plans for tests, in the words of a command line. */
final class Plans {
    private Plans() {}

    /** A plan of {@code key, value} pairs. */
    static Plan of(String... keysAndValues) {
        PlanBuilder builder = new PlanBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            builder.set("--" + keysAndValues[i].replace('_', '-'), keysAndValues[i], keysAndValues[i + 1]);
        }
        return builder.build();
    }
}
