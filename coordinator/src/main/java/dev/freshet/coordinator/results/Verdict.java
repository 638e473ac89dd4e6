package dev.freshet.coordinator.results;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether the measurement can be trusted; the gates say whether the system under test passed.
 *
 * @param reasons why it is not {@link Status#VALID}, a sentence each, the worst first
 * @param notes what is worth knowing, and says nothing against the measurement
 */
public record Verdict(Status status, List<String> reasons, List<String> notes) {
    /** From good to bad. */
    public enum Status {
        VALID,
        DEGRADED,
        INVALID
    }

    static Verdict of(List<String> invalidating, List<String> degrading, List<String> notes) {
        List<String> reasons = new ArrayList<>(invalidating);
        reasons.addAll(degrading);
        Status status = invalidating.isEmpty() ? degrading.isEmpty() ? Status.VALID : Status.DEGRADED : Status.INVALID;
        return new Verdict(status, reasons, notes);
    }
}
