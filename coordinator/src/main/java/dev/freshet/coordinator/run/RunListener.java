package dev.freshet.coordinator.run;

import dev.freshet.coordinator.intervals.LiveRow;

/** Whoever watches a run. Called on the coordinator's context; must not block. */
public interface RunListener {
    /** The run entered a state, or what it waits for there has become clearer. {@code detail} says what that is, for a person. */
    void state(RunState state, String detail);

    /** A row of {@code intervals.csv} and what belongs to it, as soon as it is complete. */
    void row(LiveRow row);

    /** Something that stands in {@code events.jsonl} as well. {@code agent} may be null. */
    void event(String kind, String agent, String text);

    /** How far writing the results has come, 0 to 1; called from the thread that writes. */
    void merging(double share);
}
