package dev.freshet.common.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a response costs: the consumer writes one for each message, the producer reads it. The second one is as Python's json module writes it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseBenchmark {
    private static final long T2_MICROS = 1_790_000_000_000_000L;

    private final byte[] id = "p1-1234567".getBytes(StandardCharsets.US_ASCII);
    private final byte[] idPrefix = Request.idPrefix("p1");
    private final ByteBuffer written = ByteBuffer.allocate(Response.MAX_BYTES);
    private final byte[] own = own();
    private final byte[] spaced =
            ("{\"seq_n\": 1234567, \"type\": \"response\", \"status\": \"processed\", \"msg_id\": \"p1-1234567\","
                            + " \"t2\": 1790000000000000, \"t3\": 1790000000000004}")
                    .getBytes(StandardCharsets.US_ASCII);
    private final Response response = new Response();

    private byte[] own() {
        written.clear();
        Response.write(written, id, id.length, 1_234_567, T2_MICROS, T2_MICROS + 4);
        return java.util.Arrays.copyOf(written.array(), written.position());
    }

    @Benchmark
    public ByteBuffer write() {
        written.clear();
        Response.write(written, id, id.length, 1_234_567, T2_MICROS, T2_MICROS + 4);
        return written;
    }

    @Benchmark
    public long parseOurs() {
        return response.parse(own, 0, own.length) ? response.idNumber(idPrefix) : -1;
    }

    @Benchmark
    public long parseSpaced() {
        return response.parse(spaced, 0, spaced.length) ? response.idNumber(idPrefix) : -1;
    }
}
