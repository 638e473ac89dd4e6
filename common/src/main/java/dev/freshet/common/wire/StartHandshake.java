package dev.freshet.common.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How a consumer starts a producer: it says {@code start} on a REQ socket, in one frame, and the same comes back. */
public final class StartHandshake {
    /** Larger frames are cut off at either end. */
    public static final int MAX_FRAME_BYTES = 1 << 10;

    private static final byte[] START = "start".getBytes(StandardCharsets.US_ASCII);

    private StartHandshake() {}

    /** The frame that is said, and answered. */
    public static byte[] start() {
        return START.clone();
    }

    public static boolean isStart(byte[] frame) {
        return Arrays.equals(frame, START);
    }
}
