package dev.freshet.agent.producer;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Speaks just enough ZMTP 3 over plain TCP to do what no library would: read nothing, leave in the middle of a frame, unsubscribe with messages
 * queued, announce absurd lengths.
 */
public final class RawPeer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int MORE = 1;
    private static final int LONG = 2;
    private static final int COMMAND = 4;
    private static final int BUFFER_BYTES = 4096;
    private static final int SMALLEST_BUFFER_BYTES = 4096;

    private final Socket socket;
    private final DataInputStream in;

    /** One frame, as it came. */
    public record Frame(int flags, byte[] body) {
        public boolean isCommand() {
            return (flags & COMMAND) != 0;
        }

        public boolean hasMore() {
            return (flags & MORE) != 0;
        }
    }

    private RawPeer(Socket socket, String type, int minorVersion) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        byte[] greeting = new byte[64];
        greeting[0] = (byte) 0xff;
        greeting[8] = 1;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        greeting[11] = (byte) minorVersion;
        System.arraycopy("NULL".getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, 4);
        send(greeting);
        in.readFully(new byte[64]);
        ByteArrayOutputStream ready = new ByteArrayOutputStream();
        ready.write(5);
        ready.writeBytes("READY".getBytes(StandardCharsets.US_ASCII));
        ready.write(11);
        ready.writeBytes("Socket-Type".getBytes(StandardCharsets.US_ASCII));
        ready.writeBytes(new byte[] {0, 0, 0, (byte) type.length()});
        ready.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        send(new byte[] {COMMAND, (byte) ready.size()});
        send(ready.toByteArray());
        readFrame();
    }

    /** Connects as a socket of that type, with the smallest receive buffer that the system gives. */
    public static RawPeer connect(int port, String type) throws IOException {
        return connect(port, type, 0, SMALLEST_BUFFER_BYTES);
    }

    /** As {@link #connect(int, String)}, in version 3.{@code minorVersion} and with another buffer. */
    public static RawPeer connect(int port, String type, int minorVersion, int receiveBufferBytes) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        return new RawPeer(socket, type, minorVersion);
    }

    /** Greets the next one that connects. */
    public static RawPeer accept(ServerSocket server, String type) throws IOException {
        server.setSoTimeout(TIMEOUT_MILLIS);
        return new RawPeer(server.accept(), type, 1);
    }

    public void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    public void subscribe(String topic) throws IOException {
        subscription(1, topic);
    }

    public void unsubscribe(String topic) throws IOException {
        subscription(0, topic);
    }

    private void subscription(int first, String topic) throws IOException {
        byte[] frame = new byte[3 + topic.length()];
        frame[1] = (byte) (1 + topic.length());
        frame[2] = (byte) first;
        System.arraycopy(topic.getBytes(StandardCharsets.US_ASCII), 0, frame, 3, topic.length());
        send(frame);
    }

    /** A command of at most 255 bytes. */
    public void command(String name, String rest) throws IOException {
        byte[] body = ((char) name.length() + name + rest).getBytes(StandardCharsets.ISO_8859_1);
        send(ByteBuffer.allocate(2 + body.length)
                .put((byte) COMMAND)
                .put((byte) body.length)
                .put(body)
                .array());
    }

    /** Asks for a PONG. */
    public void ping(String context) throws IOException {
        command("PING", "\0\0" + context);
    }

    /** Announces a frame of any length. */
    public void announce(long length) throws IOException {
        send(ByteBuffer.allocate(9).put((byte) LONG).putLong(length).array());
    }

    /** The next frame, whatever it is. */
    public Frame readFrame() throws IOException {
        int flags = in.readUnsignedByte();
        byte[] body = new byte[(flags & LONG) != 0 ? Math.toIntExact(in.readLong()) : in.readUnsignedByte()];
        in.readFully(body);
        return new Frame(flags, body);
    }

    /** The body of the next message of two frames. */
    public byte[] readBody() throws IOException {
        Frame topic = readFrame();
        Frame body = readFrame();
        if (!topic.hasMore() || body.hasMore() || topic.isCommand() || body.isCommand()) {
            throw new IOException("frames with the flags " + topic.flags() + " and " + body.flags());
        }
        if (!new String(topic.body(), StandardCharsets.US_ASCII).equals("request")) {
            throw new IOException("topic " + new String(topic.body(), StandardCharsets.US_ASCII));
        }
        return body.body();
    }

    /** Reads so much, and no further. */
    public void skip(int bytes) throws IOException {
        in.readFully(new byte[bytes]);
    }

    /** Whether something is there to be read. */
    public boolean hasArrived() throws IOException {
        return in.available() > 0;
    }

    /** Waits for the other side to close the connection, and reads nothing meanwhile that it would keep. */
    public void awaitClosed() throws IOException {
        try {
            while (in.read() >= 0) {
                // what came before
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // reset, as something of ours had not been read
        }
    }

    /** The bodies of all messages until none comes for {@code quietMillis}. */
    public List<byte[]> readBodiesUntilQuiet(int quietMillis) throws IOException {
        List<byte[]> bodies = new ArrayList<>();
        socket.setSoTimeout(quietMillis);
        try {
            while (true) {
                bodies.add(readBody());
            }
        } catch (SocketTimeoutException | EOFException e) {
            return bodies;
        } finally {
            socket.setSoTimeout(TIMEOUT_MILLIS);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
