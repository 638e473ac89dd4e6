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
    private static final long SAY_UNREACHABLE_SECONDS = 3;

    /** Refusals of what was said before a coordinator was lost arrive for so long, and say nothing of the Hello after it. */
    private static final long OLD_REFUSALS_NANOS = 1_000_000_000L;

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
    private boolean lostBefore;
    private long lostNanos;

    /** What the session is told, on the link's thread: the orders, and how the link itself fares. */
    interface Listener {
        void on(ToAgent.Prepare prepare);

        void on(ToAgent.Connect connect);

        void on(ToAgent.Start start);

        void on(ToAgent.Stop stop);

        void on(ToAgent.Collect collect);

        void on(ToAgent.Release release);

        /** The coordinator has taken this agent into its fleet. */
        void welcomed();

        /** The coordinator does not want this agent, and why; asking again would not help. */
        void refused(String reason);

        /** Nothing was heard for a whole lease, or the coordinator has forgotten us: whatever was going on has no owner any more. */
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
        if (now - firstHelloNanos > SAY_UNREACHABLE_SECONDS * 1_000_000_000L && !saidUnreachable) {
            saidUnreachable = true;
            LOG.warn("no answer from a coordinator at {} for {} s; trying on", coordinator, SAY_UNREACHABLE_SECONDS);
        }
        send(hello.get(), List.of());
        nextHelloNanos = now + retryMillis * 1_000_000;
        retryMillis = Math.min(LAST_RETRY_MILLIS, retryMillis * 2);
    }

    private void watchLease() {
        if (welcomed && System.nanoTime() - lastHeardNanos > leaseNanos) {
            LOG.warn("nothing heard from the coordinator at {} for {} s", coordinator, leaseNanos / 1_000_000_000);
            lost();
        }
    }

    private void lost() {
        welcomed = false;
        lostBefore = true;
        lostNanos = System.nanoTime();
        retryMillis = FIRST_RETRY_MILLIS;
        firstHelloNanos = lostNanos;
        nextHelloNanos = lostNanos;
        saidUnreachable = false;
        guarded(listener::coordinatorLost);
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
                guarded(() -> envelope.message().handle(new Incoming(receivedNanos)));
            } catch (Refusal refusal) {
                LOG.warn("not understood from {}: {}", coordinator, refusal.getMessage());
            }
        }
    }

    /** What belongs to the link itself is dealt with here, the orders go on to the session. */
    private final class Incoming implements ToAgent.Handler {
        private final long receivedNanos;

        Incoming(long receivedNanos) {
            this.receivedNanos = receivedNanos;
        }

        @Override
        public void on(ToAgent.Welcome welcome) {
            welcomed = true;
            leaseNanos = welcome.leaseMillis() * 1_000_000;
            listener.welcomed();
        }

        @Override
        public void on(ToAgent.Refuse refuse) {
            if (welcomed) {
                LOG.warn("{} does not know this agent any more: {}", coordinator, refuse.reason());
                lost();
            } else if (lostBefore && System.nanoTime() - lostNanos < OLD_REFUSALS_NANOS) {
                LOG.debug("refused what was said before: {}", refuse.reason());
            } else {
                listener.refused(refuse.reason());
            }
        }

        @Override
        public void on(ToAgent.Ping ping) {
            send(new Pong(ping.seq(), ping.t1Nanos(), receivedNanos, clock.epochNanos()), List.of());
        }

        @Override
        public void on(ToAgent.Prepare prepare) {
            listener.on(prepare);
        }

        @Override
        public void on(ToAgent.Connect connect) {
            listener.on(connect);
        }

        @Override
        public void on(ToAgent.Start start) {
            listener.on(start);
        }

        @Override
        public void on(ToAgent.Stop stop) {
            listener.on(stop);
        }

        @Override
        public void on(ToAgent.Collect collect) {
            listener.on(collect);
        }

        @Override
        public void on(ToAgent.Release release) {
            listener.on(release);
        }
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
