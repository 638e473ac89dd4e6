package dev.freshet.coordinator.results;

import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.control.ToCoordinator.HostSample;
import dev.freshet.common.control.ToCoordinator.NetworkSample;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.MeasurementCsv;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.ShardPlanner;
import dev.freshet.common.time.ClockFilter;
import dev.freshet.common.time.UtcTime;
import dev.freshet.coordinator.books.BooksOfAgents;
import dev.freshet.coordinator.books.BooksOfAgents.Entry;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.books.RunBooks;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.intervals.LiveRows;
import dev.freshet.coordinator.results.merge.MergeResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A run of two producers and a consumer, without processes or waiting: 200 messages a second of 1000 bytes, a second of warm-up and three
 * measured ones, with delays drawn from a seed. The consumer's clock is 0.1 ms ahead, so clock offsets fall on both sides of zero.
 */
public final class SimulatedRun {
    public static final long T0_MICROS = 1_795_000_000_000_000L;
    private static final int INTERVALS = 6;
    private static final int HEADERS_BYTES = 90;

    public final Plan plan;
    public final List<IntervalRow> rows = new ArrayList<>();
    public final RunBooks books;
    private final List<Party> parties = new ArrayList<>();
    private final Map<String, List<Map<Phase, Book>>> reports = new LinkedHashMap<>();
    private final Map<String, ByteBuffer> csv = new LinkedHashMap<>();
    private final Map<String, Finished> finished = new LinkedHashMap<>();

    public SimulatedRun(String... gates) {
        this(row -> {}, gates);
    }

    public SimulatedRun(Consumer<IntervalRow> alsoTell, String... gates) {
        this(alsoTell, Measure.ALL, gates);
    }

    /** A run of which only some answers have rows. */
    static SimulatedRun measuring(String measure) {
        return new SimulatedRun(row -> {}, Measure.parse("test", measure));
    }

    private SimulatedRun(Consumer<IntervalRow> alsoTell, Measure measure, String... gates) {
        PlanBuilder builder = new PlanBuilder();
        Map.of("name", "demo", "agents", "2", "rate", "200/s", "size", "1000B", "duration", "3s", "warmup", "1s")
                .forEach((key, value) -> builder.set("test", key, value));
        builder.set("test", "measure", measure.toString());
        for (String gate : gates) {
            builder.set("--gate", "gates", gate);
        }
        plan = builder.build();
        ShardPlanner.producers(plan, List.of("p1", "p2"), List.of(1, 1))
                .forEach(shard -> parties.add(Party.producer(shard)));
        ShardPlanner.consumers(plan, List.of("c1"), List.of("p1", "p2"))
                .forEach(shard -> parties.add(Party.consumer(shard)));
        books = new RunBooks(plan.timing(), parties, T0_MICROS, row -> {
            rows.add(row);
            alsoTell.accept(row);
        });
        SplittableRandom random = new SplittableRandom(42);
        for (Party party : parties.subList(0, 2)) {
            send((Shard.Producing) party.shard(), random);
        }
    }

    private void send(Shard.Producing shard, SplittableRandom random) {
        csv.put(shard.agent(), ByteBuffer.allocate(MeasurementCsv.MAX_ROW_BYTES * (int) shard.messages()));
        for (long i = 0; i < shard.messages(); i++) {
            Phase phase = i < shard.firstMeasured() ? Phase.WARMUP : Phase.MEASURED;
            long intended = T0_MICROS + shard.schedule().nanosAt(i) / 1000;
            long t1 = intended + random.nextInt(50);
            long t2 = t1 + 100 + 100 + random.nextInt(400); // network, and the clock's offset
            long t3 = t2 + 50 + random.nextInt(50);
            long t4 = t3 - 100 + 100 + random.nextInt(400);
            Book sending = book(shard.agent(), t1, phase);
            sending.counts()
                    .add(BooksOfAgents.counts(Count.SCHEDULED, 1, Count.SENT, 1, Count.SENT_BYTES, 1000)
                            .counts());
            sending.counts().add(Count.WIRE_BYTES, 1000 + HEADERS_BYTES);
            sending.record(Metric.LATENESS, t1 - intended);
            Book received = book("c1/" + shard.agent(), t2, phase);
            received.counts()
                    .add(BooksOfAgents.counts(Count.RECEIVED, 1, Count.RECEIVED_BYTES, 1000)
                            .counts());
            Book answered = book(shard.agent(), t4, phase);
            answered.counts()
                    .add(BooksOfAgents.counts(Count.ANSWERED, 1, Count.MEASURED, 1)
                            .counts());
            answered.record(Metric.TOTAL, t4 - t1);
            answered.record(Metric.NETWORK, ((t4 - t1) - (t3 - t2)) / 2);
            answered.record(Metric.PROCESSING, t3 - t2);
            answered.record(Metric.RESPONSE_TIME, t4 - intended);
            answered.record(Metric.CLOCK_OFFSET, ((t2 - t1) + (t3 - t4)) / 2);
            if (phase == Phase.MEASURED && plan.measure().takes(i)) {
                answered.counts().increment(Count.ROWS);
                byte[] prefix = (shard.agent() + "-").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                MeasurementCsv.append(csv.get(shard.agent()), i, prefix, t1, t2, t3, t4, 1000, intended);
            }
        }
    }

