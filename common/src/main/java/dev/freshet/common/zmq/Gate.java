package dev.freshet.common.zmq;

import dev.freshet.common.keys.AllowList;
import dev.freshet.common.keys.CoordinatorKeys;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.BiConsumer;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.Msg;
import zmq.io.Metadata;

/**
 * Who may connect to a socket, and from whom a frame came. It answers JeroMQ's questions by ZAP (RFC 27): with keys, only those on the
 * allow-list are let in.
 *
 * <p>JeroMQ lets everybody in who knows the coordinator's public key if nobody answers these questions, and lets a peer overwrite {@code User-Id}
 * and {@code Peer-Address} of its own frames with what it says about itself in its handshake. So what is known of a caller is attached to its
 * frames under a name that is drawn at random and never leaves this process: a frame without it has not come through this gate.
 *
 * <p>Made by one thread, then owned by the thread that owns the socket, in whose poller it is.
 */
public final class Gate implements AutoCloseable {
    private static final String ENDPOINT = "inproc://zeromq.zap.01"; // the name that JeroMQ looks for in its context
    private static final byte[] VERSION = ascii("1.0");
    private static final int REQUEST_FRAMES =
            6; // before the credentials: version, id, domain, address, identity, mechanism
    private static final int KEY_BYTES = 32;
    private static final int MAX_FRAME_BYTES = 4096;

    private final String secretName = HexFormat.of().formatHex(randomBytes());
    private final ZMQ.Socket questions;
    private final CoordinatorKeys keys;
    private final BiConsumer<String, String> onRefused;

    /**
     * @param host the address that it connected from
     * @param key the public key that it proved to have; null on a channel without keys
     */
    public record Caller(String host, String key) {}

    /**
     * Takes the place where JeroMQ looks for answers; to be made before the socket binds.
     *
     * @param keys null: anybody is let in, and only the address is told
     * @param onRefused told the address and the key of one who was not let in
     * @throws IllegalStateException if the place is taken: nobody would be refused then
     */
    public Gate(SafeContext context, CoordinatorKeys keys, BiConsumer<String, String> onRefused) {
        this.keys = keys;
        this.onRefused = onRefused;
        questions = context.socket(SocketType.REP, MAX_FRAME_BYTES);
        try {
            if (!questions.bind(ENDPOINT)) {
                throw new IllegalStateException("nobody can be refused: " + ENDPOINT + " cannot be bound");
            }
        } catch (ZMQException e) {
            throw new IllegalStateException("nobody can be refused: " + ENDPOINT + " cannot be bound", e);
        }
    }

    /** Gives a socket that is not bound yet the keys; {@link SafeContext#bind} makes JeroMQ ask. */
    public void guard(ZMQ.Socket socket) {
        if (keys != null) {
            socket.setCurveServer(true);
            socket.setCurvePublicKey(CurveKeys.bytes(keys.pair().publicKey()));
            socket.setCurveSecretKey(CurveKeys.bytes(keys.pair().secretKey()));
            socket.setHandshakeIvl(CurveKeys.HANDSHAKE_MILLIS);
        }
    }

    /** Registers with the owner's poller; {@link #answerAll} is to be called after each poll. */
    public void pollWith(ZMQ.Poller poller) {
        poller.register(questions, ZMQ.Poller.POLLIN);
    }

    /** Answers whoever asks to be let in. */
    public void answerAll() {
        for (byte[] version = questions.recv(ZMQ.DONTWAIT); version != null; version = questions.recv(ZMQ.DONTWAIT)) {
            byte[][] request = new byte[REQUEST_FRAMES + 1][];
            request[0] = version;
            for (int i = 1; questions.hasReceiveMore(); i++) {
                byte[] frame = questions.recv();
                if (i < request.length) {
                    request[i] = frame;
                }
            }
            answer(request);
        }
    }

    private void answer(byte[][] request) {
        String host = new String(request[3], StandardCharsets.US_ASCII);
        byte[] credentials = request[REQUEST_FRAMES];
        String key = credentials != null && credentials.length == KEY_BYTES ? ZMQ.Curve.z85Encode(credentials) : null;
        boolean welcome = keys == null || (key != null && keys.allowed().agentOf(key) != null);
        questions.send(VERSION, ZMQ.SNDMORE);
        questions.send(request[1], ZMQ.SNDMORE);
        questions.send(welcome ? "200" : "400", ZMQ.SNDMORE);
        questions.send(welcome ? "" : "this key is not allowed", ZMQ.SNDMORE);
        questions.send("", ZMQ.SNDMORE); // no user: see above
        questions.send(welcome ? properties(host, key) : new byte[0]);
        if (!welcome) {
            onRefused.accept(host, key);
        }
    }

    private byte[] properties(String host, String key) {
        return new Metadata(Map.of(secretName + "-host", host, secretName + "-key", key == null ? "" : key)).bytes();
    }

    /** Who sent a frame, or null if it did not come through this gate, and nothing in it may be believed. */
    public Caller callerOf(Msg frame) {
        Metadata metadata = frame.getMetadata();
        String host = metadata == null ? null : metadata.get(secretName + "-host");
        if (host == null) {
            return null;
        }
        String key = metadata.get(secretName + "-key");
        return new Caller(host, key.isEmpty() ? null : key);
    }

    /** The agent that a caller may speak for: by its key as it is on the list now, null if it is no longer, or there are no keys. */
    public String agentOf(Caller caller) {
        AllowList allowed = keys == null ? null : keys.allowed();
        return allowed == null || caller.key() == null ? null : allowed.agentOf(caller.key());
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        questions.close();
    }
}
