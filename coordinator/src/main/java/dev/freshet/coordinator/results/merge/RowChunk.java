package dev.freshet.coordinator.results.merge;

import java.io.IOException;
import java.nio.ByteBuffer;

/** As many rows as fit into a bounded number of bytes: filled, then sorted by time, then passed row by row. Rows of equal time keep their order. */
final class RowChunk {
    /** A guess at the shortest row; a chunk of shorter ones is full sooner. */
    private static final int BYTES_PER_ROW = 64;

    /** So few rows are sorted by insertion. */
    private static final int FEW = 32;

    private final ByteBuffer bytes;
    private final long[] times;
    private final int[] ends;
    private final int[] order;
    private final int[] scratch;
    private int rows;
    private int passed;

    RowChunk(int capacityBytes) {
        int room = capacityBytes + RowFormat.MAX_ROW_BYTES + RowFormat.MAX_GROWTH_BYTES;
        bytes = ByteBuffer.allocate(room);
        int maxRows = capacityBytes / BYTES_PER_ROW + 1;
        times = new long[maxRows];
        ends = new int[maxRows];
        order = new int[maxRows];
        scratch = new int[maxRows];
    }

    void clear() {
        rows = 0;
        passed = 0;
    }

    /** Where the next row is to be written; {@link #added} closes it. What is written and not closed does not count. */
    ByteBuffer open() {
        return bytes.position(start(rows));
    }

    private int start(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    void added(long timeMicros) {
        times[rows] = timeMicros;
        ends[rows] = bytes.position();
        order[rows] = rows;
        rows++;
    }

    boolean hasRoom() {
        return rows < times.length
                && bytes.capacity() - start(rows) >= RowFormat.MAX_ROW_BYTES + RowFormat.MAX_GROWTH_BYTES;
    }

    void sort() {
        sort(0, rows);
    }

    /**
     * Merge sort of the order. Rows that are nearly in order, as most are, cost little more than those that are in order: few move, and halves
     * that overlap at their ends only are merged there only.
     */
    private void sort(int from, int to) {
        if (to - from <= FEW) {
            insert(from, to);
            return;
        }
        int middle = (from + to) >>> 1;
        sort(from, middle);
        sort(middle, to);
        merge(inPlace(from, middle, times[order[middle]]), middle, to);
    }

    private void insert(int from, int to) {
        for (int next = from + 1; next < to; next++) {
            int row = order[next];
            int at = next;
            while (at > from && times[order[at - 1]] > times[row]) {
                order[at] = order[at - 1];
                at--;
            }
            order[at] = row;
        }
    }

    /** The first place in a sorted part whose row is later than a time. */
    private int inPlace(int from, int to, long timeMicros) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[order[middle]] <= timeMicros) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void merge(int from, int middle, int to) {
        System.arraycopy(order, from, scratch, from, middle - from);
        int left = from;
        int right = middle;
        for (int at = from; left < middle; at++) {
            boolean takeRight = right < to && times[order[right]] < times[scratch[left]];
            order[at] = takeRight ? order[right++] : scratch[left++];
        }
    }

    /** Whether all rows have been passed. */
    boolean isEmpty() {
        return passed == rows;
    }

    /** The time of the earliest row that has not been passed. */
    long time() {
        return times[order[passed]];
    }

    void copyTo(Rows.Sink sink) throws IOException {
        int row = order[passed];
        int start = start(row);
        sink.write(times[row], bytes.array(), start, ends[row] - start);
    }

    /** Passes the earliest row. */
    void pass() {
        passed++;
    }
}
