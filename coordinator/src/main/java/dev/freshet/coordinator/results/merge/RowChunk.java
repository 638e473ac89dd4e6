package dev.freshet.coordinator.results.merge;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * As many rows as fit into a bounded number of bytes, to be sorted by time. Rows of equal time keep their order. A chunk that is in order
 * already, as most are, costs one comparison a row.
 */
final class RowChunk {
    /** A guess at the shortest row; a chunk of shorter ones is full sooner. */
    private static final int BYTES_PER_ROW = 64;

    private final ByteBuffer bytes;
    private final long[] times;
    private final int[] ends;
    private final int[] order;
    private final int[] scratch;
    private int rows;

    RowChunk(int capacityBytes) {
        int room = capacityBytes + RowFormat.MAX_ROW_BYTES + RowFormat.MAX_GROWTH_BYTES;
        bytes = ByteBuffer.allocate(room);
        int maxRows = capacityBytes / BYTES_PER_ROW + 1;
        times = new long[maxRows];
        ends = new int[maxRows];
        order = new int[maxRows];
        scratch = new int[maxRows];
    }

    /** Where the next row is to be written; {@link #added} closes it. What is written and not closed does not count. */
    ByteBuffer open() {
        return bytes.position(rows == 0 ? 0 : ends[rows - 1]);
    }

    void added(long timeMicros) {
        times[rows] = timeMicros;
        ends[rows] = bytes.position();
        order[rows] = rows;
        rows++;
    }

    boolean hasRoom() {
        int used = rows == 0 ? 0 : ends[rows - 1];
        return rows < times.length && bytes.capacity() - used >= RowFormat.MAX_ROW_BYTES + RowFormat.MAX_GROWTH_BYTES;
    }

    boolean isEmpty() {
        return rows == 0;
    }

    void sort() {
        sort(0, rows);
    }

    /** Merge sort of the order, from the top; halves that are in order already are left alone. */
    private void sort(int from, int to) {
        if (ascending(from, to)) {
            return;
        }
        int middle = (from + to) >>> 1;
        sort(from, middle);
        sort(middle, to);
        System.arraycopy(order, from, scratch, from, middle - from);
        int left = from;
        int right = middle;
        for (int at = from; left < middle; at++) {
            boolean takeRight = right < to && times[order[right]] < times[scratch[left]];
            order[at] = takeRight ? order[right++] : scratch[left++];
        }
    }

    private boolean ascending(int from, int to) {
        for (int at = from + 1; at < to; at++) {
            if (times[order[at]] < times[order[at - 1]]) {
                return false;
            }
        }
        return true;
    }

    /** The time of the earliest row, once sorted. */
    long earliest() {
        return times[order[0]];
    }

    /**
     * Writes the earlier part of a sorted chunk, and keeps the rest: rows that come next may belong among it.
     *
     * @param kept share of the rows to keep, 0 for none
     */
    void spill(Stretch.Output output, double kept) throws IOException {
        int count = rows - (int) (rows * kept);
        for (int i = 0; i < count; i++) {
            int row = order[i];
            int start = row == 0 ? 0 : ends[row - 1];
            output.write(times[row], bytes.array(), start, ends[row] - start);
        }
        keepFrom(count);
    }

    private void keepFrom(int first) {
        int kept = rows - first;
        int length = 0;
        for (int i = first; i < rows; i++) {
            length += ends[order[i]] - (order[i] == 0 ? 0 : ends[order[i] - 1]);
        }
        byte[] copy = new byte[length];
        long[] keptTimes = new long[kept];
        int[] keptEnds = new int[kept];
        int at = 0;
        for (int i = 0; i < kept; i++) {
            int row = order[first + i];
            int start = row == 0 ? 0 : ends[row - 1];
            System.arraycopy(bytes.array(), start, copy, at, ends[row] - start);
            at += ends[row] - start;
            keptTimes[i] = times[row];
            keptEnds[i] = at;
        }
        System.arraycopy(copy, 0, bytes.array(), 0, length);
        System.arraycopy(keptTimes, 0, times, 0, kept);
        System.arraycopy(keptEnds, 0, ends, 0, kept);
        for (int i = 0; i < kept; i++) {
            order[i] = i;
        }
        rows = kept;
    }
}
