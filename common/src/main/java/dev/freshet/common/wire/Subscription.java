package dev.freshet.common.wire;

import java.util.Arrays;

/** What a subscriber tells a publisher: one frame, 1 to subscribe or 0 to unsubscribe, then the topic (ZMTP 3, RFC 23; RFC 29, PUB/SUB). */
public final class Subscription {
    private Subscription() {}

    /** Whether a frame is about messages of {@code topic}: about the topic itself, or a beginning of it. */
    public static boolean concerns(byte[] frame, byte[] topic) {
        return frame.length > 0
                && frame.length - 1 <= topic.length
                && Arrays.equals(frame, 1, frame.length, topic, 0, frame.length - 1);
    }

    /** 1 for a subscription, -1 for the end of one, 0 for anything else. */
    public static int change(byte[] frame) {
        return frame.length == 0 ? 0 : frame[0] == 1 ? 1 : frame[0] == 0 ? -1 : 0;
    }
}
