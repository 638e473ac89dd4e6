package dev.freshet.common.plan;

import dev.freshet.common.InputException;
import dev.freshet.common.time.Timetable;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The rate that is asked for over the course of a run, of the fleet or of one producer: at first what the plan says, then what each change says
 * from the beginning of an interval on. So an interval has one target.
 *
 * <p>This is the one place that knows it. A run that goes on has the fleet's steps, which each change replaces ({@link #changed}); those of a
 * producer come out of its timetable ({@link #of(Timing, Timetable)}), and add up to the fleet's. What was wanted of an interval is
 * {@link #targetHertzIn}, and does not change once the interval has begun: a row that is told when its interval is over gets it from the steps
 * as they are then.
 *
 * @param timing of the run
 * @param steps in the order of time, the first from interval 0; none if it is unpaced: then there is no target, at any time
 */
public record RateSteps(Timing timing, List<Step> steps) {
    /**
     * A rate from a moment on.
     *
     * @param fromInterval seconds after T0
     */
    public record Step(int fromInterval, Rate rate) {}

    private static final int LEAD_INTERVALS = 2;

    public RateSteps {
        steps = List.copyOf(steps);
    }

    /** No rate is asked for, but all that goes. */
    public static RateSteps unpaced(Timing timing) {
        return new RateSteps(timing, List.of());
    }

    public boolean isUnpaced() {
        return steps.isEmpty();
    }

    /** One rate from T0 on. */
    public static RateSteps of(Timing timing, Rate rate) {
        return new RateSteps(timing, List.of(new Step(0, rate)));
    }

    /** Those of one producer; its timetable changes with the fleet's steps. */
    public static RateSteps of(Timing timing, Timetable timetable) {
        return new RateSteps(
                timing,
                timetable.pieces().stream()
                        .map(piece -> new Step((int) (piece.fromNanos() / Timing.INTERVAL_NANOS), piece.rate()))
                        .toList());
    }

    /** The same up to an interval, and another rate from it on; what had been said of later ones is forgotten. */
    public RateSteps changed(int fromInterval, Rate rate) {
        List<Step> changed = new ArrayList<>(steps);
        changed.removeIf(step -> step.fromInterval >= fromInterval);
        changed.add(new Step(fromInterval, rate));
        return new RateSteps(timing, changed);
    }

    /**
     * Another rate as soon as all agents can know of it: from the second boundary of intervals from now on, but not within the warm-up, whose end
     * would move to another message; {@link #last} is the moment.
     *
     * @param afterT0Nanos now; may be below 0
     * @throws InputException if it is unpaced, that is the rate already, or no whole interval would be left to send at it
     */
    public RateSteps changedSoon(Rate rate, long afterT0Nanos) {
        if (isUnpaced()) {
            throw new InputException(
                    "rate: the run is unpaced (max), there is no rate that could be changed to " + rate);
        }
        if (rate.equals(last().rate)) {
            throw new InputException("rate: it is " + rate + " already"
                    + (last().fromInterval == 0 ? "" : ", from second " + last().fromInterval + " on"));
        }
        long from = Math.max(
                Math.floorDiv(afterT0Nanos, Timing.INTERVAL_NANOS) + LEAD_INTERVALS,
                timing.warmupNanos() / Timing.INTERVAL_NANOS);
        if ((from + 1) * Timing.INTERVAL_NANOS > timing.sendingNanos()) {
            throw new InputException("rate: too late for " + rate + ": it would hold from second " + from
                    + " on, and has to hold for one whole second of the "
                    + Durations.format(Duration.ofNanos(timing.sendingNanos())) + " in which messages are sent");
        }
        return changed((int) from, rate);
    }

    /** What was said last, which holds or will hold soon. */
    public Step last() {
        return steps.get(steps.size() - 1);
    }

    /** The changes, without the rate that was planned. */
    public List<Step> changes() {
        return isUnpaced() ? steps : steps.subList(1, steps.size());
    }

    /**
     * Messages that are wanted in the second from {@code interval} on, whether or not the producers are still there; less in a second in which
     * sending ends, 0 after that; null if it is unpaced.
     */
    public Double targetHertzIn(int interval) {
        if (isUnpaced()) {
            return null;
        }
        long from = interval * Timing.INTERVAL_NANOS;
        return hertz(from, from + Timing.INTERVAL_NANOS) * sendingNanosIn(from) / Timing.INTERVAL_NANOS;
    }

    private long sendingNanosIn(long from) {
        return Math.max(0, Math.min(timing.sendingNanos() - from, Timing.INTERVAL_NANOS));
    }

    /** Messages per second over the measured phase: the mean, with the weight of each rate the time for which it is asked; null if unpaced. */
    public Double meanHertz() {
        return meanHertzUntil(timing.sendingNanos());
    }

    /**
     * As {@link #meanHertz}, of a run that was cut short: steps that it did not get to were asked of nobody. At least the first measured second
     * counts.
     *
     * @param nanos when, after T0
     */
    public Double meanHertzUntil(long nanos) {
        if (isUnpaced()) {
            return null;
        }
        long first = timing.warmupNanos() + Timing.INTERVAL_NANOS;
        return hertz(timing.warmupNanos(), Math.min(Math.max(nanos, first), timing.sendingNanos()));
    }

    /** The mean rate between two moments after T0, in nanoseconds; a rate that holds all the time comes out as it is, to the last digit. */
    private double hertz(long fromNanos, long toNanos) {
        double messages = 0;
        for (int i = 0; i < steps.size(); i++) {
            long begins = Math.max(fromNanos, steps.get(i).fromInterval * Timing.INTERVAL_NANOS);
            long ends = Math.min(
                    toNanos,
                    i + 1 < steps.size() ? steps.get(i + 1).fromInterval * Timing.INTERVAL_NANOS : Long.MAX_VALUE);
            double hertz = steps.get(i).rate.hertz();
            if (ends - begins == toNanos - fromNanos) {
                return hertz;
            }
            messages += hertz * Math.max(0, ends - begins);
        }
        return messages / (toNanos - fromNanos);
    }
}
