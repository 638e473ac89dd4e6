package dev.freshet.coordinator.results.report;

import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.control.ToCoordinator.HostSample;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.ShardPlanner;
import dev.freshet.common.time.ClockFilter;
import dev.freshet.common.time.UtcTime;
import dev.freshet.coordinator.books.BooksOfAgents;
import dev.freshet.coordinator.books.BooksOfAgents.Entry;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.books.RunBooks;
import dev.freshet.coordinator.intervals.LiveRows;
import dev.freshet.coordinator.results.AgentFacts;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.RunFacts;
import dev.freshet.coordinator.results.SimulatedRun;
import dev.freshet.coordinator.results.Summaries;
import dev.freshet.coordinator.results.SummaryJson;
import dev.freshet.coordinator.results.merge.MergeResult;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.results.recording.RunRecorder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A result to look at: four producers and a consumer, 1000 messages of 1 MiB a second for two minutes. In the middle p2 skips half of what it should
 * send, and answers are slow. The consumer is called as rudely as events and notes allow.
 */
public final class DemoRun {
    static final String RUDE = "</script><script>alert('1')</script>\u2028<b>&amp;";
    private static final int WARMUP = 5;
    private static final int SECONDS = 120;
    private static final int SLUMP = 60;
    private static final int SLUMP_SECONDS = 15;
    private static final int PER_SECOND = 250;
    private static final long SIZE = 1 << 20;

    private final Plan plan;
    private final List<Party> parties = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(9);

    private DemoRun() {
        PlanBuilder builder = new PlanBuilder();
        Map.of("name", "demo", "agents", "4", "rate", "1000/s", "size", "1MiB", "duration", "120s", "warmup", "5s")
                .forEach((key, value) -> builder.set("test", key, value));
        builder.set("--gate", "gates", "response_time.p99 < 20ms");
        builder.set("--gate", "gates", "skipped < 0.1%");
        plan = builder.build();
        List<String> producers = List.of("p1", "p2", "p3", "p4");
        ShardPlanner.producers(plan, producers, List.of(1, 1, 1, 1))
                .forEach(shard -> parties.add(Party.producer(shard)));
        ShardPlanner.consumers(plan, List.of("c1"), producers).forEach(shard -> parties.add(Party.consumer(shard)));
    }

    /** Makes a result directory in {@code results}. */
    public static ResultDirectory in(Path results) throws IOException {
        DemoRun run = new DemoRun();
        Instant t0 = UtcTime.instant(SimulatedRun.T0_MICROS);
        ResultDirectory directory = ResultDirectory.create(results, t0, run.plan);
        try (RunRecorder recorder = new RunRecorder(directory.path())) {
            run.record(directory, recorder, t0);
        }
        return directory;
    }

    private void record(ResultDirectory directory, RunRecorder recorder, Instant t0) throws IOException {
        LiveRows figures =
                new LiveRows(plan.rates(), parties, name -> new ClockFilter.Estimate(1500, 40_000, null, 16, 0));
        recorder.event(EventLine.at(t0.minusSeconds(1), "joined", "p1", "from host1, pid 100"));
        recorder.event(EventLine.at(t0, "t0", null, "all start at " + t0));
        recorder.event(EventLine.at(t0.plusSeconds(WARMUP + SLUMP), "note", "p2", RUDE));
        recorder.start(SimulatedRun.T0_MICROS);
        RunBooks books =
                new RunBooks(plan.timing(), parties, SimulatedRun.T0_MICROS, row -> recorder.row(row, figures.of(row)));
        Map<String, BooksOfAgents> agents = new LinkedHashMap<>();
        parties.forEach(party -> agents.put(party.agent(), new BooksOfAgents(party.agent(), books)));
        for (int second = 0; second < WARMUP + SECONDS; second++) {
            report(second, agents);
        }
        Map<String, Finished> finished = new LinkedHashMap<>();
        agents.forEach((name, agent) -> finished.put(name, agent.finish(null)));
        recorder.totals(books.account().measured());
        SummaryJson.write(
                directory,
                Summaries.of(new RunFacts(
                        directory.path().getFileName().toString(),
                        plan,
                        plan.rates(),
                        RunFacts.Ending.done(false),
                        t0.minusSeconds(2),
                        SimulatedRun.T0_MICROS,
                        t0.plusSeconds(WARMUP + SECONDS + 1),
                        facts(finished),
                        books.account(),
                        List.of(RUDE),
                        new MergeResult(books.account().ledger().measured(), 0),
                        Map.of("freshet", "0.1.0", "host", "host1", "cores", 16))));
    }

    private List<AgentFacts> facts(Map<String, Finished> finished) {
        return parties.stream()
                .map(party -> new AgentFacts(
                        party.agent(),
                        "host1",
                        "lo",
                        null,
                        List.of("tcp://127.0.0.1:5555"),
                        16,
                        new ClockFilter.Estimate(1500, 40_000, null, 16, 0),
                        finished.get(party.agent())))
                .toList();
    }

    private void report(int second, Map<String, BooksOfAgents> agents) {
        Phase phase = second < WARMUP ? Phase.WARMUP : Phase.MEASURED;
        boolean slump = second >= WARMUP + SLUMP && second < WARMUP + SLUMP + SLUMP_SECONDS;
        List<Entry> received = new ArrayList<>();
        agents.forEach((name, agent) -> {
            HostSample host = new HostSample(0.3 + 0.1 * random.nextDouble(), 1, 200L << 20);
            if (name.equals("c1")) {
                agent.report(null, host, received.toArray(new Entry[0]));
                return;
            }
            int sent = slump && name.equals("p2") ? PER_SECOND / 2 + random.nextInt(10) : PER_SECOND;
            agent.report(null, host, new Entry(name, phase, sent(sent, slump ? 8 : 1)));
            received.add(new Entry(
                    name, phase, BooksOfAgents.counts(Count.RECEIVED, sent, Count.RECEIVED_BYTES, sent * SIZE)));
        });
    }

    private Book sent(int sent, int slowness) {
        Book book =
                BooksOfAgents.counts(Count.SCHEDULED, PER_SECOND, Count.SKIPPED, PER_SECOND - sent, Count.SENT, sent);
        book.add(BooksOfAgents.counts(
                Count.SENT_BYTES, sent * SIZE, Count.WIRE_BYTES, sent * (SIZE + 90), Count.ANSWERED, sent));
        book.counts().add(Count.MEASURED, sent);
        for (int i = 0; i < sent; i++) {
            // most are quick, few are slow: 1/u has such a tail
            long total = slowness * (long) (400 + 120 / (random.nextDouble() + 0.004));
            long late = 20 + random.nextInt(60);
            book.record(Metric.LATENESS, late);
            book.record(Metric.TOTAL, total);
            book.record(Metric.NETWORK, total / 3);
            book.record(Metric.PROCESSING, total / 3);
            book.record(Metric.RESPONSE_TIME, total + late);
            book.record(Metric.CLOCK_OFFSET, random.nextInt(41) - 20);
        }
        return book;
    }
}
