package dev.freshet.coordinator.results;

import dev.freshet.common.units.ByteSize;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import java.util.Locale;

/** Figures of a summary for a person, the same in every report. What is not known is a dash. */
public final class FigureText {
    public static final String UNKNOWN = "-";

    private FigureText() {}

    public static String rate(Double hertz) {
        return hertz == null ? UNKNOWN : String.format(Locale.ROOT, "%.1f/s", hertz);
    }

    /** What was asked for: {@code max} if there is no rate, as it is unpaced. */
    public static String target(Double hertz) {
        return hertz == null ? Rate.UNPACED : rate(hertz);
    }

    /** A mean payload. */
    public static String size(Double bytes) {
        return bytes == null ? UNKNOWN : ByteSize.humanDecimal(bytes);
    }

    public static String throughput(Double bytesPerSecond) {
        return bytesPerSecond == null ? UNKNOWN : ByteSize.formatPerSecond(bytesPerSecond);
    }

    public static String seconds(Double seconds) {
        return seconds == null ? UNKNOWN : String.format(Locale.ROOT, "%.2f s", seconds);
    }

    public static String count(Long number) {
        return number == null ? UNKNOWN : String.valueOf(number);
    }

    public static String micros(Number value) {
        return value == null ? UNKNOWN : Durations.humanMicros(value.doubleValue());
    }

    /** By which count something was achieved, and what part of the target rate it is, if there is one; empty if that is not known. */
    public static String share(Summary.Load achieved, Summary.Load target) {
        if (achieved.rateHertz() == null) {
            return "";
        }
        return target.rateHertz() == null
                ? achieved.basis()
                : String.format(
                        Locale.ROOT, "%s, %.2f %%", achieved.basis(), 100 * achieved.rateHertz() / target.rateHertz());
    }

    /** What came out, in the unit that the gate's subject has, or why that is not known. */
    public static String actual(GateResult gate) {
        if (gate.actual() == null) {
            return gate.reason();
        }
        String subject = gate.text().strip();
        if (subject.startsWith("throughput")) {
            return throughput(gate.actual());
        }
        if (subject.startsWith("rate")) {
            return rate(gate.actual());
        }
        if (subject.matches("[a-z_]+\\..*")) {
            return micros(gate.actual());
        }
        return subject.endsWith("%")
                ? String.format(Locale.ROOT, "%.4f %%", 100 * gate.actual())
                : String.format(Locale.ROOT, "%.0f", gate.actual());
    }
}
