package dev.freshet.coordinator.results;

import dev.freshet.common.plan.ExternalConsumer;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import dev.freshet.common.units.BitRate;
import dev.freshet.coordinator.books.AgentAccount;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.results.Summary.Load;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Whose fault it is where a producer did not reach its target: its link, the path from its host, its consumer or that one's link. What held up
 * a producer shows in the interfaces' counters, and in whether the other producers of the same consumer were held up as well.
 */
final class Shortfalls {
    /** From this share of its target on a producer is whole. */
    static final double WHOLE_SHARE = 0.99;

    private final RunFacts facts;
    private final Figures figures;
    private final Map<Place, InterfaceUse> uses;
    private final Map<String, AgentFacts> producers = new LinkedHashMap<>();
    private final Map<String, Load> achieved = new LinkedHashMap<>();

    private Shortfalls(RunFacts facts, Map<Place, InterfaceUse> uses) {
        this.facts = facts;
        this.uses = uses;
        this.figures = new Figures(facts);
        for (AgentFacts agent : facts.agents()) {
            AgentAccount account = account(agent.name());
            if (account.party().role() == Role.PRODUCER && account.loss() == null) {
                producers.put(agent.name(), agent);
                achieved.put(agent.name(), figures.achieved(account));
            }
        }
    }

    /** A sentence for each cause, with the producers that it held up; none if all are whole. Lost ones are told of elsewhere. */
    static List<String> of(RunFacts facts, Map<Place, InterfaceUse> uses) {
        if (facts.plan().rate() == null) {
            return List.of(); // nothing was asked for that could have been missed
        }
        Shortfalls found = new Shortfalls(facts, uses);
        Map<String, List<String>> byCause = new LinkedHashMap<>();
        for (String producer : found.producers.keySet()) {
            if (!found.isWhole(producer)) {
                byCause.computeIfAbsent(found.cause(producer), cause -> new ArrayList<>())
                        .add(producer);
            }
        }
        List<String> sentences = new ArrayList<>();
        byCause.forEach((cause, held) -> sentences.add(found.sentence(cause, held)));
        return sentences;
    }

    private AgentAccount account(String agent) {
        return facts.account().agents().get(agent);
    }

    /** What its schedule has in so short a time: that can be one message less than its rate, or none at all. */
    private double targetHertz(String producer) {
        Party party = account(producer).party();
        double scheduledHertz =
                party.messages(Phase.MEASURED) * 1e9 / facts.plan().duration().toNanos();
        return Math.min(figures.targetHertz(party), scheduledHertz);
    }

    /** A run that was cut short in its warm-up had no time in which anything could be achieved. */
    private double achievedHertz(String producer) {
        return Objects.requireNonNullElse(achieved.get(producer).rateHertz(), targetHertz(producer));
    }

    private boolean isWhole(String producer) {
        return achievedHertz(producer) >= WHOLE_SHARE * targetHertz(producer);
    }

    private InterfaceUse use(String producer) {
        return uses.get(Place.of(producers.get(producer)));
    }

    private String cause(String producer) {
        InterfaceUse own = use(producer);
        if (own.isFullSending()) {
            return "the link " + described(own) + " was full, "
                    + BitRate.format(own.rate().sentBytesPerSecond() * Byte.SIZE) + " carried";
        }
        AgentFacts consumer = consumerOf(producer);
        InterfaceUse there = consumer == null ? null : uses.get(Place.of(consumer));
        if (there != null && there.isFullReceiving()) {
            return "the link " + described(there) + ", where " + consumer.name() + " receives, was full, "
                    + BitRate.format(there.rate().receivedBytesPerSecond() * Byte.SIZE) + " received";
        }
        String name = consumer == null ? externalOf(producer) : consumer.name();
        List<String> others = othersOf(name, producer);
        boolean apart = consumer == null || !consumer.host().equals(own.place().host());
        if (name == null || others.isEmpty()) {
            return "neither a link that was full nor another producer tells what held up the messages";
        }
        if (others.stream().noneMatch(this::isWhole)) {
            return "no other producer of " + name + " was whole, so it is the consumer or the way to it";
        }
        // on one interface all are to be held up, and all others whole
        boolean allAsThePathHasIt =
                others.stream().allMatch(other -> use(other).equals(own) ? !isWhole(other) : isWhole(other));
        return apart && allAsThePathHasIt
                ? "the other producers of " + name + " were whole, so it is the path from "
                        + own.place().host() + ", not the consumer"
                : "some producers of " + name + " were whole and others not, and no link that was full tells why";
    }

    private static String described(InterfaceUse use) {
        return use.place().interfaceName() + " of " + use.place().host() + " ("
                + BitRate.format(use.speedBitsPerSecond()) + ")";
    }

    /** The producers of the same consumer, without those that a link of their own explains. */
    private List<String> othersOf(String consumer, String producer) {
        return producers.keySet().stream()
                .filter(other -> !other.equals(producer) && Objects.equals(consumer, consumerName(other)))
                .filter(other -> isWhole(other) || !use(other).isFullSending())
                .toList();
    }

    private String consumerName(String producer) {
        AgentFacts consumer = consumerOf(producer);
        return consumer == null ? externalOf(producer) : consumer.name();
    }

    private AgentFacts consumerOf(String producer) {
        return facts.agents().stream()
                .filter(agent -> account(agent.name()).party().serves().contains(producer))
                .findFirst()
                .orElse(null);
    }

    private String externalOf(String producer) {
        int place = facts.agents().stream().map(AgentFacts::name).toList().indexOf(producer);
        ExternalConsumer external = facts.plan().externalOf(place);
        return external == null ? null : external.toString();
    }

    private String sentence(String cause, List<String> held) {
        double reached = held.stream().mapToDouble(this::achievedHertz).sum();
        double target = held.stream().mapToDouble(this::targetHertz).sum();
        return String.format(
                Locale.ROOT,
                "%s achieved %.1f of %.1f messages a second%s: %s.",
                String.join(", ", held.stream().map(this::named).toList()),
                reached,
                target,
                held.size() > 1 ? " together" : "",
                cause);
    }

    private String named(String producer) {
        return facts.named(producers.get(producer));
    }
}
