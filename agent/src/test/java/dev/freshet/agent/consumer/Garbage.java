package dev.freshet.agent.consumer;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What strangers write to a port. Each is thrown over a connection of its own, which is closed after it. */
enum Garbage {
    RANDOM_BYTES {
        @Override
        void write(DataOutputStream to) throws IOException {
            byte[] bytes = new byte[5000];
            new Random(42).nextBytes(bytes);
            to.write(bytes);
        }
    },
    HTTP {
        @Override
        void write(DataOutputStream to) throws IOException {
            to.writeBytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
    },
    HALF_A_GREETING {
        @Override
        void write(DataOutputStream to) throws IOException {
            to.write(SilentSubscriber.greeting(), 0, 20);
        }
    },
    GREETING_ONLY {
        @Override
        void write(DataOutputStream to) throws IOException {
            to.write(SilentSubscriber.greeting());
        }
    },
    NEGATIVE_LENGTH {
        @Override
        void write(DataOutputStream to) throws IOException {
            to.write(SilentSubscriber.greeting());
            to.writeByte(6); // a long command
            to.writeLong(-1);
            to.write(new byte[100]);
        }
    },
    NEGATIVE_LENGTH_AFTER_THE_HANDSHAKE {
        @Override
        void write(DataOutputStream to) throws IOException {
            handshake(to);
            to.writeByte(2); // a long message
            to.writeLong(Long.MIN_VALUE);
            to.write(new byte[100]);
        }
    },
    LARGEST_INT_AS_LENGTH {
        @Override
        void write(DataOutputStream to) throws IOException {
            handshake(to);
            to.writeByte(2);
            to.writeLong(Integer.MAX_VALUE);
            to.write(new byte[100]);
        }
    },
    LARGE_SUBSCRIPTION {
        @Override
        void write(DataOutputStream to) throws IOException {
            handshake(to);
            to.writeByte(2);
            to.writeLong(4096);
            to.writeByte(1);
            to.write(new byte[4095]);
        }
    },
    READY_WITHOUT_A_TYPE {
        @Override
        void write(DataOutputStream to) throws IOException {
            to.write(SilentSubscriber.greeting());
            to.writeBytes("\4\6\5READY");
        }
    },
    PING_WITHOUT_A_TIME {
        @Override
        void write(DataOutputStream to) throws IOException {
            handshake(to);
            to.writeBytes("\4\5\4PING");
        }
    },
    LARGEST_LONG_AS_LENGTH {
        @Override
        void write(DataOutputStream to) throws IOException {
            handshake(to);
            to.writeByte(3);
            to.writeLong(Long.MAX_VALUE);
            to.writeBytes("\1response");
        }
    },
    NO_SUBSCRIPTION {
        @Override
        void write(DataOutputStream to) throws IOException {
            handshake(to);
            for (int i = 0; i < 1000; i++) {
                to.writeByte(0);
                to.writeByte(3);
                to.writeBytes("abc");
            }
        }
    };

    abstract void write(DataOutputStream to) throws IOException;

    private static void handshake(DataOutputStream to) throws IOException {
        to.write(SilentSubscriber.greeting());
        to.write("\u0004\u0019\u0005READY\u000bSocket-Type\0\0\0\u0003SUB".getBytes(StandardCharsets.ISO_8859_1));
    }

    void throwAt(int port) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(new DataOutputStream(bytes));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 10_000);
            socket.getOutputStream().write(bytes.toByteArray());
        }
    }
}
