package dev.freshet.common.zmq;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Asks an endpoint by which mechanism it lets peers in, over a connection of its own: JeroMQ drops a connection whose other end has another
 * mechanism without a word. The answer is in the first 64 bytes that a ZMTP 3 peer sends (RFC 23).
 */
public final class PeerGreeting {
    /** The mechanism without keys. */
    public static final String NULL = "NULL";

    /** The mechanism with keys. */
    public static final String CURVE = "CURVE";

    private static final int GREETING_BYTES = 64;
    private static final int MECHANISM_OFFSET = 12;
    private static final int MECHANISM_BYTES = 20;

    /** Signature and version 3. A whole greeting, with another mechanism than theirs, would be cut off before they have said anything. */
    private static final byte[] BEGINNING = {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3};

    private PeerGreeting() {}

    /**
     * @param endpoint {@code tcp://host:port}
     * @param timeoutMillis for connecting, and again for each read
     * @return the mechanism, or null if nobody who speaks ZMTP 3 answers in time
     */
    public static String mechanism(String endpoint, int timeoutMillis) {
        URI uri = URI.create(endpoint);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            socket.getOutputStream().write(BEGINNING);
            byte[] answer = socket.getInputStream().readNBytes(GREETING_BYTES);
            if (answer.length < GREETING_BYTES || answer[0] != (byte) 0xff) {
                return null;
            }
            return new String(answer, MECHANISM_OFFSET, MECHANISM_BYTES, StandardCharsets.US_ASCII).replace("\0", "");
        } catch (IOException e) {
            return null;
        }
    }
}
