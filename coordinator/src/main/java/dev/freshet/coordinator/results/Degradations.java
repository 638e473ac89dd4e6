package dev.freshet.coordinator.results;

import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import dev.freshet.common.time.UtcTime;
import dev.freshet.common.units.Durations;
import dev.freshet.coordinator.books.AgentAccount;
import dev.freshet.coordinator.books.Percentiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What makes a measurement DEGRADED: the tool, its hosts or its clocks were not what the plan takes them for. The tool accuses itself. */
final class Degradations {
    /** At the 99th percentile a producer may be late by two of its own periods: beyond that its messages come in bunches. */
    private static final double LATENESS_PERIODS = 2;

    /** No producer is asked to be better than this … */
    private static final double LEAST_LATENESS_MICROS = 1_000;

    /** … and none may be worse, however rarely it sends. */
    private static final double MOST_LATENESS_MICROS = 10_000;

    private static final double START_SPREAD_MICROS = 10_000;
    private static final double GC_SHARE = 0.05;
    private static final double CPU_SHARE = 0.95;
    private static final long WALL_DRIFT_NANOS = 1_000_000;

    private final RunFacts facts;
    private final List<String> reasons = new ArrayList<>();

    private Degradations(RunFacts facts) {
        this.facts = facts;
    }

    static List<String> of(RunFacts facts, List<InterfaceComparison> interfaces) {
        Degradations found = new Degradations(facts);
        for (AgentFacts agent : facts.agents()) {
            AgentAccount account = facts.account().agents().get(agent.name());
            found.lost(account);
            found.behind(account);
            found.deaf(account);
            found.garbage(account);
            found.told(agent);
            found.impossible(agent, account);
            found.clock(agent, account);
        }
        found.startSpread();
        found.processors();
        found.recording();
        for (InterfaceComparison comparison : interfaces) {
            // of a run that was cut short the last samples may be from after the last books
            boolean tooMuch = comparison.carriedTooMuch()
                    && !comparison.shared()
                    && facts.ending().afterT0Nanos() == null;
            if (comparison.carriedTooLittle() || tooMuch) {
                found.reasons.add(comparison.statement());
            }
        }
        return found.reasons;
    }

    private void lost(AgentAccount account) {
        if (account.loss() == null) {
            return;
        }
        String when = facts.t0Micros() == null
                ? UtcTime.iso(account.loss().at())
                : String.format(
                        Locale.ROOT,
                        "%.1f s after the start",
                        (account.loss().at().toEpochMilli() - facts.t0Micros() / 1000) / 1e3);
        String known = account.intervals() == 0
                ? "it had reported no interval"
                : "its books end with interval " + (account.intervals() - 1);
        reasons.add(name(account) + " was lost " + when + " (" + account.loss().reason() + "); " + known + ".");
    }

    private String name(AgentAccount account) {
        String role = account.party().role() == Role.PRODUCER ? "Producer " : "Consumer ";
        String agent = account.party().agent();
        return role
                + facts.agents().stream()
                        .filter(known -> known.name().equals(agent))
                        .map(facts::named)
                        .findFirst()
                        .orElse(agent);
    }

    private void behind(AgentAccount account) {
        Percentiles lateness = Percentiles.of(account.measured(), Metric.LATENESS);
        if (lateness.count() == 0
                || facts.plan().onFull() == OnFull.WAIT
                || account.party().role() != Role.PRODUCER) {
            return; // a producer that waits for room is late by right
        }
        double periodMicros = 1e6 / account.party().rates().meanHertz();
        double limit = Math.min(MOST_LATENESS_MICROS, Math.max(LEAST_LATENESS_MICROS, LATENESS_PERIODS * periodMicros));
        if (lateness.p99Micros() > limit) {
            reasons.add(name(account) + " fell behind its schedule: lateness p99 "
                    + Durations.humanMicros(lateness.p99Micros()) + ", allowed " + Durations.humanMicros(limit) + ".");
        }
    }

    /** A change of the rate is answered by nobody; who has missed one gives itself away by the number of its messages. */
    private void deaf(AgentAccount account) {
        long scheduled = account.measured().counts().get(Count.SCHEDULED);
        long wanted = account.party().messages(Phase.MEASURED);
        boolean changed = !facts.rates().changes().isEmpty();
        if (changed && account.loss() == null && scheduled != wanted) {
            reasons.add(name(account) + " missed a change of the rate, or heard of it too late: it scheduled "
                    + scheduled + " messages, " + wanted + " were wanted of it.");
        }
    }

