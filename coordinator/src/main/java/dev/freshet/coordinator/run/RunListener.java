package dev.freshet.coordinator.run;

import dev.freshet.common.plan.Plan;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.recording.EventLine;

/** Whoever watches a run. Called on the coordinator's context; must not block. */
public interface RunListener {
    /** The run has an id, and everything else that is told is of it. */
    default void begun(String id, Plan plan) {}

    /** The run entered a state, or what it waits for there has become clearer. {@code detail} says what that is, for a person. */
    void state(RunState state, String detail);

    /** A row of {@code intervals.csv} and what belongs to it, as soon as it is complete. */
    void row(LiveRow row);

    /** Something happened that stands in {@code events.jsonl} as well. */
    void event(EventLine event);

    /** How far writing the results has come, 0 to 1; called from the thread that writes. */
    void merging(double share);

    /** One that passes everything on to this and then to another. */
    default RunListener and(RunListener other) {
        RunListener first = this;
        return new RunListener() {
            @Override
            public void begun(String id, Plan plan) {
                first.begun(id, plan);
                other.begun(id, plan);
            }

            @Override
            public void state(RunState state, String detail) {
                first.state(state, detail);
                other.state(state, detail);
            }

            @Override
            public void row(LiveRow row) {
                first.row(row);
                other.row(row);
            }

            @Override
            public void event(EventLine event) {
                first.event(event);
                other.event(event);
            }

            @Override
            public void merging(double share) {
                first.merging(share);
                other.merging(share);
            }
        };
    }
}
