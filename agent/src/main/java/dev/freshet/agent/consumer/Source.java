package dev.freshet.agent.consumer;

import java.util.List;

/**
 * A producer that a consumer serves.
 *
 * @param name for people
 * @param idPrefix what its {@code msg_id} has before the number; null where any id is taken
 * @param messages sequence numbers stay below this; {@link Long#MAX_VALUE} where no schedule is known
 * @param endpoints one for each channel
 * @param startEndpoint where {@code start} is said
 */
public record Source(String name, byte[] idPrefix, long messages, List<String> endpoints, String startEndpoint) {
    /** Whether a message can be this producer's: its id is the prefix and the number, and it may have that number. */
    boolean owns(byte[] id, int idLength, long seq) {
        if (seq >= messages) {
            return false;
        }
        if (idPrefix == null) {
            return true;
        }
        int at = idLength;
        long rest = seq;
        do {
            if (at == 0 || id[--at] != '0' + rest % 10) {
                return false;
            }
            rest /= 10;
        } while (rest > 0);
        if (at != idPrefix.length) {
            return false;
        }
        for (int i = 0; i < at; i++) {
            if (id[i] != idPrefix[i]) {
                return false;
            }
        }
        return true;
    }
}
