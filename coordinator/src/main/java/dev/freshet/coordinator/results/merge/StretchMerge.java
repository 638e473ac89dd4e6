package dev.freshet.coordinator.results.merge;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Merges stretches into one: always the earliest row of all comes next, among equal ones that of the stretch named first. */
final class StretchMerge implements Closeable {
    private final List<Stretch.Input> inputs = new ArrayList<>();
    /** A binary heap of places in {@link #inputs}; the earliest is on top. */
    private final int[] heap;

    private int size;

    private StretchMerge(List<Stretch> stretches) throws IOException {
        heap = new int[stretches.size()];
        try {
            for (Stretch stretch : stretches) {
                inputs.add(new Stretch.Input(stretch));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    static void merge(List<Stretch> stretches, Stretch.RowSink sink) throws IOException {
        try (StretchMerge merge = new StretchMerge(stretches)) {
            merge.run(sink);
        }
    }

    private void run(Stretch.RowSink sink) throws IOException {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).next()) {
                heap[size++] = i;
            }
        }
        for (int at = size / 2 - 1; at >= 0; at--) {
            sink(at);
        }
        while (size > 0) {
            Stretch.Input earliest = inputs.get(heap[0]);
            earliest.copyTo(sink);
            if (!earliest.next()) {
                heap[0] = heap[--size];
            }
            sink(0);
        }
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
        long timeA = inputs.get(a).time();
        long timeB = inputs.get(b).time();
        return timeA < timeB || (timeA == timeB && a < b);
    }

    @Override
    public void close() throws IOException {
        for (Stretch.Input input : inputs) {
            input.close();
        }
    }
}
