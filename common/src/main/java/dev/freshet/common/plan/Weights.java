package dev.freshet.common.plan;

import dev.freshet.common.InputException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a plan's rate is shared among its producers.
 *
 * @param byLinkSpeed by the speed of each one's link, which is known once the agents have joined
 * @param given one for each agent; empty for equal shares, or if by link speed
 */
public record Weights(boolean byLinkSpeed, List<Integer> given) {
    public static final Weights EQUAL = new Weights(false, List.of());
    public static final Weights LINK_SPEED = new Weights(true, List.of());

    private static final String BY_LINK_SPEED = "link-speed";
    private static final int LARGEST = 1_000_000;

    public Weights {
        given = List.copyOf(given);
    }

    /**
     * Reads {@code link-speed}, or one weight for each agent: {@code 4,4,4,1}.
     *
     * @param what the option or key the text came from, for the error
     * @throws InputException if it is neither
     */
    public static Weights parse(String what, String text) {
        if (text.strip().equals(BY_LINK_SPEED)) {
            return LINK_SPEED;
        }
        return new Weights(
                false,
                Arrays.stream(text.split(",", -1))
                        .map(part -> weight(what, part))
                        .toList());
    }

    private static int weight(String what, String text) {
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= 1 && value <= LARGEST) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw new InputException(
                what + ": '" + text + "' is neither a whole number from 1 to " + LARGEST + " nor " + BY_LINK_SPEED);
    }

    /**
     * Each agent's weight, in the order of the agents.
     *
     * @param agents how many there are
     * @param links what each is bound to; asked for only by link speed
     * @throws InputException if the weights are not as many as the agents, or the speed of a link is not known
     */
    List<Integer> of(int agents, List<Link> links) {
        if (byLinkSpeed) {
            return Link.weights(links);
        }
        if (!given.isEmpty() && given.size() != agents) {
            throw new InputException("weights: " + given.size() + " given for " + agents + " agents");
        }
        return given.isEmpty() ? Collections.nCopies(agents, 1) : given;
    }

    /** As {@link #parse} reads it; {@code equal} for equal shares. */
    @Override
    public String toString() {
        if (byLinkSpeed) {
            return BY_LINK_SPEED;
        }
        return given.isEmpty() ? "equal" : given.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