    /** What is told of a row; the clocks of all agents are known to 10 us. */
    public LiveRow live(IntervalRow row) {
        return live(row, parties);
    }

    /** The same, if nobody of ours received anything. */
    public LiveRow liveWithoutConsumers(IntervalRow row) {
        return live(row, parties.subList(0, 2));
    }

    private LiveRow live(IntervalRow row, List<Party> told) {
        return new LiveRows(plan.rates(), told, name -> new ClockFilter.Estimate(0, 10_000, null, 8, 0)).of(row);
    }

    private Book book(String reporter, long atMicros, Phase phase) {
        List<Map<Phase, Book>> intervals = reports.computeIfAbsent(reporter, r -> {
            List<Map<Phase, Book>> list = new ArrayList<>();
            for (int i = 0; i < INTERVALS; i++) {
                list.add(new LinkedHashMap<>());
            }
            return list;
        });
        return intervals.get((int) ((atMicros - T0_MICROS) / 1_000_000)).computeIfAbsent(phase, p -> new Book());
    }

    /** All agents report all intervals and finish. */
    public SimulatedRun play() {
        for (Party party : parties) {
            play(party.agent(), INTERVALS);
        }
        return this;
    }

    /** One agent reports its first intervals; it finishes if these are all. */
    public void play(String agent, int intervals) {
        BooksOfAgents reporter = new BooksOfAgents(agent, books);
        for (int i = 0; i < intervals; i++) {
            List<Entry> entries = new ArrayList<>();
            for (String producer : agent.equals("c1") ? List.of("p1", "p2") : List.of(agent)) {
                String key = agent.equals("c1") ? "c1/" + producer : agent;
                reports.get(key).get(i).forEach((phase, book) -> entries.add(new Entry(producer, phase, book)));
            }
            long millis = i * 1000L + 500;
            long millisSending = Math.min(millis, 4000);
            NetworkSample network = new NetworkSample(
                    T0_MICROS + millis * 1000,
                    218 * millisSending * 102 / 100,
                    0,
                    230 * millisSending / 1000,
                    0,
                    0,
                    0,
                    0,
                    0);
            reporter.report(network, new HostSample(0.25, 1, 100L << 20), entries.toArray(new Entry[0]));
        }
        if (intervals == INTERVALS) {
            finish(agent, reporter);
        }
    }

    private void finish(String agent, BooksOfAgents reporter) {
        Finished plain = reporter.finished(null);
        Long firstSend =
                agent.equals("c1") ? null : Long.valueOf((T0_MICROS + (agent.equals("p2") ? 5_030 : 20)) * 1000);
        Finished complete = new Finished(
                "run", plain.intervals(), plain.totals(), firstSend, T0_MICROS * 1000, 0, null, List.of(), List.of());
        books.finished(agent, complete);
        finished.put(agent, complete);
    }

    /** Writes what the producers would deliver. */
    public void deliver(ResultDirectory directory) throws IOException {
        if (plan.measure().equals(Measure.NONE)) {
            return;
        }
        for (Map.Entry<String, ByteBuffer> file : csv.entrySet()) {
            try (var out = Files.newOutputStream(directory.agentFile(file.getKey(), ResultDirectory.MEASUREMENTS))) {
                out.write(MeasurementCsv.headerLine());
                out.write(file.getValue().array(), 0, file.getValue().position());
            }
        }
    }

    public List<AgentFacts> agentFacts() {
        return parties.stream()
                .map(party -> new AgentFacts(
                        party.agent(),
                        "host1",
                        "lo",
                        null,
                        List.of("tcp://127.0.0.1:5555"),
                        4,
                        new ClockFilter.Estimate(1500, 40_000, null, 16, 0),
                        finished.get(party.agent())))
                .toList();
    }

    public RunFacts facts() {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("freshet", "0.1.0");
        environment.put("control_keys", false);
        environment.put("insecure", true);
        Instant t0 = UtcTime.instant(T0_MICROS);
        return new RunFacts(
                "r1",
                plan,
                plan.rates(),
                RunFacts.Ending.done(false),
                t0.minusSeconds(2),
                T0_MICROS,
                t0.plusSeconds(5),
                agentFacts(),
                books.account(),
                List.of(),
                new MergeResult(600, 0),
                environment);
    }
}
