package dev.freshet.agent.producer;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message enters the table and an answer takes an earlier one out, with so many on their way; by one thread, so without contention. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class InFlightTableBenchmark {
    @Param("1000")
    private int onTheirWay;

    private final InFlightTable table = InFlightTable.forAnyRate();
    private long seq;

    @Benchmark
    public Object putAndAnswer() {
        table.put(seq, seq);
        return table.answer(seq++ - onTheirWay);
    }
}
