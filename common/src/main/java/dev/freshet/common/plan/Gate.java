package dev.freshet.common.plan;

import dev.freshet.common.InputException;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.units.ByteSize;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A condition on the result of a run, such as {@code loss == 0}, {@code total.p99 < 5ms} or {@code throughput >= 1GB/s}. It judges the system
 * under test; the verdict judges the measurement.
 *
 * @param text as it was written
 * @param subject what is looked at: {@code loss}, {@code throughput}, …, or {@code metric.statistic}
 * @param operator one of {@code < <= > >= == !=}
 * @param threshold in the subject's base unit: a count or fraction, bytes per second, messages per second, or microseconds
 */
public record Gate(String text, String subject, String operator, double threshold) {
    private static final Pattern FORM = Pattern.compile("\\s*([a-z_0-9.]+)\\s*(<=|>=|==|!=|<|>)\\s*(\\S.*?)\\s*");

    /** Statistics of a latency metric, and their members in {@code summary.json}. */
    public static final Map<String, String> STATISTICS = Map.of(
            "mean", "mean_us", "min", "min_us", "p50", "p50_us", "p70", "p70_us", "p90", "p90_us", "p99", "p99_us",
            "p999", "p999_us", "p99.9", "p999_us", "max", "max_us");

    private static final Set<String> COUNTS = Set.of(
            "loss", "lost", "skipped", "cancelled", "unanswered", "late", "sent", "received", "answered", "measured");

    /**
     * @param what the option or key the text came from, for the error
     * @throws InputException if it does not parse; the message says which part
     */
    public static Gate parse(String what, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new InputException(what + ": '" + text
                    + "' is not a gate (examples: 'loss == 0', 'total.p99 < 5ms', 'throughput >= 1GB/s')");
        }
        String subject = form.group(1);
        return new Gate(text.strip(), subject, form.group(2), threshold(what, text, subject, form.group(3)));
    }

    private static double threshold(String what, String text, String subject, String value) {
        if (subject.equals("throughput")) {
            return ByteSize.parse(what, value.endsWith("/s") ? value.substring(0, value.length() - 2) : value);
        }
        if (subject.equals("rate")) {
            return Rate.parse(what, value).hertz();
        }
        if (COUNTS.contains(subject)) {
            return count(what, text, value);
        }
        int dot = subject.indexOf('.');
        if (dot > 0
                && Metric.named(subject.substring(0, dot)) != null
                && STATISTICS.containsKey(subject.substring(dot + 1))) {
            boolean negative = value.startsWith("-");
            double micros =
                    Durations.parse(what, negative ? value.substring(1) : value).toNanos() / 1e3;
            return negative ? -micros : micros;
        }
        String metrics = Arrays.stream(Metric.values()).map(Metric::toString).collect(Collectors.joining(", "));
        throw new InputException(what + ": '" + subject + "' in '" + text + "' is not known (throughput, rate, "
                + COUNTS.stream().sorted().collect(Collectors.joining(", ")) + ", or one of " + metrics
                + " with .mean .min .p50 .p70 .p90 .p99 .p999 .max)");
    }

    private static double count(String what, String text, String value) {
        boolean percent = value.endsWith("%");
        try {
            BigDecimal number = new BigDecimal(
                    percent ? value.substring(0, value.length() - 1).strip() : value);
            return percent ? number.movePointLeft(2).doubleValue() : number.doubleValue();
        } catch (NumberFormatException e) {
            throw new InputException(what + ": '" + value + "' in '" + text + "' is not a number or a percentage", e);
        }
    }

    /** Whether the threshold is a share of what was sent ({@code loss < 0.1%}) rather than a count. */
    public boolean isShare() {
        return text.endsWith("%");
    }

    /** Whether what is looked at is measured from when a message was intended: unpaced messages have no such time. */
    boolean needsIntendedTimes() {
        return subject.startsWith(Metric.LATENESS + ".") || subject.startsWith(Metric.RESPONSE_TIME + ".");
    }

    public boolean holds(double actual) {
        return switch (operator) {
            case "<" -> actual < threshold;
            case "<=" -> actual <= threshold;
            case ">" -> actual > threshold;
            case ">=" -> actual >= threshold;
            case "==" -> actual == threshold;
            case "!=" -> actual != threshold;
            default -> throw new IllegalStateException(operator);
        };
    }
}
