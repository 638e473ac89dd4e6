package dev.freshet.common.units;

import dev.freshet.common.InputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages per second as an exact fraction in lowest terms, so that 1001/s over three agents is three times 1001/3 and the shards' rates add
 * up to the plan's to the last digit.
 *
 * @param numerator messages, 1 to 2^31-1
 * @param denominator seconds, 1 to 2^31-1
 */
public record Rate(long numerator, long denominator) implements Comparable<Rate> {
    /** Both terms stay below this, so that {@link dev.freshet.common.time.Schedule} can compute in 64 bits without overflow. */
    public static final long TERM_LIMIT = Integer.MAX_VALUE;

    /** What a person writes for no rate at all: as fast as it goes. */
    public static final String UNPACED = "max";

    private static final String EXAMPLES = "1000/s, 0.5/s, 100k/s, 50Hz";
    private static final Pattern FORM = Pattern.compile("(-?[0-9]+(?:\\.[0-9]+)?) *([kM]?)(?:/s|Hz)?");
    private static final Map<String, Integer> MAGNITUDE = Map.of("", 0, "k", 3, "M", 6);

    public Rate {
        if (numerator <= 0 || denominator <= 0) {
            throw new InputException("rate: " + numerator + "/" + denominator + " must be above zero");
        }
        long divisor = BigInteger.valueOf(numerator)
                .gcd(BigInteger.valueOf(denominator))
                .longValue();
        numerator /= divisor;
        denominator /= divisor;
        if (numerator > TERM_LIMIT || denominator > TERM_LIMIT) {
            throw new InputException("rate: " + numerator + "/" + denominator
                    + " has too many digits to be kept exactly (at most 2147483647 above and below the line)");
        }
    }

    public static Rate perSecond(long messages) {
        return new Rate(messages, 1);
    }

    /**
     * Reads {@code 1000/s}, {@code 0.5/s}, {@code 100k/s}, {@code 50Hz} or a bare number (per second).
     *
     * @param what the option or key the text came from, for the error
     * @throws InputException if it is not a rate above zero
     */
    public static Rate parse(String what, String text) {
        return parse(what, text, EXAMPLES);
    }

    private static Rate parse(String what, String text, String examples) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new InputException(what + ": '" + text + "' is not a rate (examples: " + examples + ")");
        }
        BigDecimal value = new BigDecimal(form.group(1)).scaleByPowerOfTen(MAGNITUDE.get(form.group(2)));
        if (value.signum() <= 0) {
            throw new InputException(what + ": '" + text + "' must be above zero");
        }
        BigDecimal plain = value.stripTrailingZeros();
        int scale = Math.max(0, plain.scale());
        try {
            return new Rate(
                    plain.scaleByPowerOfTen(scale).longValueExact(),
                    BigInteger.TEN.pow(scale).longValueExact());
        } catch (ArithmeticException | InputException e) {
            throw new InputException(
                    what + ": '" + text + "' cannot be kept exactly (at most 2147483647/s, and 9 digits)", e);
        }
    }

    /**
     * Reads what {@link #parse} reads, or {@code max}.
     *
     * @return null for {@code max}: unpaced
     */
    public static Rate parseOrUnpaced(String what, String text) {
        return text.strip().equals(UNPACED) ? null : parse(what, text, EXAMPLES + ", or " + UNPACED);
    }

    /** A rate for a person; {@code max} for null: unpaced. */
    public static String text(Rate rate) {
        return rate == null ? UNPACED : rate.toString();
    }

    /** This rate times {@code factor / divisor}, exactly. */
    public Rate times(long factor, long divisor) {
        BigInteger above = BigInteger.valueOf(numerator).multiply(BigInteger.valueOf(factor));
        BigInteger below = BigInteger.valueOf(denominator).multiply(BigInteger.valueOf(divisor));
        return exact(above, below, () -> this + " times " + factor + "/" + divisor);
    }

    /** The exact sum. */
    public Rate plus(Rate other) {
        BigInteger above = BigInteger.valueOf(numerator)
                .multiply(BigInteger.valueOf(other.denominator))
                .add(BigInteger.valueOf(other.numerator).multiply(BigInteger.valueOf(denominator)));
        BigInteger below = BigInteger.valueOf(denominator).multiply(BigInteger.valueOf(other.denominator));
        return exact(above, below, () -> this + " plus " + other);
    }

    private static Rate exact(BigInteger above, BigInteger below, Supplier<String> origin) {
        BigInteger common = above.gcd(below);
        try {
            return new Rate(
                    above.divide(common).longValueExact(), below.divide(common).longValueExact());
        } catch (ArithmeticException | InputException e) {
            throw new InputException("rate: " + origin.get() + " cannot be kept exactly", e);
        }
    }

    /** Messages per second as a floating-point number, for display and for comparing with what was achieved. */
    public double hertz() {
        return (double) numerator / denominator;
    }

    @Override
    public int compareTo(Rate other) {
        return Long.compare(numerator * other.denominator, other.numerator * denominator);
    }

    /** {@code 1000/s}, {@code 0.5/s}; rounded to three decimals, or below 1/s to three digits, where the decimal form is longer. */
    @Override
    public String toString() {
        BigDecimal above = BigDecimal.valueOf(numerator);
        BigDecimal below = BigDecimal.valueOf(denominator);
        BigDecimal rounded = numerator < denominator
                ? above.divide(below, new MathContext(3, RoundingMode.HALF_UP))
                : above.divide(below, 3, RoundingMode.HALF_UP);
        return rounded.stripTrailingZeros().toPlainString() + "/s";
    }
}
