package dev.freshet.coordinator.results.merge;

import java.io.IOException;
import java.util.List;

/** Merges rows of several origins, each in order of time: always the earliest row of all comes next, among equal ones that of the origin named first. */
final class RowMerge {
    private final List<? extends Rows> inputs;
    private final long[] times;
    /** A binary heap of places in {@link #inputs}; the earliest is on top. */
    private final int[] heap;

    private int size;

    private RowMerge(List<? extends Rows> inputs) {
        this.inputs = inputs;
        times = new long[inputs.size()];
        heap = new int[inputs.size()];
    }

    /**
     * Merges all rows, and closes where they come from, whatever happens.
     *
     * @return false if it had to end early, as one of the origins is not in order
     */
    static boolean merge(List<? extends Rows> inputs, Rows.Sink sink) throws IOException {
        try {
            return new RowMerge(inputs).run(sink);
        } finally {
            for (Rows input : inputs) {
                input.close();
            }
        }
    }

    private boolean run(Rows.Sink sink) throws IOException {
        for (int i = 0; i < times.length; i++) {
            if (inputs.get(i).next()) {
                times[i] = inputs.get(i).time();
                heap[size++] = i;
            }
        }
        for (int at = size / 2 - 1; at >= 0; at--) {
            sink(at);
        }
        while (size > 0) {
            int first = heap[0];
            Rows earliest = inputs.get(first);
            earliest.copyTo(sink);
            if (earliest.next()) {
                long time = earliest.time();
                if (time < times[first]) {
                    return false;
                }
                times[first] = time;
            } else {
                heap[0] = heap[--size];
            }
            sink(0);
        }
        return true;
    }

    /** Lets what stands at {@code at} sink to its place. */
    private void sink(int at) {
        while (true) {
            int first = 2 * at + 1;
            if (first >= size) {
                return;
            }
            if (first + 1 < size && before(heap[first + 1], heap[first])) {
                first++;
            }
            if (before(heap[at], heap[first])) {
                return;
            }
            int swapped = heap[at];
            heap[at] = heap[first];
            heap[first] = swapped;
            at = first;
        }
    }

    private boolean before(int a, int b) {
        return times[a] < times[b] || times[a] == times[b] && a < b;
    }
}
