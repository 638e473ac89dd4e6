package dev.freshet.common.zmq;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A peer made of bytes: speaks ZMTP 3 (RFC 23) up to READY with the NULL mechanism, and after that whatever it is told. */
final class RawPeer implements AutoCloseable {
    private static final int GREETING_BYTES = 64;
    private static final int LARGE_FRAME = 2;

    private final Socket socket = new Socket();

    RawPeer(int port) throws IOException {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
        socket.setSoTimeout(5_000);
    }

    /** Greets, and exchanges READY as a socket of {@code type}. */
    void shakeHands(String type) throws IOException {
        greetAs(type);
        byte[] head = read(2);
        read(head[1] & 0xff);
    }

    /** Greets, and says READY as a socket of {@code type}, with more properties: a name, a value, and so on. */
    void greetAs(String type, String... properties) throws IOException {
        ByteBuffer greeting = ByteBuffer.allocate(GREETING_BYTES);
        greeting.put(0, (byte) 0xff).put(8, (byte) 1).put(9, (byte) 0x7f).put(10, (byte) 3);
        greeting.put(12, ascii("NULL"));
        send(greeting.array());
        read(GREETING_BYTES);
        ByteBuffer body = ByteBuffer.allocate(255).put((byte) 5).put(ascii("READY"));
        property(body, "Socket-Type", type);
        for (int i = 0; i < properties.length; i += 2) {
            property(body, properties[i], properties[i + 1]);
        }
        send(new byte[] {4, (byte) body.position()});
        send(Arrays.copyOf(body.array(), body.position()));
    }

    private static void property(ByteBuffer body, String name, String value) {
        body.put((byte) name.length()).put(ascii(name)).putInt(value.length()).put(ascii(value));
    }

    /** Announces a frame of that length, and sends a little of it. */
    void announce(long length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + 16).put((byte) LARGE_FRAME).putLong(length);
        send(frame.array());
    }

    /** Whether the other side has closed the connection; waits for it, up to the read timeout. */
    boolean isCutOff() {
        try {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // what was on its way is of no interest
            }
            return true;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private byte[] read(int count) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(count);
        if (bytes.length < count) {
            throw new IOException("closed after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
