package dev.freshet.agent.producer;

import dev.freshet.common.control.ToAgent.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Waits until a producer's consumers are there: {@code start} said, each channel subscribed to, the connections to their answers made. Without
 * consumers there is nothing to wait for.
 *
 * <p>Owned by the publishing thread.
 */
final class Handshake {
    private static final long CHECK_MILLIS = 5;

    private final ProducerSetup.Patience patience;
    private final Course course;
    private final Publisher publisher;
    private final List<String> dataEndpoints;
    private final String startEndpoint;
    private final Consumer<String> goOnWithout;

    /** A consumer was waited for as long as patience allows; the message says which and for what. */
    static final class InVain extends Exception {
        private static final long serialVersionUID = 1L;

        InVain(String message) {
            super(message);
        }
    }

    /** @param goOnWithout told what is missing, if the run goes on without */
    Handshake(
            ProducerSetup setup,
            Course course,
            Publisher publisher,
            List<String> dataEndpoints,
            String startEndpoint,
            Consumer<String> goOnWithout) {
        this.patience = setup.patience();
        this.course = course;
        this.publisher = publisher;
        this.dataEndpoints = dataEndpoints;
        this.startEndpoint = startEndpoint;
        this.goOnWithout = goOnWithout;
    }

    /**
     * Returns when all is there, or the run is stopped.
     *
     * @param peers known when the owner has connected
     */
    void await(Supplier<List<Peer>> peers) throws InVain, InterruptedException {
        while (!course.isConnected() && !course.isStopped()) {
            course.awaitChange(100);
        }
        if (course.isStopped() || peers.get().isEmpty()) {
            return;
        }
        String names = peers.get().stream().map(Peer::agent).collect(Collectors.joining(", "));
        long forStartNanos = forStartNanos(peers.get());
        if (!await(course::isStartSaid, forStartNanos)) {
            throw new InVain(
                    "waited " + seconds(forStartNanos) + " for " + names + " to say 'start' on " + startEndpoint);
        }
        long answering = peers.get().stream()
                .flatMap(peer -> peer.endpoints().stream())
                .distinct()
                .count();
        BooleanSupplier allThere =
                () -> publisher.channelsWithoutSubscriber().isEmpty() && course.answeringPeers() >= answering;
        if (!await(allThere, patience.forSubscriptionsNanos())) {
            String missing = "waited " + seconds(patience.forSubscriptionsNanos()) + " for " + names + ": "
                    + missing(peers.get(), answering);
            if (!patience.goesOn()) {
                throw new InVain(missing);
            }
            goOnWithout.accept(missing);
        }
    }

    /** A peer that is not one of the fleet may take longer, as somebody has to start it. */
    private long forStartNanos(List<Peer> peers) {
        return peers.stream()
                .map(Peer::patienceNanos)
                .filter(Objects::nonNull)
                .max(Long::compare)
                .orElse(patience.forStartNanos());
    }

    /** Whether the condition came true; also true if the run was stopped. */
    private boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
        long began = System.nanoTime();
        while (!condition.getAsBoolean() && !course.isStopped()) {
            if (System.nanoTime() - began >= nanos) {
                return false;
            }
            course.awaitChange(CHECK_MILLIS);
        }
        return true;
    }

    private String missing(List<Peer> peers, long answering) {
        List<String> missing = new ArrayList<>();
        for (int channel : publisher.channelsWithoutSubscriber()) {
            missing.add("no subscription to 'request' on " + dataEndpoints.get(channel));
        }
        if (course.answeringPeers() < answering) {
            missing.add("no connection to the answers at "
                    + peers.stream().flatMap(peer -> peer.endpoints().stream()).collect(Collectors.joining(", ")));
        }
        return missing.isEmpty() ? "all came at the last moment" : String.join(", ", missing);
    }

    private static String seconds(long nanos) {
        return nanos / 1_000_000_000L + " s";
    }
}
