package dev.freshet.common.wire;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a request's header costs: the producer writes one for each message, the consumer reads it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestBenchmark {
    private static final long T1_MICROS = 1_790_000_000_000_000L;

    private final byte[] idPrefix = Request.idPrefix("p1");
    private final ByteBuffer written = ByteBuffer.allocateDirect(Request.MAX_HEADER_BYTES);
    private final ByteBuffer body = body();
    private final Request request = new Request();
    private long seq = 1_000_000;

    private static ByteBuffer body() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(Request.MAX_HEADER_BYTES + 1024);
        int start = Request.writeHeaderBefore(
                buffer, Request.MAX_HEADER_BYTES, Request.idPrefix("p1"), 1_234_567, T1_MICROS);
        return buffer.slice(start, buffer.capacity() - start);
    }

    @Benchmark
    public int write() {
        seq++;
        return Request.writeHeaderBefore(written, Request.MAX_HEADER_BYTES, idPrefix, seq, T1_MICROS + seq);
    }

    @Benchmark
    public boolean parse() {
        return request.parse(body);
    }
}
