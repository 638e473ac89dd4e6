package dev.freshet.coordinator.books;

import dev.freshet.common.control.BookCodec;
import dev.freshet.common.control.ToCoordinator.BookEntry;
import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.control.ToCoordinator.HostSample;
import dev.freshet.common.control.ToCoordinator.NetworkSample;
import dev.freshet.common.control.ToCoordinator.Progress;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.plan.Waiting;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An agent as its books' reader sees it: it reports intervals through the codec, and remembers what they add up to. */
public final class BooksOfAgents {
    private static final long T0_NANOS = 1_700_000_000_000_000_000L;

    private record Key(String producer, Phase phase) {}

    private final String agent;
    private final RunBooks books;
    private final Map<Key, Book> totals = new LinkedHashMap<>();
    private int intervals;

    public BooksOfAgents(String agent, RunBooks books) {
        this.agent = agent;
        this.books = books;
    }

    /** One book of an interval. */
    public record Entry(String producer, Phase phase, Book book) {}

    public static Timing timing(int warmupSeconds, int measuredSeconds) {
        return new Timing(warmupSeconds * 1_000_000_000L, measuredSeconds * 1_000_000_000L, 1_000_000_000L);
    }

    public static Party producer(String name, long hertz, Timing timing) {
        Schedule schedule = Schedule.of(Rate.perSecond(hertz));
        return Party.producer(new Shard.Producing(
                name,
                schedule,
                SizeMix.single(1000),
                1,
                0,
                0,
                OnFull.SKIP,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                timing));
    }

    public static Party consumer(String name, Timing timing, String... serves) {
        return Party.consumer(new Shard.Consuming(name, List.of(serves), 0, 0, 1, 1000, timing));
    }

    public static Book counts(Object... countsAndAmounts) {
        Book book = new Book();
        for (int i = 0; i < countsAndAmounts.length; i += 2) {
            book.counts().add((Count) countsAndAmounts[i], ((Number) countsAndAmounts[i + 1]).longValue());
        }
        return book;
    }

    public BooksOfAgents report(Entry... entries) {
        return report(null, null, entries);
    }

    public BooksOfAgents report(NetworkSample network, HostSample host, Entry... entries) {
        List<byte[]> attachments = new ArrayList<>();
        List<BookEntry> encoded = new ArrayList<>();
        for (Entry entry : entries) {
            encoded.add(BookCodec.encode(entry.producer(), entry.phase(), entry.book(), attachments));
            totals.computeIfAbsent(new Key(entry.producer(), entry.phase()), key -> new Book())
                    .add(entry.book());
        }
        Progress progress = new Progress("run", intervals++, encoded, network, host);
        books.add(agent, progress, BookCodec.decode(encoded, attachments));
        return this;
    }

    public Finished finish(Long firstSendNanos, String... notes) {
        Finished finished = finished(firstSendNanos, notes);
        books.finished(agent, finished);
        return finished;
    }

    public Finished finished(Long firstSendNanos, String... notes) {
        List<BookEntry> entries = new ArrayList<>();
        totals.forEach((key, book) -> entries.add(BookCodec.encode(key.producer(), key.phase(), book, null)));
        return new Finished("run", intervals, entries, firstSendNanos, T0_NANOS, 0, null, List.of(), List.of(notes));
    }
}
