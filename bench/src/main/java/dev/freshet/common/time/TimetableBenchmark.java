package dev.freshet.common.time;

import dev.freshet.common.units.Rate;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** When a message is due: asked once for each message sent, and once for each answer. The rate has no whole number of nanoseconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TimetableBenchmark {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Timetable steady = Timetable.of(Schedule.of(Rate.parse("rate", "3000001/s")));
    private final Timetable changed = steady.changed(SECOND_NANOS, Schedule.of(Rate.parse("rate", "700001/s")))
            .changed(2 * SECOND_NANOS, Schedule.of(Rate.parse("rate", "3000001/s")));
    private long index = 10_000_000;

    @Benchmark
    public long steady() {
        return steady.nanosAt(index++);
    }

    @Benchmark
    public long afterTwoChanges() {
        return changed.nanosAt(index++);
    }
}
