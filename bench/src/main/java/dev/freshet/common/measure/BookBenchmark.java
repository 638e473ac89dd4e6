package dev.freshet.common.measure;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What one matched answer costs in its interval's book: two counts and five histograms, with times that vary as they do on a network. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BookBenchmark {
    private final Book book = new Book();
    private int turn;

    @Benchmark
    public boolean answer() {
        int total = 150 + (turn++ * 0x9E3779B1 >>> 22); // 150 to 1173 microseconds
        book.counts().increment(Count.ANSWERED);
        book.counts().increment(Count.MEASURED);
        boolean possible = book.histogram(Metric.TOTAL).record(total);
        possible &= book.histogram(Metric.PROCESSING).record(total & 7);
        possible &= book.histogram(Metric.NETWORK).record(total >> 1);
        possible &= book.histogram(Metric.CLOCK_OFFSET).record((total & 63) - 32);
        possible &= book.histogram(Metric.RESPONSE_TIME).record(total + 20);
        return possible;
    }
}
