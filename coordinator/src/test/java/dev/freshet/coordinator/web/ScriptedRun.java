package dev.freshet.coordinator.web;

import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.Role;
import dev.freshet.common.time.UtcTime;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.Heat;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.intervals.Quantiles;
import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.results.GateResult;
import dev.freshet.coordinator.results.LedgerFigures;
import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.results.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A run that is made up, second by second, with what a page must be able to show: producers of unlike lateness, one that is lost, a step of the
 * rate, skipped and late messages, books that do not close. The same script tells the same figures.
 */
final class ScriptedRun {
    static final Instant T0 = Instant.parse("2026-11-24T09:00:00Z");
    private static final int WARMUP_SECONDS = 5;
    private static final int SIZE_BYTES = 100_000;
    private static final double PRODUCER_HERTZ = 150;

    /**
     * @param producers p1, p2, ...
     * @param seconds of warm-up and measured phase
     * @param lostSecond when p3 is lost, or a negative number
     * @param stepSecond when the rate rises by half, or a negative number
     * @param closes whether the ledger does
     */
    record Script(int producers, int seconds, int lostSecond, int stepSecond, boolean closes) {
        static Script of(int producers, int seconds) {
            return new Script(producers, seconds, -1, -1, true);
        }

        Script losing(int second) {
            return new Script(producers, seconds, second, stepSecond, closes);
        }

        Script stepping(int second) {
            return new Script(producers, seconds, lostSecond, second, closes);
        }

        Script notClosing() {
            return new Script(producers, seconds, lostSecond, stepSecond, false);
        }

        int consumers() {
            return Math.max(1, producers / 16);
        }
    }

    final Script script;
    final Plan plan;
    final String id;
    private final SplittableRandom random = new SplittableRandom(7);
    private final Map<String, List<AgentInterval>> intervals = new LinkedHashMap<>();
    private int second; // that comes next
    private long scheduled;
    private long sent;
    private long skipped;
    private long cancelled;
    private long received;
    private long measured;
    private long late;

    /** @param number of the runs so far, this one included */
    ScriptedRun(Script script, int number) {
        id = "20261124T085958Z-scripted" + (number == 1 ? "" : "-" + number);
        this.script = script;
        PlanBuilder builder = new PlanBuilder();
        Map.of(
                        "name",
                        "scripted",
                        "agents",
                        "" + script.producers(),
                        "consumers",
                        "" + script.consumers(),
                        "rate",
                        (int) (PRODUCER_HERTZ * script.producers()) + "/s",
                        "size",
                        SIZE_BYTES + "B",
                        "warmup",
                        WARMUP_SECONDS + "s",
                        "duration",
                        script.seconds() - WARMUP_SECONDS + "s")
                .forEach((key, value) -> builder.set("script", key, value));
        builder.set("script", "gates", "loss == 0");
        builder.set("script", "gates", "response_time.p99 < 20ms");
        plan = builder.build();
    }

    List<String> names() {
        return Stream.concat(
                        IntStream.rangeClosed(1, script.producers()).mapToObj(i -> "p" + i),
                        IntStream.rangeClosed(1, script.consumers()).mapToObj(i -> "c" + i))
                .toList();
    }

    List<AgentInterval> intervals(String agent) {
        return intervals.getOrDefault(agent, List.of());
    }

    int second() {
        return second;
    }

    boolean isOver() {
        return second >= script.seconds();
    }

    boolean losesNow() {
        return second == script.lostSecond();
    }

    boolean stepsNow() {
        return second == script.stepSecond();
    }

    private boolean isLost(String agent) {
        return agent.equals("p3") && script.lostSecond() >= 0 && second >= script.lostSecond();
    }

    /** What a producer is to send a second. */
    private double hertz() {
        return PRODUCER_HERTZ * (script.stepSecond() >= 0 && second >= script.stepSecond() ? 1.5 : 1);
    }

