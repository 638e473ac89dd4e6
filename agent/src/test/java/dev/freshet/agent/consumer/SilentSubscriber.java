package dev.freshet.agent.consumer;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Speaks just enough ZMTP 3 to subscribe to answers, and then never reads. */
final class SilentSubscriber implements AutoCloseable {
    private static final int GREETING_BYTES = 64;

    private final Socket socket = new Socket();

    SilentSubscriber(int port) throws IOException {
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 10_000);
    }

    /** The greeting of ZMTP 3.0 with the NULL mechanism, RFC 23. */
    static byte[] greeting() {
        byte[] greeting = new byte[GREETING_BYTES];
        greeting[0] = (byte) 0xff;
        greeting[8] = 1;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        System.arraycopy("NULL".getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, 4);
        return greeting;
    }

    void awaitGreeted() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(greeting());
        in.readFully(new byte[GREETING_BYTES]);
        socket.getOutputStream()
                .write("\u0004\u0019\u0005READY\u000bSocket-Type\0\0\0\u0003SUB".getBytes(StandardCharsets.ISO_8859_1));
        in.readByte();
        in.readFully(new byte[in.readUnsignedByte()]);
        socket.getOutputStream().write("\0\u0009\u0001response".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
