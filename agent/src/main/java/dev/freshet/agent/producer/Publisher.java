package dev.freshet.agent.producer;

import java.util.List;

/**
 * Publishes requests on one or more channels, each a PUB endpoint of its own. A message is prepared, then offered, as often as it takes; only
 * an accepted one goes out.
 *
 * <p>Bound by one thread and then owned by the publishing thread.
 */
public interface Publisher extends AutoCloseable {
    /**
     * Binds every channel.
     *
     * @param address a local address, or {@code *}
     * @param dataPort of the first channel, the others follow; 0 takes any free ones
     * @throws dev.freshet.common.InputException if one cannot be bound
     */
    void bind(String address, int dataPort);

    /** Takes all memory that messages will need now, instead of when each part is first used. */
    void fill();

    /**
     * Writes the next message of a channel. May be called again for the same channel, with another stamp or another message, as long as
     * the last one was not accepted.
     *
     * @param seq the message's number, from 0
     * @param t1Micros when it is sent, microseconds since the epoch
     * @param sizeBytes of its payload
     */
    void prepare(int channel, long seq, long t1Micros, int sizeBytes);

    /**
     * Hands over the message that was prepared last. Accepted does not mean delivered: what is queued for a subscriber that leaves is gone. It
     * may be held back until {@link #flush}, so that messages that are due together leave together.
     *
     * @return false exactly if the message was refused at the high-water mark; then no subscriber gets it
     */
    boolean offer(int channel);

    /** Lets go of what was accepted and held back; to be called before each wait, and after the last message. */
    void flush();

    /** The ports bound, one for each channel. */
    List<Integer> ports();

    /**
     * The channels, counted from 0, that nobody has subscribed to yet. A subscriber that has left again still counts: only the first one is
     * waited for.
     */
    List<Integer> channelsWithoutSubscriber();

    /** What a person should know about how it went; by the publishing thread. */
    default List<String> remarks() {
        return List.of();
    }

    @Override
    void close();
}
