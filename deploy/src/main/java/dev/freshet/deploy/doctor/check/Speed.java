package dev.freshet.deploy.doctor.check;

import static java.util.Locale.ROOT;

/** Bits per second for people: {@code 100 Mbit/s}, {@code 2.5 Gbit/s}. */
final class Speed {
    private Speed() {}

    static String text(double bitsPerSecond) {
        boolean gigabits = bitsPerSecond >= 1e9;
        String figure = String.format(ROOT, "%.2f", bitsPerSecond / (gigabits ? 1e9 : 1e6));
        return figure.replaceAll("\\.?0+$", "") + (gigabits ? " Gbit/s" : " Mbit/s");
    }
}
