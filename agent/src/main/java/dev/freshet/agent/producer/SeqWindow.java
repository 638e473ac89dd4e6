package dev.freshet.agent.producer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One bit for each of the last sequence numbers, in constant memory. A word of 64 numbers is cleared when the first number of a later lap is
 * marked in it; a number that has been overtaken so is known to be too old.
 *
 * <p>Written by one thread, may be read by others.
 */
final class SeqWindow {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle LAP = MethodHandles.arrayElementVarHandle(int[].class);

    private final long[] words;
    private final int[] laps;
    private final int wordMask;
    private final int lapShift;

    /** @param size how many numbers back are kept, a power of two from 64 */
    SeqWindow(int size) {
        if (Integer.bitCount(size) != 1 || size < Long.SIZE) {
            throw new IllegalArgumentException("size " + size);
        }
        words = new long[size / Long.SIZE];
        laps = new int[words.length];
        wordMask = words.length - 1;
        lapShift = Integer.numberOfTrailingZeros(size);
    }

    /** Marks a number; one that is too old is left alone. */
    void mark(long seq) {
        int word = wordOf(seq);
        int lap = lapOf(seq);
        int current = laps[word];
        if (lap < current) {
            return;
        }
        long bits = lap == current ? words[word] : 0;
        if (lap > current) {
            WORD.setRelease(words, word, 0L);
            LAP.setRelease(laps, word, lap);
        }
        WORD.setRelease(words, word, bits | 1L << seq);
    }

    /** Whether a number is marked; false for one that is too old. */
    boolean isMarked(long seq) {
        int word = wordOf(seq);
        int lap = lapOf(seq);
        if ((int) LAP.getAcquire(laps, word) != lap) {
            return false;
        }
        boolean marked = ((long) WORD.getAcquire(words, word) & 1L << seq) != 0;
        return marked && (int) LAP.getAcquire(laps, word) == lap; // else the word was taken over while it was read
    }

    /** Whether a later lap has overtaken this number, so that it cannot be known whether it was marked. */
    boolean isTooOld(long seq) {
        return (int) LAP.getAcquire(laps, wordOf(seq)) > lapOf(seq);
    }

    private int wordOf(long seq) {
        return (int) (seq >>> 6) & wordMask;
    }

    private int lapOf(long seq) {
        return (int) (seq >>> lapShift);
    }
}
