package dev.freshet.coordinator.books;

import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.control.ToCoordinator.Progress;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Ledger;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Timing;
import dev.freshet.coordinator.books.IntervalRow.Reports;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The books of a run, from T0 on. Each agent's intervals come in order; as soon as every agent that is still in the run has reported an
 * interval its rows are told, and its books let go, so memory does not grow with the length of a run.
 *
 * <p>Not thread-safe: owned by one thread, which also gets the rows.
 */
public final class RunBooks {
    private final Timing timing;
    private final long t0Micros;
    private final Consumer<IntervalRow> rows;
    private final Map<String, AgentBooks> agents = new LinkedHashMap<>();
    private final TreeMap<Integer, Interval> open = new TreeMap<>();
    private final List<String> mismatches = new ArrayList<>();
    private final ToldCounts told = new ToldCounts();
    private final Map<Phase, Book> sums = new EnumMap<>(Phase.class);

    /** One that not all have reported yet. */
    private record Interval(Map<Phase, Reports> reports, Map<String, AgentSample> samples) {
        Interval() {
            this(new EnumMap<>(Phase.class), new LinkedHashMap<>());
        }

        Reports of(Phase phase) {
            return reports.computeIfAbsent(phase, first -> new Reports());
        }
    }

    /**
     * @param t0Micros the common start on the coordinator's clock, microseconds since the epoch
     * @param rows gets each row, in order of interval, the warm-up's before the measured one
     */
    public RunBooks(Timing timing, List<Party> parties, long t0Micros, Consumer<IntervalRow> rows) {
        this.timing = timing;
        this.t0Micros = t0Micros;
        this.rows = rows;
        parties.forEach(party -> agents.put(party.agent(), new AgentBooks(party)));
        for (Phase phase : Phase.values()) {
            sums.put(phase, new Book());
        }
    }

    /**
     * Adds one interval of one agent.
     *
     * @param books in the order of the message's entries; from here on they are ours
     * @throws IllegalArgumentException if the agent is not in the run, has ended, leaves an interval out, sends one twice, or books that it
     *     cannot have; the message says which, and nothing was added
     */
    public void add(String agent, Progress progress, List<Book> books) {
        AgentBooks reporter = agent(agent);
        reporter.check(progress, books);
        Interval interval = open.computeIfAbsent(progress.interval(), first -> new Interval());
        reporter.add(progress, books, interval::of);
        interval.samples().put(agent, reporter.sample());
        tellComplete();
    }

    /**
     * A producer is to send by another timetable than it had.
     *
     * @throws IllegalArgumentException if it is not in the run
     */
    public void changed(Party producer) {
        agent(producer.agent()).changed(producer);
    }

    /**
     * Ends an agent's books. What differs between its totals and its intervals becomes a mismatch of the account.
     *
     * @throws IllegalArgumentException if the agent is not in the run, or has ended
     */
    public void finished(String agent, Finished message) {
        AgentBooks books = agent(agent);
        if (books.ended()) {
            throw new IllegalArgumentException(agent + " finished after its end");
        }
        mismatches.addAll(books.finished(message));
        tellComplete();
    }

    /**
     * Gives an agent up; nobody waits for it any more. Without effect on one that has ended: its books are whole.
     *
     * @throws IllegalArgumentException if the agent is not in the run
     */
    public void lost(String agent, Instant at, String reason) {
        AgentBooks books = agent(agent);
        if (!books.ended()) {
            books.lost(new AgentAccount.Loss(at, reason));
            tellComplete();
        }
    }

    /** The agents that have neither finished nor been lost. */
    public List<String> stillRunning() {
        return agents.values().stream()
                .filter(books -> !books.ended())
                .map(books -> books.party().agent())
                .toList();
    }

    /**
     * What the books come to; whole once nobody is {@link #stillRunning}. The sums are copies: whoever gets them may read them on another thread, while
     * these here are still read for the status (even reading a histogram moves an iterator that it has).
     */
    public RunAccount account() {
        Map<String, AgentAccount> accounts = new LinkedHashMap<>();
        agents.forEach((name, books) -> accounts.put(name, books.account()));
        Ledgers ledgers = new Ledgers(agents.values());
        return new RunAccount(
                accounts,
                sum(Phase.MEASURED),
                sum(Phase.WARMUP),
                ledgers.byProducer(Phase.MEASURED),
                ledgers.sum(Phase.MEASURED),
                ledgers.sum(Phase.WARMUP),
                List.copyOf(mismatches));
    }

    private Book sum(Phase phase) {
        Book copy = new Book();
        copy.add(sums.get(phase));
        return copy;
    }

    /** What the rows that were told come to. */
    public SoFar soFar() {
        Map<String, Ledger> ledgers = new LinkedHashMap<>();
        agents.forEach((name, books) -> {
            if (books.party().role() == Role.PRODUCER) {
                ledgers.put(name, soFar(books, isReceivedKnown(name) ? told.received(name) : null));
            }
        });
        return new SoFar(
                told.intervals(),
                sums.get(Phase.MEASURED),
                ledgers,
                ledgers.values().stream().reduce(Ledger.EMPTY, Ledger::plus));
    }

    /** What a producer sent after its last report, before it was lost, is known of its consumer only, as it will be in the end. */
    private Ledger soFar(AgentBooks producer, Long received) {
        Counts counts = told.of(producer.party().agent());
        if (!producer.lost() || received == null || received <= counts.get(Count.SENT)) {
            return Ledger.of(counts, received);
        }
        Counts completed = counts.copy();
        completed.add(Count.SCHEDULED, received - counts.get(Count.SENT));
        completed.set(Count.SENT, received);
        return Ledger.of(completed, received);
    }

    private boolean isReceivedKnown(String producer) {
        return agents.values().stream().anyMatch(books -> books.party().serves().contains(producer) && !books.lost());
    }

    private AgentBooks agent(String name) {
        AgentBooks books = agents.get(name);
        if (books == null) {
            throw new IllegalArgumentException(name + " is not in the run");
        }
        return books;
    }

    private void tellComplete() {
        int awaited = agents.values().stream()
                .filter(books -> !books.ended())
                .mapToInt(AgentBooks::intervals)
                .min()
                .orElse(Integer.MAX_VALUE);
        while (!open.isEmpty() && open.firstKey() < awaited) {
            tell(open.pollFirstEntry());
        }
    }

    private void tell(Map.Entry<Integer, Interval> interval) {
        int number = interval.getKey();
        for (Phase phase : Phase.values()) {
            Reports reports = interval.getValue().reports().getOrDefault(phase, Reports.NONE);
            boolean due = phase == timing.phaseOf(number);
            if (due || reports.agents().values().stream().anyMatch(book -> !book.isEmpty())) {
                IntervalRow row = IntervalRow.of(
                        number,
                        phase,
                        t0Micros + number * 1_000_000L,
                        reports,
                        interval.getValue().samples());
                sums.get(phase).add(row.fleet());
                told.add(row);
                rows.accept(row);
            }
        }
    }
}
