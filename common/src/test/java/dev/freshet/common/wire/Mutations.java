package dev.freshet.common.wire;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Small random damage to bytes: the kind of input that gets past a parser's first checks. */
final class Mutations {
    private static final byte[] TELLING = {'|', '=', '"', '\\', '{', '}', ',', ':', '-', '9', 'u', 0, -1, -128};

    private Mutations() {}

    static byte[] of(byte[] bytes, SplittableRandom random) {
        byte[] mutated = bytes.clone();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            if (mutated.length == 0) {
                return mutated;
            }
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(5)) {
                case 0 -> mutated[at] = (byte) random.nextInt(256);
                case 1 -> mutated[at] = TELLING[random.nextInt(TELLING.length)];
                case 2 -> mutated = Arrays.copyOf(mutated, at);
                case 3 -> mutated = without(mutated, at);
                default -> mutated = repeated(mutated, at, random.nextInt(30));
            }
        }
        return mutated;
    }

    private static byte[] without(byte[] bytes, int at) {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, shorter.length - at);
        return shorter;
    }

    private static byte[] repeated(byte[] bytes, int at, int times) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + times);
        Arrays.fill(longer, at, at + times, bytes[at]);
        System.arraycopy(bytes, at, longer, at + times, bytes.length - at);
        return longer;
    }
}
