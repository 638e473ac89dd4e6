package dev.freshet.coordinator.run;

import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.control.ToCoordinator.Bound;
import dev.freshet.common.plan.ExternalConsumer;
import dev.freshet.common.plan.Link;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.ShardPlanner;
import dev.freshet.common.units.BitRate;
import dev.freshet.coordinator.books.Party;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Everyone's part in one run, planned when all have joined, and who is to connect to whom, known when all are bound. */
final class RunParties {
    private final RunRequest request;
    private final List<Party> parties = new ArrayList<>();
    private final Map<String, Bound> bound = new LinkedHashMap<>();

    RunParties(RunRequest request) {
        this.request = request;
    }

    /**
     * Splits the plan.
     *
     * @param links what each producer is bound to, in their order
     * @return the weights that were taken, with what they came of, in words; null if they do not depend on the links
     * @throws dev.freshet.common.InputException if it cannot be split so
     */
    String plan(List<Link> links) {
        parties.addAll(request.parties(links));
        return request.dependsOnLinks() ? "by link speed: " + weights(links) : null;
    }

    private String weights(List<Link> links) {
        List<Integer> weights = ShardPlanner.weights(request.plan(), request.producers(), links);
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

    /** Producers first; empty before {@link #plan}. */
    List<Party> all() {
        return List.copyOf(parties);
    }

    void bound(String agent, Bound message) {
        bound.put(agent, message);
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