    private void garbage(AgentAccount account) {
        Double share = account.host().gcShare();
        if (share != null && share > GC_SHARE) {
            reasons.add(String.format(
                    Locale.ROOT,
                    "%s spent %.1f %% of its time in garbage collection, allowed 5 %%.",
                    name(account),
                    100 * share));
        }
    }

    private void told(AgentFacts agent) {
        if (agent.finished() == null) {
            return;
        }
        agent.finished().notes().forEach(note -> reasons.add(agent.name() + ": " + note));
        long drift = agent.finished().wallDriftNanos();
        if (Math.abs(drift) > WALL_DRIFT_NANOS) {
            reasons.add("The wall clock of " + agent.name() + " moved by " + Durations.humanMicros(drift / 1e3)
                    + " during the run.");
        }
    }

    private void impossible(AgentFacts agent, AgentAccount account) {
        long timed = account.measured().counts().get(Count.IMPOSSIBLE);
        if (timed > 0) {
            reasons.add(name(account) + " timed " + timed
                    + " answers with a delay below zero or beyond an hour: a clock stepped.");
        }
        if (agent.clock() != null && agent.clock().impossible() > 0) {
            reasons.add("Of the clock exchanges with " + agent.name() + ", "
                    + agent.clock().impossible() + " are impossible: a clock stepped.");
        }
    }

    /** On one host all processes read one clock, and the error bound says only how busy the control channel was. */
    private void clock(AgentFacts agent, AgentAccount account) {
        if (!facts.severalHosts()) {
            return;
        }
        if (agent.clock() == null) {
            reasons.add("The clock of " + agent.name() + " was never compared with the coordinator's.");
            return;
        }
        Percentiles network = Percentiles.of(facts.account().measured(), Metric.NETWORK);
        double errorMicros = agent.clock().errorNanos() / 1e3;
        if (network.count() > 0 && errorMicros > network.p50Micros() / 2.0) {
            reasons.add("The clock of " + agent.name() + " is known to within " + Durations.humanMicros(errorMicros)
                    + " only, more than half the median network delay of " + Durations.humanMicros(network.p50Micros())
                    + ".");
        }
    }

    private void startSpread() {
        String first = null;
        String last = null;
        double earliest = Double.POSITIVE_INFINITY;
        double latest = Double.NEGATIVE_INFINITY;
        for (AgentFacts agent : facts.agents()) {
            AgentAccount account = facts.account().agents().get(agent.name());
            Double error = agent.startErrorMicros(account.party().shard());
            if (error != null && error < earliest) {
                earliest = error;
                first = agent.name();
            }
            if (error != null && error > latest) {
                latest = error;
                last = agent.name();
            }
        }
        if (latest - earliest > START_SPREAD_MICROS) {
            reasons.add("The producers did not start together: " + last + " began "
                    + Durations.humanMicros(latest - earliest) + " behind " + first + ", allowed 10 ms.");
        }
    }

    private void processors() {
        Map<String, Double> used = new LinkedHashMap<>();
        Map<String, Integer> cores = new LinkedHashMap<>();
        for (AgentFacts agent : facts.agents()) {
            Double share = facts.account().agents().get(agent.name()).host().meanCpuShare();
            used.merge(agent.host(), share == null ? 0 : share, Double::sum);
            cores.merge(agent.host(), agent.cores(), Math::max);
        }
        used.forEach((host, share) -> {
            if (share > CPU_SHARE * cores.get(host)) {
                reasons.add(String.format(
                        Locale.ROOT,
                        "Host %s was short of processors: the agents used %.2f of %d.",
                        host,
                        share,
                        cores.get(host)));
            }
        });
    }

    private void recording() {
        facts.shortcomings().forEach(reasons::add);
        long expected = facts.expectedRows();
        if (facts.measurements() != null && facts.measurements().rows() != expected) {
            reasons.add("The merged measurements have " + facts.measurements().rows() + " rows, but " + expected
                    + " answers were "
                    + (facts.plan().measure().equals(Measure.ALL) ? "measured." : "to get one."));
        }
        if (facts.measurements() != null && facts.measurements().dropped() > 0) {
            reasons.add("Malformed rows left out of the agents' measurement files: "
                    + facts.measurements().dropped() + ".");
        }
    }
}
