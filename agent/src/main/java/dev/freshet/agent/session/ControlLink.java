package dev.freshet.agent.session;

import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ControlCodec.Refusal;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.control.ToCoordinator.Pong;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.zmq.Mailbox;
import dev.freshet.common.zmq.SafeContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * The agent's end of the control channel: a DEALER that dials out to the coordinator. Says Hello until it is answered, answers pings itself so
 * that nothing else delays them, and hands every other message to the session, on its own thread.
 *
 * <p>{@link #run} makes the calling thread the link's ("control-link"); all else is for that thread, but {@link #execute} and {@link #close}.
 */
final class ControlLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLink.class);
    private static final long FIRST_RETRY_MILLIS = 200;
    private static final long LAST_RETRY_MILLIS = 2_000;
    private static final int QUEUED_MESSAGES = 10_000;
    private static final int POLL_MILLIS = 100;

    private final String coordinator;
    private final Supplier<Hello> hello;
    private final EpochClock clock;
    private final Listener listener;
    private final SafeContext context;
    private final Mailbox mailbox = new Mailbox();
    private final ZMQ.Socket socket;
    private volatile boolean closed;

    private boolean welcomed;
    private long leaseNanos;
    private long lastHeardNanos;
    private long firstHelloNanos;
    private long nextHelloNanos;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private boolean saidUnreachable;

    /** What the session is told, on the link's thread. */
    interface Listener extends ToAgent.Handler {
        /** Nothing was heard for a whole lease: whatever was going on has no owner any more. */
        void coordinatorLost();

        /** A handler or a task failed of an exception that nobody expected; the link goes on. */
        void broken(Throwable error);

        /** The link is at its end, whatever the reason; what is sent now still goes out. */
        void ended();
    }

    /**
     * @param coordinator {@code tcp://host:port}
     * @param hello who we are, asked anew for each introduction
     */
    ControlLink(String coordinator, Supplier<Hello> hello, EpochClock clock, Listener listener) {
        this.coordinator = coordinator;
        this.hello = hello;
        this.clock = clock;
        this.listener = listener;
        this.context = new SafeContext("control-link", error -> {
            LOG.error("the control link's I/O thread died; this agent cannot go on", error);
            close();
        });
        this.socket = context.socket(SocketType.DEALER, ControlCodec.MAX_FRAME_BYTES);
        Hello first = hello.get();
        // a new identity at each start: a restarted agent is never taken for the connection of its predecessor
        socket.setIdentity((first.name() + "/" + first.incarnation()).getBytes(StandardCharsets.US_ASCII));
        socket.setSndHWM(QUEUED_MESSAGES);
    }

    /** Runs a task on the link's thread; from any thread. */
    void execute(Runnable task) {
        mailbox.post(() -> guarded(task));
    }

    /** One mistake, in one handler, must not end an agent. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            listener.broken(e);
        }
    }

    /** Serves the link until {@link #close}. */
    void run() {
        Thread.currentThread().setName("control-link");
        try {
            serve();
        } finally {
            close();
            try {
                listener.ended();
            } finally {
                mailbox.close();
                socket.setLinger(500); // the last words: Goodbye
                socket.close();
                context.close();
            }
        }
    }

    private void serve() {
        socket.connect(coordinator);
        firstHelloNanos = System.nanoTime();
        nextHelloNanos = firstHelloNanos;
        try (ZMQ.Poller poller = context.poller(2)) {
            serve(poller);
        }
    }

    private void serve(ZMQ.Poller poller) {
        int socketIndex = poller.register(socket, ZMQ.Poller.POLLIN);
        mailbox.pollWith(poller);
        while (!closed) {
            introduce();
            if (poller.poll(POLL_MILLIS) < 0) {
                break;
            }
            if (poller.pollin(socketIndex)) {
                receiveAll();
            }
            mailbox.runAll();
            watchLease();
        }
    }

    private void introduce() {
        long now = System.nanoTime();
        if (welcomed || now - nextHelloNanos < 0) {
            return;
        }
        if (now - firstHelloNanos > 3_000_000_000L && !saidUnreachable) {
            saidUnreachable = true;
            LOG.warn("no answer from a coordinator at {} for 3 s; trying on", coordinator);
        }
        send(hello.get(), List.of());
        nextHelloNanos = now + retryMillis * 1_000_000;
        retryMillis = Math.min(LAST_RETRY_MILLIS, retryMillis * 2);
    }

    private void watchLease() {
        if (welcomed && System.nanoTime() - lastHeardNanos > leaseNanos) {
            LOG.warn("nothing heard from the coordinator at {} for {} s", coordinator, leaseNanos / 1_000_000_000);
            welcomed = false;
            retryMillis = FIRST_RETRY_MILLIS;
            firstHelloNanos = System.nanoTime();
            saidUnreachable = false;
            guarded(listener::coordinatorLost);
        }
    }

    private void receiveAll() {
        for (byte[] first = socket.recv(ZMQ.DONTWAIT); first != null; first = socket.recv(ZMQ.DONTWAIT)) {
            long receivedNanos = clock.epochNanos();
            List<byte[]> frames = new ArrayList<>();
            frames.add(first);
            while (socket.hasReceiveMore()) {
                frames.add(socket.recv());
            }
            lastHeardNanos = System.nanoTime();
            try {
                Envelope<ToAgent> envelope = ControlCodec.decodeToAgent(frames);
                guarded(() -> received(envelope, receivedNanos));
            } catch (Refusal refusal) {
                LOG.warn("not understood from {}: {}", coordinator, refusal.getMessage());
            }
        }
    }

    private void received(Envelope<ToAgent> envelope, long receivedNanos) {
        ToAgent message = envelope.message();
        if (message instanceof ToAgent.Ping ping) {
            send(new Pong(ping.seq(), ping.t1Nanos(), receivedNanos, clock.epochNanos()), List.of());
            return;
        }
        if (message instanceof ToAgent.Welcome welcome) {
            welcomed = true;
            leaseNanos = welcome.leaseMillis() * 1_000_000;
        }
        message.handle(listener);
    }

    /** Sends to the coordinator; on the link's thread. */
    void send(ToCoordinator message, List<byte[]> attachments) {
        List<byte[]> frames = ControlCodec.encode(message, attachments);
        for (int i = 0; i < frames.size(); i++) {
            int more = i < frames.size() - 1 ? ZMQ.SNDMORE : 0;
            if (!socket.send(frames.get(i), more | ZMQ.DONTWAIT)) {
                // only the first frame can be refused: then ten thousand messages wait for a coordinator that takes
                // none
                LOG.error(
                        "{} dropped: {} messages wait for the coordinator already",
                        message.getClass().getSimpleName(),
                        QUEUED_MESSAGES);
                return;
            }
        }
    }

    /** Ends {@link #run} soon; from any thread. */
    @Override
    public void close() {
        closed = true;
        mailbox.post(() -> {});
    }
}
