package dev.freshet.coordinator.results.merge;

import java.nio.ByteBuffer;

/** What is to be known of a kind of file to merge it. Rows are bytes: no strings are made of them. */
interface RowFormat {
    /** The columns of an agent's file. */
    String header();

    /**
     * Appends a row as the merged file has it, without the agent and the end of the line.
     *
     * @param row its bytes from {@code from} to {@code to}, the end of the line left out
     * @param into has room for {@link #MAX_GROWTH_BYTES} more than the row
     * @return its time in microseconds since the epoch on the coordinator's clock, or {@link #MALFORMED}; then {@code into} may hold anything
     */
    long convert(byte[] row, int from, int to, long clockOffsetMicros, ByteBuffer into);

    /** No time of a row. */
    long MALFORMED = Long.MIN_VALUE;

    /** A longer row is malformed: none of ours comes near. */
    int MAX_ROW_BYTES = 4096;

    /** How much longer a row may get. */
    int MAX_GROWTH_BYTES = 128;
}
