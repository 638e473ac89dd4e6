package dev.freshet.coordinator.books;

import dev.freshet.common.control.ToCoordinator.BookEntry;
import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.control.ToCoordinator.Progress;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Timing;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What one agent has reported so far: of each interval only its part in the sums is kept. */
final class AgentBooks {
    /** What only a consumer can know; all else is the producer's to count. */
    private static final Set<Count> RECEIVING = EnumSet.of(
            Count.RECEIVED, Count.RECEIVED_BYTES, Count.MISSING, Count.DUPLICATES, Count.OUT_OF_ORDER, Count.MALFORMED);

    private record Key(String producer, Phase phase) {}

    private Party party;
    private final Map<Key, Tally> tallies = new LinkedHashMap<>();
    private final Book measured = new Book();
    private final Counts warmup = new Counts();
    private final InterfaceWindow window;
    private AgentSample sample;
    private HostUse host = HostUse.NONE;
    private Long lastSendNanos;
    private int intervals;
    private Finished finished;
    private AgentAccount.Loss loss;

    AgentBooks(Party party) {
        this.party = party;
        long sendingNanos = party.shard().timing().sendingNanos();
        this.window = new InterfaceWindow((int) ((sendingNanos + Timing.INTERVAL_NANOS - 1) / Timing.INTERVAL_NANOS));
    }

    Party party() {
        return party;
    }

    /** The same agent with another timetable. */
    void changed(Party changed) {
        party = changed;
    }

    int intervals() {
        return intervals;
    }

    boolean ended() {
        return finished != null || loss != null;
    }

    boolean lost() {
        return loss != null;
    }

    /** Adds an interval that was checked, and puts its parts where the reports of its phase are. */
    void add(Progress progress, List<Book> books, Function<Phase, IntervalRow.Reports> reports) {
        Map<Phase, Book> byPhase = new EnumMap<>(Phase.class);
        for (int i = 0; i < books.size(); i++) {
            BookEntry entry = progress.entries().get(i);
            tally(entry.producer(), entry.phase()).add(books.get(i));
            addOwn(byPhase.computeIfAbsent(entry.phase(), phase -> new Book()), books.get(i));
            if (party.role() == Role.CONSUMER) {
                reports.apply(entry.phase())
                        .received()
                        .computeIfAbsent(entry.producer(), producer -> new Counts())
                        .add(books.get(i).counts());
            }
        }
        byPhase.forEach((phase, book) -> {
            sum(progress.interval(), phase, book);
            reports.apply(phase).agents().put(party.agent(), book);
        });
        long wireBytes = byPhase.values().stream()
                .mapToLong(book -> book.counts().get(Count.WIRE_BYTES))
                .sum();
        window.add(wireBytes, progress.network());
        host = host.plus(progress.host());
        sample = new AgentSample(progress.host(), window.latest());
        intervals++;
    }

    /** What its last interval told of its host. */
    AgentSample sample() {
        return sample;
    }

    /** @throws IllegalArgumentException if it is not what is due, or has books that the agent cannot keep */
    void check(Progress progress, List<Book> books) {
        String agent = party.agent();
        if (ended()) {
            throw new IllegalArgumentException(agent + " reported interval " + progress.interval() + " after its end");
        }
        if (progress.interval() != intervals) {
            throw new IllegalArgumentException(
                    agent + " reported interval " + progress.interval() + ", interval " + intervals + " was due");
        }
        if (progress.entries().size() != books.size()) {
            throw new IllegalArgumentException(agent + " sent " + books.size() + " books for "
                    + progress.entries().size() + " entries");
        }
        for (BookEntry entry : progress.entries()) {
            if (!party.keepsBooksOf(entry.producer())) {
                throw new IllegalArgumentException(agent + " keeps no books of producer " + entry.producer());
            }
        }
    }

    private void addOwn(Book into, Book book) {
        if (party.role() == Role.PRODUCER) {
            into.add(book);
            RECEIVING.forEach(count -> into.counts().set(count, 0));
        } else {
            RECEIVING.forEach(count -> into.counts().add(count, book.counts().get(count)));
        }
    }

    private void sum(int interval, Phase phase, Book book) {
        if (phase == Phase.WARMUP) {
            warmup.add(book.counts());
            return;
        }
        measured.add(book);
        if (book.counts().get(Count.SENT) > 0) {
            lastSendNanos = lastSend(interval, book);
        }
    }

    /** The last message went out before the interval's end, and was not later than the latest one of the interval: the lesser bound holds. */
    private long lastSend(int interval, Book book) {
        long end = (interval + 1) * Timing.INTERVAL_NANOS;
        if (!book.has(Metric.LATENESS)) {
            return end;
        }
        long latestNanos = Math.max(0, book.histogram(Metric.LATENESS).max()) * 1000;
        return Math.min(end, party.shard().timing().sendingNanos() + latestNanos);
    }

    private Tally tally(String producer, Phase phase) {
        return tallies.computeIfAbsent(new Key(producer, phase), key -> new Tally());
    }

    /** What this agent counted of one producer; zeros if nothing. */
    Counts counts(String producer, Phase phase) {
        Tally tally = tallies.get(new Key(producer, phase));
        return tally == null ? new Counts() : tally.counts();
    }

    /** Ends the books, and returns what does not fit in them. */
    List<String> finished(Finished message) {
        finished = message;
        window.end(message.network());
        List<String> mismatches = new ArrayList<>();
        if (message.intervals() != intervals) {
            mismatches.add(party.agent() + ": it says it reported " + message.intervals() + " intervals, " + intervals
                    + " arrived");
        }
        Map<Key, Tally> told = new LinkedHashMap<>();
        message.totals().forEach(entry -> told.put(new Key(entry.producer(), entry.phase()), Tally.of(entry)));
        told.keySet().forEach(key -> tally(key.producer, key.phase));
        tallies.forEach((key, tally) -> {
            Tally totals = told.getOrDefault(key, new Tally());
            String of = party.agent().equals(key.producer) ? "" : " of " + key.producer;
            tally.differences(totals)
                    .forEach(difference -> mismatches.add(party.agent() + ": " + key.phase + of + " " + difference));
        });
        return mismatches;
    }

    void lost(AgentAccount.Loss how) {
        loss = how;
    }

    AgentAccount account() {
        return new AgentAccount(
                party,
                intervals,
                measured,
                warmup,
                lastSendNanos,
                host,
                window.first(),
                window.last(),
                finished == null ? null : window.sentBytes(finished.t0Nanos() / 1000),
                window.rate(),
                loss);
    }
}
