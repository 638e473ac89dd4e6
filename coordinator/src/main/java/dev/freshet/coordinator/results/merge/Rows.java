package dev.freshet.coordinator.results.merge;

import java.io.Closeable;
import java.io.IOException;

/** Rows one after the other, each with its time. */
interface Rows extends Closeable {
    /** Goes to the next row; false at the end. */
    boolean next() throws IOException;

    /** When this row was, in microseconds since the epoch on the coordinator's clock. */
    long time();

    void copyTo(Sink sink) throws IOException;

    /** Takes rows. */
    interface Sink {
        void write(long timeMicros, byte[] bytes, int from, int length) throws IOException;
    }
}
