package dev.freshet.coordinator.results;

import dev.freshet.common.plan.Link;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.ShardPlanner;
import dev.freshet.common.time.UtcTime;
import dev.freshet.coordinator.books.AgentAccount;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.results.Summary.Agent;
import dev.freshet.coordinator.results.Summary.Load;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Facts to summary: a pure function. */
public final class Summaries {
    private Summaries() {}

    public static Summary of(RunFacts facts) {
        Figures figures = new Figures(facts);
        Load target = figures.target();
        Load achieved = figures.achieved();
        LedgerFigures ledger = LedgerFigures.of(facts.account().ledger());
        Map<String, Percentiles> latency = Figures.latency(facts.account().measured());
        List<InterfaceComparison> interfaces = InterfaceComparison.of(facts);
        Map<Place, InterfaceUse> uses = InterfaceUse.of(facts);
        Verdict verdict = Verdict.of(
                Invalidities.of(facts),
                Degradations.of(facts, interfaces),
                Remarks.of(facts, target, achieved, interfaces, Shortfalls.of(facts, uses)));
        List<GateResult> gates =
                new GateCheck(achieved, ledger, latency).check(facts.plan().gates());
        return new Summary(
                run(facts, Outcome.of(facts.ending(), verdict, gates)),
                verdict,
                target,
                achieved,
                ledger,
                latency,
                facts.agents().stream().map(agent -> agent(facts, agent)).toList(),
                gates,
                environment(facts, uses, interfaces));
    }

    private static Summary.Run run(RunFacts facts, Outcome outcome) {
        return new Summary.Run(
                facts.run(),
                facts.plan().name(),
                facts.ending().state(),
                outcome,
                facts.ending().reason(),
                UtcTime.iso(facts.started()),
                facts.t0Micros() == null ? null : UtcTime.iso(facts.t0Micros()),
                UtcTime.iso(facts.ended()));
    }

    private static Agent agent(RunFacts facts, AgentFacts agent) {
        Figures figures = new Figures(facts);
        AgentAccount account = facts.account().agents().get(agent.name());
        boolean producer = account.party().role() == Role.PRODUCER;
        return new Agent(
                agent.name(),
                account.party().role().toString(),
                agent.host(),
                agent.interfaceName(),
                agent.endpoints().isEmpty() ? null : agent.endpoints().get(0),
                figures.targetHertz(account.party()),
                figures.achieved(account),
                producer ? LedgerFigures.of(facts.account().ledgers().get(agent.name())) : null,
                producer ? Figures.latency(account.measured()) : null,
                Summary.Clock.of(agent.clock()),
                agent.startErrorMicros(account.party().shard()),
                account.interfaceBytesSent(),
                producer ? account.sentBetweenSamples() : null,
                agent.endpoints(),
                account.intervals(),
                account.measured().counts(),
                account.warmup(),
                account.host().meanCpuShare(),
                account.host().samples() == 0
                        ? null
                        : Double.valueOf(account.host().maxCpuShare()),
                account.host().gcShare(),
                account.host().maxResidentBytes(),
                account.loss() == null
                        ? null
                        : new Summary.Loss(
                                UtcTime.iso(account.loss().at()), account.loss().reason()));
    }

    /** How far apart the first sends were from their places in the period; null if fewer than two producers sent. */
    private static Double startSpreadMicros(RunFacts facts) {
        DoubleSummaryStatistics errors = facts.agents().stream()
                .map(agent -> agent.startErrorMicros(
                        facts.account().agents().get(agent.name()).party().shard()))
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .summaryStatistics();
        return errors.getCount() < 2 ? null : Double.valueOf(errors.getMax() - errors.getMin());
    }

    private static Map<String, Object> environment(
            RunFacts facts, Map<Place, InterfaceUse> uses, List<InterfaceComparison> comparisons) {
        Map<String, Object> environment = new LinkedHashMap<>(facts.environment());
        environment.put("start_spread_us", startSpreadMicros(facts));
        if (facts.plan().weights().byLinkSpeed()) {
            environment.put("weights", weights(facts));
        }
        if (!facts.rates().changes().isEmpty()) {
            environment.put("rate_changes", rateChanges(facts.rates()));
        }
        environment.put("warmup_ledger", LedgerFigures.of(facts.account().warmupLedger()));
        environment.put(Summary.MEASURE, facts.plan().measure().toString());
        environment.put(
                "measurement_rows",
                facts.measurements() == null ? null : facts.measurements().rows());
        environment.put("interfaces", interfaces(uses, comparisons));
        return environment;
    }

    private static List<Map<String, Object>> rateChanges(RateSteps rates) {
        return rates.changes().stream()
                .map(change -> {
                    Map<String, Object> figures = new LinkedHashMap<>();
                    figures.put("from_s", change.fromInterval());
                    figures.put("rate_hz", change.rate().hertz());
                    return figures;
                })
                .toList();
    }

    /** Each producer's weight as it came of the links' speeds. */
    private static Map<String, Integer> weights(RunFacts facts) {
        List<Link> links = facts.agents().stream()
                .filter(agent ->
                        facts.account().agents().get(agent.name()).party().role() == Role.PRODUCER)
                .map(AgentFacts::link)
                .toList();
        List<String> names = links.stream().map(Link::agent).toList();
        List<Integer> weights = ShardPlanner.weights(facts.plan(), names, links);
        Map<String, Integer> byName = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            byName.put(names.get(i), weights.get(i));
        }
        return byName;
    }

    private static List<Map<String, Object>> interfaces(
            Map<Place, InterfaceUse> uses, List<InterfaceComparison> comparisons) {
        Map<Place, Map<String, Object>> figures = new LinkedHashMap<>();
        uses.forEach((place, use) -> figures.put(place, use.figures()));
        comparisons.forEach(comparison -> figures.get(comparison.place()).putAll(comparison.figures()));
        return List.copyOf(figures.values());
    }
}
