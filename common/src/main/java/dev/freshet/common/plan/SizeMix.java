package dev.freshet.common.plan;

import dev.freshet.common.InputException;
import dev.freshet.common.units.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Payload sizes and how often each comes. Which size message n has is a pure function of the seed and n, so both ends and a later reader can
 * compute it.
 *
 * @param entries one for each size, in the order given
 * @param seed chooses the sequence of a mix; without effect for a single size
 */
public record SizeMix(List<Entry> entries, long seed) {
    /** The largest payload a message may have; beyond it one message would be most of an agent's memory. */
    public static final long MAX_SIZE_BYTES = 64L << 20;

    /**
     * @param sizeBytes payload, 0 to {@link #MAX_SIZE_BYTES}
     * @param weight relative frequency, from 1
     */
    public record Entry(int sizeBytes, int weight) {
        public Entry {
            if (sizeBytes < 0 || sizeBytes > MAX_SIZE_BYTES || weight < 1) {
                throw new InputException("size: " + sizeBytes + " bytes with weight " + weight + " is out of range");
            }
        }
    }

    public SizeMix {
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new InputException("size: at least one is needed");
        }
    }

    public static SizeMix single(int sizeBytes) {
        return new SizeMix(List.of(new Entry(sizeBytes, 1)), 0);
    }

    /**
     * Reads {@code 1MiB} or a weighted mix {@code 16KiB:3,1MiB:1}.
     *
     * @param what the option or key the text came from, for the error
     */
    public static SizeMix parse(String what, String text) {
        List<Entry> entries = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int colon = part.indexOf(':');
            long size = ByteSize.parse(what, colon < 0 ? part : part.substring(0, colon));
            if (size > MAX_SIZE_BYTES) {
                throw new InputException(what + ": '" + part.strip() + "' is above the largest payload, "
                        + ByteSize.format(MAX_SIZE_BYTES));
            }
            entries.add(new Entry((int) size, colon < 0 ? 1 : weight(what, part.substring(colon + 1))));
        }
        return new SizeMix(entries, 0);
    }

    private static int weight(String what, String text) {
        try {
            int weight = Integer.parseInt(text.strip());
            if (weight >= 1 && weight <= 1_000_000) {
                return weight;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw new InputException(what + ": '" + text.strip() + "' is not a weight (a whole number from 1 to 1000000)");
    }

    public SizeMix withSeed(long newSeed) {
        return new SizeMix(entries, newSeed);
    }

    /** The payload of message {@code index}, in bytes. */
    public int sizeBytesAt(long index) {
        if (entries.size() == 1) {
            return entries.get(0).sizeBytes;
        }
        long draw = Long.remainderUnsigned(mix64(seed + index * 0x9E3779B97F4A7C15L), totalWeight());
        for (int i = 0; ; i++) {
            Entry entry = entries.get(i);
            draw -= entry.weight;
            if (draw < 0) {
                return entry.sizeBytes;
            }
        }
    }

    /** The size that agent {@code i} of {@code n} gets when sizes are dealt. */
    public SizeMix dealt(int i, int n) {
        long place = (2L * i + 1) * totalWeight() / (2L * n);
        for (Entry entry : entries) {
            place -= entry.weight;
            if (place < 0) {
                return single(entry.sizeBytes);
            }
        }
        throw new IllegalArgumentException("agent " + i + " of " + n);
    }

    public int maxSizeBytes() {
        return entries.stream().mapToInt(Entry::sizeBytes).max().orElseThrow();
    }

    /** The mean payload in bytes. */
    public double meanSizeBytes() {
        return entries.stream()
                        .mapToDouble(e -> (double) e.sizeBytes * e.weight)
                        .sum()
                / totalWeight();
    }

    private long totalWeight() {
        long total = 0;
        for (int i = 0; i < entries.size(); i++) {
            total += entries.get(i).weight;
        }
        return total;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): every bit of the input moves every bit of the output. */
    private static long mix64(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        if (entries.size() == 1) {
            return ByteSize.format(entries.get(0).sizeBytes);
        }
        return entries.stream()
                .map(e -> ByteSize.format(e.sizeBytes) + ":" + e.weight)
                .collect(Collectors.joining(","));
    }
}
