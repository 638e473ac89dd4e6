package dev.freshet.agent.producer;

import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.wire.Request;
import dev.freshet.common.zmq.SafeContext;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A publisher without a producer around it, to be measured beside the C peer: publishes on a free port of loopback as fast as messages are taken,
 * from the first subscriber on until its standard input ends. Its first line is {@code port=<port>}, its last one {@code end messages=<n>}.
 */
final class PublishMain {
    private static final String ADDRESS = "127.0.0.1";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = 1_000_000;

    /** What the unpaced send loop does when a message is refused: it gives way so often, then rests so long. */
    private static final int TRIES_AT_ONCE = 20;

    private static final long RETRY_NANOS = 50_000;

    private final Publisher publisher;
    private final int sizeBytes;
    private final EpochClock clock = EpochClock.anchored();
    private volatile boolean inputEnded;

    private PublishMain(Publisher publisher, int sizeBytes) {
        this.publisher = publisher;
        this.sizeBytes = sizeBytes;
    }

    /** @param words the engine, and the size of the payload in bytes */
    public static void main(String[] words) {
        if (words.length != 2) {
            System.err.println("usage: PublishMain jeromq|direct SIZE");
            System.exit(2);
        }
        int sizeBytes = Integer.parseInt(words[1]);
        try (SafeContext context = new SafeContext("bench", PublishMain::die);
                Publisher publisher = bind(Engine.valueOf(words[0].toUpperCase(Locale.ROOT)), context, sizeBytes)) {
            System.out.println("port=" + publisher.ports().get(0));
            System.out.println("end messages=" + new PublishMain(publisher, sizeBytes).publish());
        }
    }

    private static Publisher bind(Engine engine, SafeContext context, int sizeBytes) {
        byte[] noPrefix = Request.idPrefix(null);
        Publisher publisher = switch (engine) {
            case DIRECT -> new DirectPublisher(1, sizeBytes, noPrefix, OnFull.WAIT, PublishMain::die);
            case JEROMQ -> new JeromqPublisher(context, 1, sizeBytes, noPrefix);
        };
        publisher.bind(ADDRESS, 0);
        return publisher;
    }

    private static void die(Throwable error) {
        error.printStackTrace();
        Runtime.getRuntime().halt(1);
    }

    /** Returns how many messages were accepted. */
    private long publish() {
        watchInput();
        awaitSubscriber();
        long seq = 0;
        while (!inputEnded) {
            publisher.prepare(0, seq, clock.epochNanos() / 1000, sizeBytes);
            if (publisher.offer(0) || awaitRoom(seq)) {
                seq++;
            }
        }
        publisher.flush();
        return seq;
    }

    /** Returns false if there was none until the end. */
    private boolean awaitRoom(long seq) {
        publisher.flush();
        for (int tries = 0; !inputEnded; tries++) {
            if (tries < TRIES_AT_ONCE) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(RETRY_NANOS);
            }
            publisher.prepare(0, seq, clock.epochNanos() / 1000, sizeBytes);
            if (publisher.offer(0)) {
                return true;
            }
        }
        return false;
    }

    private void watchInput() {
        Thread watcher = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        e.printStackTrace();
                    }
                    inputEnded = true;
                },
                "input");
        watcher.setDaemon(true);
        watcher.start();
    }

    private void awaitSubscriber() {
        long begin = System.nanoTime();
        while (!inputEnded && !publisher.channelsWithoutSubscriber().isEmpty()) {
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new IllegalStateException("nobody subscribed within 30 s");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
