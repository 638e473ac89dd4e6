package dev.freshet.coordinator.results;

import static dev.freshet.coordinator.books.BooksOfAgents.counts;

import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.control.ToCoordinator.NetworkSample;
import dev.freshet.common.measure.Count;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run over several hosts as its books tell it: a second of warm-up, three measured ones; each producer has 250 messages a second to send. */
final class FleetOnHosts {
    static final long MEGABIT = 1_000_000L;
    private static final long T0_MICROS = SimulatedRun.T0_MICROS;
    private static final int SENDING = 4;
    private static final int TARGET = 250;

    /** What an agent does and what its interface carries, each second. */
    private record Agent(
            String name, Place place, Long speed, int messages, long interfaceSent, long interfaceReceived) {}

    private final List<Agent> producers = new ArrayList<>();
    private final List<Agent> consumers = new ArrayList<>();
    private final PlanBuilder plan = new PlanBuilder();
    private boolean unpaced;
    private List<Integer> weights;

    /** @param sentMegabits what its interface sends a second, by its counters */
    FleetOnHosts producer(String name, String host, String network, Long megabits, int messages, double sentMegabits) {
        producers.add(new Agent(name, new Place(host, network), bits(megabits), messages, bytes(sentMegabits), 0));
        return this;
    }

    FleetOnHosts consumer(String name, String host, Long megabits, double receivedMegabits) {
        consumers.add(new Agent(name, new Place(host, "eth0"), bits(megabits), 0, 0, bytes(receivedMegabits)));
        return this;
    }

    /** Shares of the whole rate; without them all are equal. */
    FleetOnHosts weighted(Integer... shares) {
        weights = List.of(shares);
        return this;
    }

    FleetOnHosts unpaced() {
        unpaced = true;
        return this;
    }

    FleetOnHosts with(String key, String value) {
        plan.set("test", key, value);
        return this;
    }

    private static Long bits(Long megabits) {
        return megabits == null ? null : megabits * MEGABIT;
    }

    private static long bytes(double megabits) {
        return Math.round(megabits * MEGABIT / 8);
    }

    Summary summary() {
        return Summaries.of(facts());
    }

    List<String> notes() {
        return summary().verdict().notes();
    }

    RunFacts facts() {
        with("agents", "" + producers.size())
                .with("rate", unpaced ? "max" : TARGET * producers.size() + "/s")
                .with("size", "100kB");
        with("duration", "3s").with("warmup", "1s");
        if (!consumers.isEmpty()) {
            with("consumers", "" + consumers.size());
        }
        Plan built = plan.build();
        List<String> names = producers.stream().map(Agent::name).toList();
        List<Party> parties = new ArrayList<>();
        ShardPlanner.producers(built, names, weights == null ? Collections.nCopies(names.size(), 1) : weights)
                .forEach(shard -> parties.add(Party.producer(shard)));
        ShardPlanner.consumers(built, consumers.stream().map(Agent::name).toList(), names)
                .forEach(shard -> parties.add(Party.consumer(shard)));
        RunBooks books = new RunBooks(built.timing(), parties, T0_MICROS, row -> {});
        Map<String, Finished> finished = new LinkedHashMap<>();
        for (Party party : parties) {
            finished.put(party.agent(), report(party, books));
        }
        Instant t0 = UtcTime.instant(T0_MICROS);
        return new RunFacts(
                "r1",
                built,
                built.rates(),
                RunFacts.Ending.done(false),
                t0,
                T0_MICROS,
                t0.plusSeconds(5),
                agents().map(agent -> facts(agent, finished.get(agent.name))).toList(),
                books.account(),
                List.of(),
                null,
                Map.of());
    }

    private java.util.stream.Stream<Agent> agents() {
        return java.util.stream.Stream.concat(producers.stream(), consumers.stream());
    }

    private Agent agent(String name) {
        return agents().filter(agent -> agent.name.equals(name)).findFirst().orElseThrow();
    }

    private Finished report(Party party, RunBooks books) {
        Agent agent = agent(party.agent());
        BooksOfAgents reporter = new BooksOfAgents(agent.name, books);
        for (int second = 0; second <= SENDING; second++) {
            List<Entry> entries = new ArrayList<>();
            Phase phase = second == 0 ? Phase.WARMUP : Phase.MEASURED;
            if (second < SENDING && party.serves().isEmpty()) {
                entries.add(new Entry(agent.name, phase, sent(agent.messages, unpaced ? agent.messages : TARGET)));
            } else if (second < SENDING) {
                party.serves()
                        .forEach(producer -> entries.add(
                                new Entry(producer, phase, counts(Count.RECEIVED, agent(producer).messages))));
            }
            reporter.report(sample(agent, second), null, entries.toArray(new Entry[0]));
        }
        Finished plain = reporter.finished(null);
        Finished last = new Finished(
                "run", plain.intervals(), plain.totals(), null, T0_MICROS * 1000, 0, null, List.of(), List.of());
        books.finished(agent.name, last);
        return last;
    }

    private static dev.freshet.common.measure.Book sent(int messages, int scheduled) {
        return counts(
                Count.SCHEDULED,
                scheduled,
                Count.SENT,
                messages,
                Count.SENT_BYTES,
                messages * 100_000,
                Count.WIRE_BYTES,
                messages * 100_000,
                Count.SKIPPED,
                scheduled - messages,
                Count.ANSWERED,
                messages,
                Count.MEASURED,
                messages);
    }

    /** Half a second into an interval; the first is from before T0, and the last from after the last message. */
    private static NetworkSample sample(Agent agent, int second) {
        double seconds = second == 0 ? 0 : Math.min(SENDING, second + 0.5);
        long at = second == 0 ? T0_MICROS - 500_000 : T0_MICROS + second * 1_000_000L + 500_000;
        return new NetworkSample(
                at,
                Math.round(agent.interfaceSent * seconds),
                Math.round(agent.interfaceReceived * seconds),
                0,
                0,
                0,
                0,
                0,
                0);
    }

    private static AgentFacts facts(Agent agent, Finished finished) {
        return new AgentFacts(
                agent.name,
                agent.place.host(),
                agent.place.interfaceName(),
                agent.speed,
                List.of("tcp://10.77.0.1:5555"),
                4,
                new ClockFilter.Estimate(0, 10, null, 16, 0),
                finished);
    }
}
