package dev.freshet.agent.producer;

import dev.freshet.common.plan.Waiting;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What waiting costs beside the time that is waited: the clock is one that goes on by 25 ns whenever it is read, and parking takes no time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PacerBenchmark {
    private static final long READ_NANOS = 25;
    private static final long INTERVAL_NANOS = 1_000_000_000L;

    private long nanos;
    private final Pacer pacer = new Pacer(Waiting.HYBRID, () -> nanos += READ_NANOS, park -> nanos += park);

    /** The moment has come already, as it always has at the limit. */
    @Benchmark
    public long late() {
        return pacer.towards(nanos, nanos + INTERVAL_NANOS);
    }

    /** One turn of the loop that spins, with what the processor takes for its hint. */
    @Benchmark
    public long lastTurn() {
        return pacer.towards(nanos + 2 * READ_NANOS + 1, nanos + INTERVAL_NANOS);
    }
}
