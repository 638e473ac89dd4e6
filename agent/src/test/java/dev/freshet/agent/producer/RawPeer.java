package dev.freshet.agent.producer;

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

/** Speaks just enough ZMTP 3.0 over plain TCP to do what no library would: read nothing, unsubscribe with messages queued, announce absurd lengths. */
final class RawPeer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int LONG = 2;
    private static final int COMMAND = 4;

    private final Socket socket;
    private final DataInputStream in;

    private RawPeer(Socket socket, String type) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        byte[] greeting = new byte[64];
        greeting[0] = (byte) 0xff;
        greeting[8] = 1;
        greeting[9] = 0x7f;
        greeting[10] = 3;
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
    static RawPeer connect(int port, String type) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        return new RawPeer(socket, type);
    }

    static RawPeer accept(ServerSocket server, String type) throws IOException {
        server.setSoTimeout(TIMEOUT_MILLIS);
        return new RawPeer(server.accept(), type);
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    void subscribe(String topic) throws IOException {
        subscription(1, topic);
    }

    void unsubscribe(String topic) throws IOException {
        subscription(0, topic);
    }

    private void subscription(int first, String topic) throws IOException {
        byte[] frame = new byte[3 + topic.length()];
        frame[1] = (byte) (1 + topic.length());
        frame[2] = (byte) first;
        System.arraycopy(topic.getBytes(StandardCharsets.US_ASCII), 0, frame, 3, topic.length());
        send(frame);
    }

    /** Announces a frame of any length. */
    void announce(long length) throws IOException {
        send(ByteBuffer.allocate(9).put((byte) LONG).putLong(length).array());
    }

    private byte[] readFrame() throws IOException {
        int flags = in.readUnsignedByte();
        int length = (flags & LONG) != 0 ? Math.toIntExact(in.readLong()) : in.readUnsignedByte();
        byte[] body = new byte[length];
        in.readFully(body);
        return body;
    }

    /** The body of the next message of two frames. */
    byte[] readBody() throws IOException {
        byte[] topic = readFrame();
        if (!new String(topic, StandardCharsets.US_ASCII).equals("request")) {
            throw new IOException("topic " + new String(topic, StandardCharsets.US_ASCII));
        }
        return readFrame();
    }

    /** The bodies of all messages until none comes for {@code quietMillis}. */
    List<byte[]> readBodies(int quietMillis) throws IOException {
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
