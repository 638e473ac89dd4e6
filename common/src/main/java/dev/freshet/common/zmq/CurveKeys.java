package dev.freshet.common.zmq;

import dev.freshet.common.keys.AgentKey;
import dev.freshet.common.keys.KeyPair;
import java.nio.charset.StandardCharsets;
import org.zeromq.ZMQ;

/** CURVE on the side that dials, and the making of keys for it. The side that is dialled is {@link Gate}'s. */
public final class CurveKeys {
    /** What CURVE adds to a frame: the command's name, a nonce, a box's header, the flags; rounded up. */
    public static final int OVERHEAD_BYTES = 64;

    /**
     * How long a greeting may take where one I/O thread does the arithmetic of many handshakes at once, some 10 to 30 ms each: longer than the
     * interval of other sockets, which would give up and come again while their turn was near.
     */
    static final int HANDSHAKE_MILLIS = 2_000;

    private CurveKeys() {}

    /** A new pair, drawn at random. */
    public static KeyPair generate() {
        ZMQ.Curve.KeyPair pair = ZMQ.Curve.generateKeyPair();
        return new KeyPair(pair.publicKey, pair.secretKey);
    }

    /** Makes a socket that is not connected yet dial with an agent's key, and only to the coordinator that the key names. */
    public static void dialWith(ZMQ.Socket socket, AgentKey key) {
        socket.setCurveServerKey(bytes(key.coordinator()));
        socket.setCurvePublicKey(bytes(key.pair().publicKey()));
        socket.setCurveSecretKey(bytes(key.pair().secretKey()));
        socket.setHandshakeIvl(HANDSHAKE_MILLIS);
    }

    /** Keys are given as text: 32 bytes could be taken for something else. */
    static byte[] bytes(String z85) {
        return z85.getBytes(StandardCharsets.US_ASCII);
    }
}
