package dev.freshet.coordinator.history;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.results.SummaryJson;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Two runs side by side.
 *
 * @param figures those that at least one of them knows
 * @param plan the keys in which their plans differ
 */
public record Comparison(RunEntry a, RunEntry b, List<Figure> figures, List<PlanKey> plan) {
    private static final List<String> METRICS = List.of("response_time", "total", "network", "processing", "lateness");

    /**
     * A figure of both. Null means not known.
     *
     * @param unit {@code hz}, {@code bytes_per_s}, {@code bytes}, {@code messages}, {@code us} or {@code share}
     * @param difference b - a
     * @param ratio b / a; null also if a is 0
     * @param better {@code higher}, {@code lower}, or null if neither is
     */
    public record Figure(String name, String unit, Double a, Double b, Double difference, Double ratio, String better) {
        static Figure of(String name, String unit, String better, Number a, Number b) {
            Double ofA = a == null ? null : Double.valueOf(a.doubleValue());
            Double ofB = b == null ? null : Double.valueOf(b.doubleValue());
            boolean both = ofA != null && ofB != null;
            return new Figure(
                    name,
                    unit,
                    ofA,
                    ofB,
                    both ? Double.valueOf(ofB - ofA) : null,
                    both && ofA != 0 ? Double.valueOf(ofB / ofA) : null,
                    better);
        }
    }

    /** A key of a plan; null if that plan does not have it. */
    public record PlanKey(String key, Object a, Object b) {}

    /** @throws InputException if one of them has no summary */
    public static Comparison of(ResultDirectory a, ResultDirectory b) {
        Summary ofA = SummaryJson.read(a);
        Summary ofB = SummaryJson.read(b);
        return new Comparison(
                RunEntry.of(a.path().getFileName().toString(), ofA),
                RunEntry.of(b.path().getFileName().toString(), ofB),
                figures(ofA, ofB),
                differences(PlanYaml.keys(RunHistory.plan(a)), PlanYaml.keys(RunHistory.plan(b))));
    }

    private static List<Figure> figures(Summary a, Summary b) {
        List<Figure> figures = new ArrayList<>();
        add(
                figures,
                "target_rate",
                "hz",
                null,
                a,
                b,
                of -> RunEntry.known(of.target()).rateHertz());
        add(
                figures,
                "achieved_rate",
                "hz",
                "higher",
                a,
                b,
                of -> RunEntry.known(of.achieved()).rateHertz());
        add(figures, "achieved_share", "share", "higher", a, b, Comparison::share);
        add(
                figures,
                "achieved_bytes",
                "bytes_per_s",
                "higher",
                a,
                b,
                of -> RunEntry.known(of.achieved()).bytesPerSecond());
        add(
                figures,
                "size",
                "bytes",
                null,
                a,
                b,
                of -> RunEntry.known(of.achieved()).sizeBytes());
        add(figures, "scheduled", "messages", null, a, b, of -> of.ledger().scheduled());
        add(figures, "sent", "messages", null, a, b, of -> of.ledger().sent());
        add(figures, "skipped", "messages", "lower", a, b, of -> of.ledger().skipped());
        add(figures, "cancelled", "messages", "lower", a, b, of -> of.ledger().cancelled());
        add(figures, "lost", "messages", "lower", a, b, of -> of.ledger().lost());
        add(figures, "unanswered", "messages", "lower", a, b, of -> of.ledger().unanswered());
        add(figures, "late", "messages", "lower", a, b, of -> of.ledger().late());
        for (String metric : METRICS) {
            add(
                    figures,
                    metric + "_p50",
                    "us",
                    "lower",
                    a,
                    b,
                    of -> timed(of, metric).p50Micros());
            add(
                    figures,
                    metric + "_p90",
                    "us",
                    "lower",
                    a,
                    b,
                    of -> timed(of, metric).p90Micros());
            add(
                    figures,
                    metric + "_p99",
                    "us",
                    "lower",
                    a,
                    b,
                    of -> timed(of, metric).p99Micros());
            add(
                    figures,
                    metric + "_p999",
                    "us",
                    "lower",
                    a,
                    b,
                    of -> timed(of, metric).p999Micros());
            add(
                    figures,
                    metric + "_max",
                    "us",
                    "lower",
                    a,
                    b,
                    of -> timed(of, metric).maxMicros());
        }
        return List.copyOf(figures);
    }

    private static void add(
            List<Figure> figures,
            String name,
            String unit,
            String better,
            Summary a,
            Summary b,
            Function<Summary, Number> figure) {
        Number ofA = figure.apply(a);
        Number ofB = figure.apply(b);
        if (ofA != null || ofB != null) {
            figures.add(Figure.of(name, unit, better, ofA, ofB));
        }
    }

    private static Double share(Summary of) {
        Double target = RunEntry.known(of.target()).rateHertz();
        Double achieved = RunEntry.known(of.achieved()).rateHertz();
        return target == null || achieved == null || target == 0 ? null : Double.valueOf(achieved / target);
    }

    private static Percentiles timed(Summary of, String metric) {
        return of.latency().getOrDefault(metric, Percentiles.NONE);
    }

    private static List<PlanKey> differences(Map<String, Object> a, Map<String, Object> b) {
        Set<String> keys = new LinkedHashSet<>(a.keySet());
        keys.addAll(b.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(a.get(key), b.get(key)))
                .map(key -> new PlanKey(key, a.get(key), b.get(key)))
                .toList();
    }
}
