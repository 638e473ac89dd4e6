package dev.freshet.coordinator.results;

import dev.freshet.common.plan.Gate;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.results.Summary.Load;
import java.util.List;
import java.util.Map;

/** Evaluates gates against the figures of a run: a pure function. A figure that is not known passes no gate. */
final class GateCheck {
    private final Load achieved;
    private final LedgerFigures ledger;
    private final Map<String, Percentiles> latency;

    GateCheck(Load achieved, LedgerFigures ledger, Map<String, Percentiles> latency) {
        this.achieved = achieved;
        this.ledger = ledger;
        this.latency = latency;
    }

    List<GateResult> check(List<Gate> gates) {
        return gates.stream().map(this::check).toList();
    }

    private GateResult check(Gate gate) {
        Double actual = actual(gate);
        return actual == null
                ? new GateResult(gate.text(), null, false, unknown(gate))
                : new GateResult(gate.text(), actual, gate.holds(actual), null);
    }

    private Double actual(Gate gate) {
        return switch (gate.subject()) {
            case "throughput" -> achieved.bytesPerSecond();
            case "rate" -> achieved.rateHertz();
            case "loss", "lost" -> counted(gate, ledger.lost(), ledger.sent());
            case "unanswered" -> counted(gate, ledger.unanswered(), ledger.sent());
            case "received" -> counted(gate, ledger.received(), ledger.sent());
            case "answered" -> counted(gate, ledger.answered(), ledger.sent());
            case "measured" -> counted(gate, ledger.measured(), ledger.sent());
            case "late" -> counted(gate, ledger.late(), ledger.sent());
            case "sent" -> counted(gate, ledger.sent(), ledger.scheduled());
            case "skipped" -> counted(gate, ledger.skipped(), ledger.scheduled());
            case "cancelled" -> counted(gate, ledger.cancelled(), ledger.scheduled());
            default -> timed(gate.subject());
        };
    }

    /** A count, or a share if the gate asks for one: of what was sent, and for what was not sent, of what was scheduled. */
    private static Double counted(Gate gate, Long count, long whole) {
        if (count == null || (gate.isShare() && whole == 0)) {
            return null;
        }
        return gate.isShare() ? (double) count / whole : (double) count;
    }

    private Double timed(String subject) {
        int dot = subject.indexOf('.');
        Percentiles timed = latency.get(subject.substring(0, dot));
        String statistic = Gate.STATISTICS.get(subject.substring(dot + 1));
        if (statistic.equals("mean_us")) {
            return timed.meanMicros();
        }
        Long micros = switch (statistic) {
            case "min_us" -> timed.minMicros();
            case "p50_us" -> timed.p50Micros();
            case "p70_us" -> timed.p70Micros();
            case "p90_us" -> timed.p90Micros();
            case "p99_us" -> timed.p99Micros();
            case "p999_us" -> timed.p999Micros();
            case "max_us" -> timed.maxMicros();
            default -> throw new IllegalStateException(statistic);
        };
        return micros == null ? null : Double.valueOf(micros);
    }

    private String unknown(Gate gate) {
        return switch (gate.subject()) {
            case "loss", "lost", "unanswered", "received" -> "what was received is not known: no consumer of ours told";
            case "throughput", "rate", "sent", "skipped", "cancelled", "late", "answered", "measured" ->
                "nothing was sent in the measured phase";
            default -> "nothing was timed";
        };
    }
}
