package dev.freshet.coordinator.run;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.control.ToCoordinator.Bound;
import dev.freshet.common.plan.ExternalConsumer;
import dev.freshet.common.plan.Link;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.ShardPlanner;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.BitRate;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.Party;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Everyone's part in one run, planned when all have joined, and who is to connect to whom, known when all are bound. */
final class RunParties {
    private static final Pattern LOOPBACK = Pattern.compile("tcp://(127\\.|localhost)");

    private final RunRequest request;
    private final List<Party> parties = new ArrayList<>();
    private List<Integer> weights = List.of();
    private RateSteps rates;
    private final Map<String, Bound> bound = new LinkedHashMap<>();

    RunParties(RunRequest request) {
        this.request = request;
        this.rates = request.plan().rates();
    }

    /**
     * Splits the plan.
     *
     * @param links what each producer is bound to, in their order
     * @return the weights that were taken, with what they came of, in words; null if they do not depend on the links
     * @throws InputException if it cannot be split so
     */
    String plan(List<Link> links) {
        parties.addAll(request.parties(links));
        weights = ShardPlanner.weights(request.plan(), request.producers(), links);
        return request.dependsOnLinks() ? "by link speed: " + weights(links) : null;
    }

    private String weights(List<Link> links) {
        return IntStream.range(0, links.size())
                .mapToObj(i -> String.format(
                        Locale.ROOT,
                        "%s %d (%s of %s, %s)",
                        links.get(i).agent(),
                        weights.get(i),
                        links.get(i).interfaceName(),
                        links.get(i).host(),
                        BitRate.format(links.get(i).speedBitsPerSecond())))
                .collect(Collectors.joining(", "));
    }

    /** What is asked of all producers together, over the run. */
    RateSteps rates() {
        return rates;
    }

    /**
     * Splits another rate, which is to hold as soon as it can.
     *
     * @param afterT0Nanos now
     * @return the producers' parts as they are now
     * @throws InputException if it cannot hold any more, or not be split so; then nothing is changed
     */
    List<Party> change(Rate rate, long afterT0Nanos) {
        RateSteps changed = rates.changedSoon(rate, afterT0Nanos);
        List<Schedule> schedules = ShardPlanner.schedules(request.plan(), rate, weights);
        rates = changed;
        long fromNanos = changed.last().fromInterval() * Timing.INTERVAL_NANOS;
        for (int i = 0; i < schedules.size(); i++) {
            parties.set(i, parties.get(i).changed(fromNanos, schedules.get(i)));
        }
        return List.copyOf(parties.subList(0, schedules.size()));
    }

    /** Producers first; empty before {@link #plan}. */
    List<Party> all() {
        return List.copyOf(parties);
    }

    void bound(String agent, Bound message) {
        bound.put(agent, message);
    }

    boolean hasBound(String agent) {
        return bound.containsKey(agent);
    }

    /**
     * Why a peer of an agent could not connect to it, in words, or null: it would wait in vain for somebody on another host.
     *
     * @param hostOf the host of each agent
     */
    String unreachable(Party party, UnaryOperator<String> hostOf) {
        if (endpointsOf(party.agent()).stream()
                .noneMatch(endpoint -> LOOPBACK.matcher(endpoint).lookingAt())) {
            return null;
        }
        String host = hostOf.apply(party.agent());
        return parties.stream()
                .map(Party::agent)
                .filter(other ->
                        isServedBy(party, other) && !hostOf.apply(other).equals(host))
                .findFirst()
                .map(other -> "bound loopback, where " + other + " on " + hostOf.apply(other)
                        + " cannot reach it; name an interface of " + host + " (" + host + ":IF, or --interface)")
                .orElse(null);
    }

    /** Whether one of the two takes the other's messages. */
    private boolean isServedBy(Party one, String other) {
        return one.serves().contains(other)
                || parties.stream()
                        .anyMatch(party ->
                                party.agent().equals(other) && party.serves().contains(one.agent()));
    }

    /** Where an agent's data or answers come from; none if it is not bound. */
    List<String> endpointsOf(String agent) {
        return bound.containsKey(agent) ? bound.get(agent).endpoints() : List.of();
    }

    List<Peer> peersOf(Party party) {
        ExternalConsumer external = party.role() == Role.PRODUCER ? request.externalOf(party.agent()) : null;
        if (external != null) {
            return List.of(new Peer(
                    "external consumer " + external,
                    null,
                    List.of(external.endpoint()),
                    null,
                    request.patienceNanos()));
        }
        return parties.stream()
                .filter(other ->
                        party.serves().contains(other.agent()) || other.serves().contains(party.agent()))
                .map(other -> new Peer(
                        other.agent(),
                        other.shard(),
                        endpointsFor(party, other),
                        bound.get(other.agent()).startEndpoint(),
                        null))
                .toList();
    }

    /** A consumer has an endpoint for each producer that it serves. */
    private List<String> endpointsFor(Party party, Party other) {
        List<String> endpoints = endpointsOf(other.agent());
        int place = other.serves().indexOf(party.agent());
        return place < 0 || endpoints.size() != other.serves().size() ? endpoints : List.of(endpoints.get(place));
    }

    /** What each producer's external consumer has to connect to, in words; empty if there are none. */
    Map<String, String> connections() {
        Map<String, String> connections = new LinkedHashMap<>();
        for (Party party : parties) {
            ExternalConsumer external = party.role() == Role.PRODUCER ? request.externalOf(party.agent()) : null;
            if (external != null) {
                connections.put(
                        party.agent(),
                        "subscribe to 'request' on " + String.join(", ", endpointsOf(party.agent()))
                                + ", say 'start' to " + bound.get(party.agent()).startEndpoint() + ", answer on "
                                + external.endpoint());
            }
        }
        return connections;
    }
}
