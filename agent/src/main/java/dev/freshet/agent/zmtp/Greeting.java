package dev.freshet.agent.zmtp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The first 64 bytes of either side (RFC 37, section "Connection Greeting"): a signature of ten bytes, the version, the mechanism's name of 20
 * bytes, whether this is its server, and a filler.
 */
final class Greeting {
    static final int BYTES = 64;
    static final int SIGNATURE_BYTES = 10;

    private static final int SIGNATURE_END = SIGNATURE_BYTES - 1;
    private static final int MAJOR = 10;
    private static final int MINOR = 11;
    private static final int MECHANISM = 12;
    private static final int MECHANISM_BYTES = 20;
    private static final byte[] NULL_MECHANISM = "NULL".getBytes(StandardCharsets.US_ASCII);

    private Greeting() {}

    /** Version 3.1, the NULL mechanism. */
    static byte[] ours() {
        byte[] greeting = new byte[BYTES];
        greeting[0] = (byte) 0xff;
        greeting[SIGNATURE_END - 1] = 1; // as older versions read it: a frame's length
        greeting[SIGNATURE_END] = 0x7f;
        greeting[MAJOR] = 3;
        greeting[MINOR] = 1;
        System.arraycopy(NULL_MECHANISM, 0, greeting, MECHANISM, NULL_MECHANISM.length);
        return greeting;
    }

    /** How {@link #ours} begins. */
    static byte[] ourSignature() {
        return Arrays.copyOf(ours(), SIGNATURE_BYTES);
    }

    /** What of {@link #ours} comes after the signature. */
    static byte[] oursAfterSignature() {
        return Arrays.copyOfRange(ours(), SIGNATURE_BYTES, BYTES);
    }

    /**
     * Looks at as much of a peer's greeting as has come.
     *
     * @throws ZmtpException if nothing that follows can make it a greeting of ZMTP 3 with the NULL mechanism
     */
    static void check(byte[] greeting, int length) throws ZmtpException {
        if (length > 0 && greeting[0] != (byte) 0xff) {
            throw new ZmtpException("it does not speak ZMTP");
        }
        if (length > SIGNATURE_END && (greeting[SIGNATURE_END] & 1) == 0) {
            throw new ZmtpException("it does not speak ZMTP, or a version below 2");
        }
        if (length > MAJOR && greeting[MAJOR] < 3) {
            throw new ZmtpException("it speaks a version of ZMTP below 3");
        }
        for (int i = 0; i < MECHANISM_BYTES && MECHANISM + i < length; i++) {
            if (greeting[MECHANISM + i] != (i < NULL_MECHANISM.length ? NULL_MECHANISM[i] : 0)) {
                throw new ZmtpException("its mechanism is not NULL");
            }
        }
    }

    /** Whether a peer with this greeting takes subscriptions as commands, which version 3.1 brought. */
    static boolean knowsSubscribeCommand(byte[] greeting) {
        return greeting[MAJOR] > 3 || greeting[MINOR] >= 1;
    }
}
