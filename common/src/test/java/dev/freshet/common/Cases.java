package dev.freshet.common;

import java.util.SplittableRandom;

/** Tries a property on many random cases, each made from a seed of its own, and draws values that favour the edges. */
public final class Cases {
    /** Another one tries other cases. */
    private static final long FIRST_SEED = 1;

    private Cases() {}

    /** What must hold in every case; all that is random in a case is drawn from the given source. */
    @FunctionalInterface
    public interface Property {
        void check(SplittableRandom random) throws Exception;
    }

    /**
     * Checks so many cases, the same in every run, so that a build that passed does not fail by a draw. The error for the first that fails names the seed with which {@link
     * #repeat} checks that case alone.
     */
    public static void forEach(int cases, Property property) {
        SplittableRandom seeds = new SplittableRandom(FIRST_SEED);
        for (int i = 0; i < cases; i++) {
            repeat(seeds.nextLong(), property);
        }
    }

    /** Checks the one case that comes from this seed. */
    public static void repeat(long seed, Property property) {
        try {
            property.check(new SplittableRandom(seed));
        } catch (Throwable e) {
            throw new AssertionError("Cases.repeat(" + seed + "L, ...) fails: " + e, e);
        }
    }

    /**
     * A number from min to max, both included: a third of them at the ends of the range or around zero, a third of any
     * magnitude with none preferred, a third evenly spread.
     */
    public static long between(SplittableRandom random, long min, long max) {
        return switch (random.nextInt(3)) {
            case 0 -> edge(random, min, max);
            case 1 -> ofAnyMagnitude(random, min, max);
            default -> even(random, min, max);
        };
    }

    /** {@link #between(SplittableRandom, long, long)} for the smaller type. */
    public static int between(SplittableRandom random, int min, int max) {
        return (int) between(random, (long) min, (long) max);
    }

    /** One of these, each as likely as the others. */
    @SafeVarargs
    public static <T> T oneOf(SplittableRandom random, T... values) {
        return values[random.nextInt(values.length)];
    }

    private static long edge(SplittableRandom random, long min, long max) {
        long end = random.nextBoolean() ? min : max;
        long edge = oneOf(random, min, min + 1, -2L, -1L, 0L, 1L, 2L, max - 1, max);
        return min <= edge && edge <= max ? edge : end;
    }

    private static long ofAnyMagnitude(SplittableRandom random, long min, long max) {
        long nearestToZero = Math.max(min, Math.min(0, max));
        int spanBits = Long.SIZE - Long.numberOfLeadingZeros(max - min);
        long number = nearestToZero + (random.nextLong() >> (Long.SIZE - 1 - random.nextInt(Math.max(1, spanBits))));
        return min <= number && number <= max ? number : even(random, min, max);
    }

    private static long even(SplittableRandom random, long min, long max) {
        if (max < Long.MAX_VALUE) {
            return random.nextLong(min, max + 1);
        }
        return min > Long.MIN_VALUE ? random.nextLong(min - 1, max) + 1 : random.nextLong();
    }
}
