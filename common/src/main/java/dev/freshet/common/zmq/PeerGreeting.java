package dev.freshet.common.zmq;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
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
     * @param timeoutMillis for connecting, and for each read; all of it takes three times as long at most
     * @return the mechanism, or null if nobody who speaks ZMTP 3 answers in time
     */
    public static String mechanism(String endpoint, int timeoutMillis) {
        String address = endpoint.substring(endpoint.indexOf("//") + 2);
        int colon = address.lastIndexOf(':');
        long deadlineNanos = System.nanoTime() + 2 * timeoutMillis * 1_000_000L;
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
                    timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            socket.getOutputStream().write(BEGINNING);
            byte[] answer = new byte[GREETING_BYTES];
            int length = 0;
            while (length < GREETING_BYTES) { // one deadline for all: a peer may trickle
                int read = System.nanoTime() < deadlineNanos
                        ? socket.getInputStream().read(answer, length, GREETING_BYTES - length)
                        : -1;
                if (read < 0) {
                    return null;
                }
                length += read;
            }
            if (answer[0] != (byte) 0xff) {
                return null;
            }
            return new String(answer, MECHANISM_OFFSET, MECHANISM_BYTES, StandardCharsets.US_ASCII).replace("\0", "");
        } catch (IOException e) {
            return null;
        }
    }
}
