package dev.freshet.common.measure;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One number for each {@link Count}. Adding is associative and commutative with a new object as identity, so intervals, agents and phases
 * can be summed in any order. In JSON an object that leaves zeros out.
 *
 * <p>Not thread-safe: written by one thread, and handed over.
 */
public final class Counts {
    private static final Count[] KINDS = Count.values();

    private final long[] values = new long[KINDS.length];

    @JsonCreator
    static Counts of(Map<String, Long> named) {
        Counts counts = new Counts();
        named.forEach((name, value) -> {
            Count count = Count.named(name);
            if (count != null) { // a newer agent may count what this one does not know
                counts.values[count.ordinal()] = value;
            }
        });
        return counts;
    }

    public long get(Count count) {
        return values[count.ordinal()];
    }

    public void add(Count count, long amount) {
        values[count.ordinal()] += amount;
    }

    public void increment(Count count) {
        values[count.ordinal()]++;
    }

    public void set(Count count, long value) {
        values[count.ordinal()] = value;
    }

    /** Adds all of {@code other} to this. */
    public void add(Counts other) {
        for (int i = 0; i < values.length; i++) {
            values[i] += other.values[i];
        }
    }

    /** A new sum of both. */
    public Counts plus(Counts other) {
        Counts sum = copy();
        sum.add(other);
        return sum;
    }

    public Counts copy() {
        Counts copy = new Counts();
        copy.add(this);
        return copy;
    }

    public void clear() {
        Arrays.fill(values, 0);
    }

    public boolean isZero() {
        for (long value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    @JsonValue
    Map<String, Long> named() {
        Map<String, Long> named = new LinkedHashMap<>();
        for (Count count : KINDS) {
            if (get(count) != 0) {
                named.put(count.toString(), get(count));
            }
        }
        return named;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Counts counts && Arrays.equals(values, counts.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return named().toString();
    }
}
