package dev.freshet.coordinator.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.coordinator.results.RunFacts.Ending;
import java.util.List;

/** What whoever asked for a run must know of its end; of several the one further down the list counts. */
public enum Outcome {
    @JsonProperty("done")
    DONE,
    @JsonProperty("gate_failed")
    GATE_FAILED,
    @JsonProperty("invalid")
    INVALID,
    @JsonProperty("agents_lost")
    AGENTS_LOST,
    @JsonProperty("stopped")
    STOPPED;

    static Outcome of(Ending ending, Verdict verdict, List<GateResult> gates) {
        return of(ending.stopped(), ending.anyLost(), verdict, gates);
    }

    /** Of a summary that was written before summaries said it. */
    static Outcome derived(Summary summary) {
        return of(
                Ending.STOPPED.equals(summary.run().state()),
                summary.agents().stream().anyMatch(agent -> agent.loss() != null),
                summary.verdict(),
                summary.gates() == null ? List.of() : summary.gates());
    }

    private static Outcome of(boolean stopped, boolean anyLost, Verdict verdict, List<GateResult> gates) {
        if (stopped) {
            return STOPPED;
        }
        if (anyLost) {
            return AGENTS_LOST;
        }
        if (verdict.status() == Verdict.Status.INVALID) {
            return INVALID;
        }
        return gates.stream().allMatch(GateResult::passed) ? DONE : GATE_FAILED;
    }
}
