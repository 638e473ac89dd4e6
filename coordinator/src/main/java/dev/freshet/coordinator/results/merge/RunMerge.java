package dev.freshet.coordinator.results.merge;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Merges runs into one: always the earliest row of all comes next, among equal ones that of the run named first. */
final class RunMerge implements Closeable {
    private final List<RunFile.Input> inputs = new ArrayList<>();
    /** A binary heap of places in {@link #inputs}; the earliest is on top. */
    private final int[] heap;

    private int size;

    private RunMerge(List<RunFile> runs) throws IOException {
        heap = new int[runs.size()];
        try {
            for (RunFile run : runs) {
                inputs.add(new RunFile.Input(run));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    static void merge(List<RunFile> runs, RunFile.RowSink sink) throws IOException {
        try (RunMerge merge = new RunMerge(runs)) {
            merge.run(sink);
        }
    }

    private void run(RunFile.RowSink sink) throws IOException {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).next()) {
                heap[size++] = i;
            }
        }
        for (int at = size / 2 - 1; at >= 0; at--) {
            sink(at);
        }
        while (size > 0) {
            RunFile.Input earliest = inputs.get(heap[0]);
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
        for (RunFile.Input input : inputs) {
            input.close();
        }
    }
}
