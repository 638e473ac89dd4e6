package dev.freshet.coordinator.run;

import dev.freshet.common.time.ClockFilter.Estimate;
import dev.freshet.coordinator.fleet.Fleet;
import dev.freshet.coordinator.fleet.FleetAgent;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Gets to know the agents' clocks before a run, and says afterwards how well they were known over the whole of it. */
final class ClockSync {
    /** Exchanges that an offset rests on at least before a run may start. */
    private static final int EXCHANGES = 8;

    /** A clock known so well needs no more of them; agents that are still warming up answer slowly at first. */
    private static final double KNOWN_NANOS = 200_000;

    /** After so many a clock is as well known as it will be. */
    private static final int ENOUGH_EXCHANGES = 64;

    private static final int PING_SPACING_MILLIS = 2;
    private static final int AGENTS_A_PING = 10;

    private final Vertx vertx;
    private final Fleet fleet;
    private final Map<String, Estimate> atT0 = new HashMap<>();

    ClockSync(Vertx vertx, Fleet fleet) {
        this.vertx = vertx;
        this.fleet = fleet;
    }

    /**
     * Pings in turn those whose clock is not known yet, a few at a time: answers that queue are late, and late is inexact.
     *
     * @param waiting who is left; pinging ends when nobody is
     */
    void begin(Supplier<List<String>> waiting, Function<String, FleetAgent> named) {
        Deque<String> turn = new ArrayDeque<>();
        vertx.setPeriodic(1, PING_SPACING_MILLIS, timer -> {
            List<String> left = waiting.get();
            turn.retainAll(left);
            left.stream().filter(name -> !turn.contains(name)).forEach(turn::addLast);
            if (turn.isEmpty()) {
                vertx.cancelTimer(timer);
                return;
            }
            for (int i = 0; i <= left.size() / AGENTS_A_PING; i++) {
                turn.addLast(turn.removeFirst());
                fleet.ping(named.apply(turn.peekLast()));
            }
        });
    }

    /** Whether a run may start as far as this clock goes. */
    static boolean isKnown(FleetAgent agent) {
        Estimate estimate = agent.clock();
        return estimate != null
                && estimate.exchanges() >= EXCHANGES
                && (estimate.errorNanos() <= KNOWN_NANOS || estimate.exchanges() >= ENOUGH_EXCHANGES);
    }

    /** Remembers what is known now. */
    void atT0(Collection<FleetAgent> agents) {
        agents.forEach(agent -> atT0.put(agent.name(), agent.clock()));
    }

    /** What holds for the whole run: one offset is applied to all of it, so what it surely moved since T0 is part of its error. */
    Estimate overRun(FleetAgent agent) {
        Estimate first = atT0.get(agent.name());
        Estimate last = agent.clock();
        if (first == null || last == null) {
            return last;
        }
        Estimate better = first.errorNanos() < last.errorNanos() ? first : last;
        double movedNanos = Math.abs(last.offsetNanos() - first.offsetNanos());
        double surelyMovedNanos = Math.max(0, movedNanos - first.errorNanos() - last.errorNanos());
        return new Estimate(
                better.offsetNanos(),
                better.errorNanos() + surelyMovedNanos,
                last.driftPpm(),
                last.exchanges(),
                last.impossible());
    }
}
