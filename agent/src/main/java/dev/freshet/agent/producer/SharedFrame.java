package dev.freshet.agent.producer;

import java.nio.charset.StandardCharsets;
import zmq.Msg;

/**
 * A first frame that can be sent any number of times, also while earlier sends are still queued. JeroMQ's {@code send} clears the MORE flag of
 * the message it is given and then sets it; on a message that the I/O thread reads at that moment the frame could go out as the last one of
 * its message. Here the flag is set for good and cannot be cleared.
 */
final class SharedFrame extends Msg {
    SharedFrame(String text) {
        super(text.getBytes(StandardCharsets.US_ASCII));
        setFlags(MORE);
    }

    @Override
    public void resetFlags(int cleared) {
        // MORE stays: it is the only flag there is
    }
}
