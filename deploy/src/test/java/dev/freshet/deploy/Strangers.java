package dev.freshet.deploy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Strangers that connect to ports that are not meant for them, and say what they like. By hand, with the test classes on the class path:
 *
 * <pre>java dev.freshet.deploy.Strangers COUNT SECONDS PORT...</pre>
 */
final class Strangers {
    private static final int THREADS = 8;
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int LARGE = 2;
    private static final int MORE = 1;

    /** What one of them says. Those that hold on keep their connection open until all is over. */
    enum Kind {
        RANDOM_BYTES {
            @Override
            void say(DataOutputStream to) throws IOException {
                byte[] bytes = new byte[5_000];
                new Random(to.size()).nextBytes(bytes);
                to.write(bytes);
            }
        },
        HTTP {
            @Override
            void say(DataOutputStream to) throws IOException {
                to.writeBytes("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n");
            }
        },
        HALF_A_GREETING {
            @Override
            void say(DataOutputStream to) throws IOException {
                to.write(greeting("NULL"), 0, 20);
            }
        },
        GREETING_AND_SILENCE {
            @Override
            void say(DataOutputStream to) throws IOException {
                to.write(greeting("NULL"));
            }

            @Override
            boolean holdsOn() {
                return true;
            }
        },
        GREETING_WITH_KEYS {
            @Override
            void say(DataOutputStream to) throws IOException {
                to.write(greeting("CURVE"));
                to.write(new byte[] {4, (byte) 200, 5});
                to.writeBytes("HELLO");
                to.write(new byte[194]); // a key of zeros, and a box that it does not open
            }
        },
        NEGATIVE_LENGTH("DEALER") {
            @Override
            void say(DataOutputStream to) throws IOException {
                to.writeByte(LARGE);
                to.writeLong(Long.MIN_VALUE);
                to.write(new byte[100]);
            }
        },
        OVERSIZE_FRAME("DEALER") {
            @Override
            void say(DataOutputStream to) throws IOException {
                to.writeByte(LARGE);
                to.writeLong(Integer.MAX_VALUE);
                to.write(new byte[100]);
            }
        },
        FRAMES_WITHOUT_END("DEALER") {
            @Override
            void say(DataOutputStream to) throws IOException {
                for (int i = 0; i < 500; i++) {
                    to.writeByte(LARGE | MORE);
                    to.writeLong(1_000);
                    to.write(new byte[1_000]);
                }
            }
        },
        STRANGE_SUBSCRIPTIONS("SUB") {
            @Override
            void say(DataOutputStream to) throws IOException {
                for (int i = 0; i < 100; i++) {
                    frame(to, false, "\1topic" + i);
                }
            }
        },
        COPIED_HELLO("DEALER") {
            @Override
            void say(DataOutputStream to) throws IOException {
                frame(to, true, "freshet/1");
                frame(to, true, "Hello");
                frame(
                        to,
                        false,
                        "{\"name\":\"p1\",\"incarnation\":\"0123456789abcdef\",\"host\":\"elsewhere\",\"pid\":1,\"version\":\"0\","
                                + "\"role\":\"producer\",\"labels\":{},\"interfaces\":[],\"cores\":1,\"runInProgress\":null}");
            }

            @Override
            boolean holdsOn() { // until it is answered, at least
                return true;
            }
        };

        /** As which it shakes hands before it speaks; null: not at all. */
        private final String socketType;

        Kind() {
            this(null);
        }

        Kind(String socketType) {
            this.socketType = socketType;
        }

        abstract void say(DataOutputStream to) throws IOException;

        boolean holdsOn() {
            return false;
        }
    }

    private final ConcurrentLinkedQueue<Socket> held = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();

    private static byte[] greeting(String mechanism) {
        byte[] greeting = new byte[64];
        greeting[0] = (byte) 0xff;
        greeting[8] = 1;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        System.arraycopy(mechanism.getBytes(StandardCharsets.US_ASCII), 0, greeting, 12, mechanism.length());
        return greeting;
    }

    private static void shakeHands(Socket socket, String type) throws IOException {
        DataOutputStream to = new DataOutputStream(socket.getOutputStream());
        DataInputStream from = new DataInputStream(socket.getInputStream());
        to.write(greeting("NULL"));
        from.readFully(new byte[64]);
        String ready = "\5READY\13Socket-Type\0\0\0" + (char) type.length() + type;
        to.write(new byte[] {4, (byte) ready.length()});
        to.write(ready.getBytes(StandardCharsets.ISO_8859_1));
        from.readByte();
        from.readFully(new byte[from.readUnsignedByte()]);
    }

    private static void frame(DataOutputStream to, boolean more, String text) throws IOException {
        to.writeByte(LARGE | (more ? MORE : 0));
        to.writeLong(text.length());
        to.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Opens connections, each to the next port, of the next kind, at an even pace.
     *
     * @param seconds how long it takes, at least
     */
    void come(int count, int seconds, List<Integer> ports) throws InterruptedException {
        long began = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        for (int i = 0; i < count; i++) {
            Kind kind = Kind.values()[i % Kind.values().length];
            int port = ports.get(i / Kind.values().length % ports.size());
            threads.execute(() -> comeAs(kind, port));
            long due = began + (long) (seconds * 1e9 * i / count);
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
        }
        threads.shutdown();
        if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the strangers have not come within a minute");
        }
    }

    private void comeAs(Kind kind, int port) {
        ByteArrayOutputStream words = new ByteArrayOutputStream();
        Socket socket = new Socket();
        try {
            kind.say(new DataOutputStream(words));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            if (kind.socketType != null) {
                shakeHands(socket, kind.socketType);
            }
            socket.getOutputStream().write(words.toByteArray());
            if (kind.holdsOn()) {
                held.add(socket);
                return;
            }
        } catch (IOException e) {
            refused.incrementAndGet(); // cut off while it was speaking, as it may well be
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Those that hold on let go. */
    void leave() {
        held.forEach(Strangers::close);
        held.clear();
    }

    public static void main(String[] args) throws InterruptedException {
        Strangers strangers = new Strangers();
        List<Integer> ports = new ArrayList<>();
        Arrays.stream(args).skip(2).map(Integer::valueOf).forEach(ports::add);
        strangers.come(Integer.parseInt(args[0]), Integer.parseInt(args[1]), ports);
        System.out.printf(
                "%s connections to %s; %d were cut off while they spoke, %d hold on%n",
                args[0], ports, strangers.refused.get(), strangers.held.size());
        strangers.leave();
    }
}