    /** The next second. */
    LiveRow next() {
        Phase phase = second < WARMUP_SECONDS ? Phase.WARMUP : Phase.MEASURED;
        double median = 900 + 300 * Math.sin(second / 40.0) + (second % 97 == 60 ? 9_000 : 0);
        List<AgentInterval> agents = new ArrayList<>();
        long[] sums = new long[5]; // scheduled, sent, skipped, cancelled, late
        for (int i = 1; i <= script.producers(); i++) {
            String name = "p" + i;
            long target = Math.round(hertz());
            long missed = isLost(name) ? target : second % 97 == 60 ? random.nextInt(30) : 0;
            long lateAnswers = random.nextInt(50) == 0 ? 1 : 0;
            sums[0] += target;
            sums[1] += target - missed;
            sums[isLost(name) ? 3 : 2] += missed;
            sums[4] += isLost(name) ? 0 : lateAnswers;
            if (!isLost(name)) {
                agents.add(producer(name, phase, target, missed, lateAnswers, median, i));
            }
        }
        for (int i = 1; i <= script.consumers(); i++) {
            agents.add(consumer("c" + i, phase, sums[1] / script.consumers()));
        }
        agents.forEach(agent -> intervals
                .computeIfAbsent(agent.agent(), name -> new ArrayList<>())
                .add(agent));
        if (phase == Phase.MEASURED) {
            scheduled += sums[0];
            sent += sums[1];
            skipped += sums[2];
            cancelled += sums[3];
            received += sums[1];
            late += sums[4];
            measured += sums[1] - sums[4];
        }
        LiveRow row = new LiveRow(fleet(phase, sums, median), heat(median, sums[1]), agents);
        second++;
        return row;
    }

    private FleetInterval fleet(Phase phase, long[] sums, double median) {
        return new FleetInterval(
                second,
                phase,
                UtcTime.iso(T0.plusSeconds(second)),
                hertz() * script.producers(),
                sums[0],
                sums[1],
                sums[2],
                sums[3],
                sums[1],
                sums[1],
                sums[1] - sums[4],
                sums[4],
                0L,
                sums[1] * SIZE_BYTES,
                sums[1] * SIZE_BYTES,
                sums[1],
                sums[1] * SIZE_BYTES,
                quantiles(median),
                quantiles(median * 1.1),
                quantiles(40));
    }

    private Quantiles quantiles(double median) {
        double noise = 0.9 + 0.2 * random.nextDouble();
        double m = median * noise;
        return new Quantiles(
                (long) m, (long) (m * 1.3), (long) (m * 2.2), (long) (m * 6), (long) (m * 14), (long) (m * 30 * noise));
    }

    /** A bell over the logarithm, with a long tail to the slow side. */
    private Heat heat(double median, long count) {
        List<Long> pairs = new ArrayList<>();
        double middle = Math.log10(median) * Heat.PER_DECADE;
        for (long bucket = 0; bucket < Heat.BUCKETS; bucket++) {
            double away = bucket - middle;
            double share = away < 0 ? Math.exp(-away * away / 2) : Math.exp(-away / 1.6);
            long n = Math.round(count * share * 0.3 * (0.8 + 0.4 * random.nextDouble()));
            if (n > 0) {
                pairs.add(bucket);
                pairs.add(n);
            }
        }
        return new Heat(pairs);
    }

    private AgentInterval producer(
            String name, Phase phase, long target, long missed, long lateAnswers, double median, int number) {
        long carried = target - missed;
        long lateness = number % 7 == 5 ? 4_000 + random.nextInt(3_000) : 30 + random.nextInt(60);
        return new AgentInterval(
                second,
                phase,
                name,
                Role.PRODUCER,
                (double) target,
                target,
                carried,
                missed,
                0L,
                carried,
                carried,
                carried - lateAnswers,
                lateAnswers,
                0L,
                carried,
                carried * SIZE_BYTES,
                (long) median,
                (long) (median * 6),
                (long) (median * 6) + lateness,
                lateness / 3,
                lateness,
                lateness * 2,
                carried * SIZE_BYTES * 103 / 100,
                carried * 200,
                0.2 + 0.1 * random.nextDouble(),
                (long) random.nextInt(4),
                120L << 20,
                offset(number),
                12.0 + number % 5);
    }

    private AgentInterval consumer(String name, Phase phase, long count) {
        return new AgentInterval(
                second,
                phase,
                name,
                Role.CONSUMER,
                null,
                null,
                null,
                null,
                null,
                count,
                count,
                null,
                null,
                0L,
                count,
                count * SIZE_BYTES,
                null,
                null,
                null,
                null,
                null,
                null,
                count * 250,
                count * SIZE_BYTES * 103 / 100,
                1.2 + 0.3 * random.nextDouble(),
                (long) random.nextInt(9),
                300L << 20,
                offset(0),
                9.0);
    }

