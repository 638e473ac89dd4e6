package dev.freshet.coordinator.results.report;

import dev.freshet.common.control.ToCoordinator.HostSample;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.ClockFilter;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.BooksOfAgents;
import dev.freshet.coordinator.books.BooksOfAgents.Entry;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.books.RunBooks;
import dev.freshet.coordinator.intervals.LiveRows;
import dev.freshet.coordinator.results.SimulatedRun;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.results.recording.RunRecorder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A run of any number of producers and seconds, a few messages a second each, recorded as the coordinator records it. */
final class RecordedRun {
    static final int PER_SECOND = 4;
    private static final double DIGITS = 3; // delays from 100 us to 100 ms

    /** The measured phase's response times of each second. */
    final List<SignedHistogram> responseTimes = new ArrayList<>();

    /** Writes the files of {@code seconds} measured seconds after {@code warmup} others. */
    RecordedRun(Path directory, int producers, int warmup, int seconds) {
        Timing timing = BooksOfAgents.timing(warmup, seconds);
        List<Party> parties = new ArrayList<>();
        for (int i = 1; i <= producers; i++) {
            parties.add(BooksOfAgents.producer("p" + i, PER_SECOND, timing));
        }
        LiveRows figures = new LiveRows(
                RateSteps.of(timing, Rate.perSecond((long) producers * PER_SECOND)),
                parties,
                name -> new ClockFilter.Estimate(1500, 40_000, null, 16, 0));
        try (RunRecorder recorder = new RunRecorder(directory)) {
            recorder.event(EventLine.at(Instant.EPOCH, "t0", null, "all start"));
            recorder.start(SimulatedRun.T0_MICROS);
            RunBooks books =
                    new RunBooks(timing, parties, SimulatedRun.T0_MICROS, row -> recorder.row(row, figures.of(row)));
            List<BooksOfAgents> agents = parties.stream()
                    .map(party -> new BooksOfAgents(party.agent(), books))
                    .toList();
            SplittableRandom random = new SplittableRandom(4);
            for (int second = 0; second < warmup + seconds; second++) {
                responseTimes.add(new SignedHistogram());
                for (int i = 0; i < producers; i++) {
                    Phase phase = second < warmup ? Phase.WARMUP : Phase.MEASURED;
                    HostSample host = new HostSample(0.25 + 0.001 * i, 1, (100L + i) << 20);
                    agents.get(i).report(null, host, entries(parties.get(i).agent(), phase, second, warmup, random));
                }
            }
            recorder.totals(books.account().measured());
            if (!recorder.failures().isEmpty()) {
                throw new AssertionError(recorder.failures());
            }
        }
    }

    private Entry[] entries(String agent, Phase phase, int second, int warmup, SplittableRandom random) {
        List<Entry> entries = new ArrayList<>();
        entries.add(new Entry(agent, phase, sent(random, phase == Phase.MEASURED ? responseTimes.get(second) : null)));
        if (second == warmup && warmup > 0) { // an answer of the warm-up comes after it
            Book straggler = BooksOfAgents.counts(Count.ANSWERED, 1, Count.MEASURED, 1);
            straggler.record(Metric.RESPONSE_TIME, 1_000_000);
            straggler.record(Metric.TOTAL, 1_000_000);
            entries.add(new Entry(agent, Phase.WARMUP, straggler));
        }
        return entries.toArray(new Entry[0]);
    }

    private static Book sent(SplittableRandom random, SignedHistogram reference) {
        Book book = BooksOfAgents.counts(
                Count.SCHEDULED,
                PER_SECOND,
                Count.SENT,
                PER_SECOND,
                Count.SENT_BYTES,
                1000 * PER_SECOND,
                Count.ANSWERED,
                PER_SECOND,
                Count.MEASURED,
                PER_SECOND);
        for (int i = 0; i < PER_SECOND; i++) {
            long micros = (long) (100 * Math.pow(10, DIGITS * random.nextDouble()));
            book.record(Metric.LATENESS, micros / 10);
            book.record(Metric.TOTAL, micros);
            book.record(Metric.RESPONSE_TIME, micros + micros / 10);
            if (reference != null) {
                reference.record(micros + micros / 10);
            }
        }
        return book;
    }
}