    private static double offset(int number) {
        return number == 0 ? 3.0 : (number % 2 == 0 ? 140.0 : -85.0) * number / 3;
    }

    /** Everyone, now. */
    List<AgentStatus> agents() {
        return names().stream().map(this::agent).toList();
    }

    private AgentStatus agent(String name) {
        boolean producer = name.startsWith("p");
        int number = Integer.parseInt(name.substring(1));
        List<AgentInterval> told = intervals(name);
        return new AgentStatus(
                name,
                producer ? Role.PRODUCER : Role.CONSUMER,
                (producer ? "node" : "sink") + (number + 3) / 4,
                4000L + number,
                "0.1.0",
                "eth" + number % 4,
                "10.0." + number % 4 + "." + number,
                producer ? 10_000_000_000L : 25_000_000_000L,
                16,
                isLost(name) ? "lost" : isOver() ? "idle" : "running",
                isLost(name) ? 3_000L + 1000L * (second - script.lostSecond()) : 100L + 37 * number % 900,
                new Summary.Clock(producer ? offset(number) : offset(0), 12.0 + number % 5, 0.4, 40, 0),
                producer ? List.of("tcp://10.0." + number % 4 + "." + number + ":5555") : List.of(),
                told.isEmpty() ? null : told.get(told.size() - 1),
                producer ? ledger(told) : null,
                isLost(name) ? "no heartbeat for 3 s" : null);
    }

    private static LedgerFigures ledger(List<AgentInterval> told) {
        long due = told.stream().mapToLong(AgentInterval::scheduled).sum();
        long out = told.stream().mapToLong(AgentInterval::sent).sum();
        long inTime = told.stream().mapToLong(AgentInterval::measured).sum();
        return new LedgerFigures(due, out, due - out, 0, out, 0L, out, 0L, inTime, out - inTime, true);
    }

    /** Where the run stands. */
    RunStatus status() {
        double measuredSeconds = Math.max(0, second - WARMUP_SECONDS);
        double target = PRODUCER_HERTZ * script.producers();
        double achieved = measuredSeconds == 0 ? 0 : sent / measuredSeconds;
        long odd = script.closes() || second < WARMUP_SECONDS + 5 ? 0 : 17;
        LedgerFigures ledger = new LedgerFigures(
                scheduled + odd, sent, skipped, cancelled, received, 0L, received, 0L, measured, late, odd == 0);
        Percentiles response = measured == 0
                ? Percentiles.NONE
                : new Percentiles(measured, 0, 1_250.0, 210L, 990L, 1_300L, 2_200L, 5_950L, 13_900L, 271_000L);
        return new RunStatus(
                new RunStatus.Run(
                        id,
                        plan.name(),
                        isOver() ? "done" : second == 0 ? "gathering" : "running",
                        isOver() ? script.lostSecond() >= 0 ? Outcome.AGENTS_LOST : Outcome.DONE : null,
                        null,
                        second == 0 ? "waiting for p2" : "",
                        UtcTime.iso(T0.minusSeconds(2)),
                        second == 0 ? null : UtcTime.iso(T0),
                        isOver() ? UtcTime.iso(T0.plusSeconds(second)) : null),
                isOver() ? verdict() : null,
                new Summary.Load(target, (double) SIZE_BYTES, script.seconds() - 5.0, target * SIZE_BYTES, null),
                new Summary.Load(achieved, (double) SIZE_BYTES, measuredSeconds, achieved * SIZE_BYTES, "received"),
                ledger,
                Map.of("response_time", response, "total", response, "lateness", response),
                List.of(
                        new GateResult("loss == 0", 0.0, true, null),
                        new GateResult("response_time.p99 < 20ms", 5_950.0, true, null)),
                new RunStatus.Progress(
                        second == 0 || isOver() ? null : second < WARMUP_SECONDS ? "warmup" : "measured",
                        second == 0 ? null : (double) second,
                        script.seconds(),
                        isOver() ? 1 : 0,
                        script.producers() + script.consumers(),
                        script.producers() + script.consumers() - (second == 0 ? 1 : 0),
                        second == 0 ? List.of("p2") : List.of()));
    }

    private Verdict verdict() {
        return script.lostSecond() >= 0
                ? new Verdict(
                        Verdict.Status.DEGRADED, List.of("Producer p3 was lost: no heartbeat for 3 s."), List.of())
                : new Verdict(Verdict.Status.VALID, List.of(), List.of());
    }
}
