package dev.freshet.agent.session;

import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ControlCodec.Refusal;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.control.ToCoordinator.Pong;
import dev.freshet.common.keys.AgentKey;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.zmq.Mailbox;
import dev.freshet.common.zmq.SafeContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
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
    private static final int POLL_MILLIS = 100;

    /** A turn takes {@link #POLL_MILLIS} at most: after so much longer the whole process stood still. */
    private static final long STANDSTILL_NANOS = 2_000_000_000L;

    private static final long SAY_UNREACHABLE_SECONDS = 3;

    /** With a key: how long one attempt is given before the next, which has twice as long, and so has its handshake. */
    private static final long FIRST_ATTEMPT_MILLIS = 5_000;

    private static final long LAST_ATTEMPT_MILLIS = 60_000;
    private static final int FIRST_HANDSHAKE_MILLIS = 2_000;

    /** An agent that is turned away comes again so often, and says so once in a while. */
    private static final long TURNED_AWAY_MILLIS = 5_000;

    private static final long SAY_TURNED_AWAY_NANOS = 60_000_000_000L;

    /** Refusals of what was said before a coordinator was lost arrive for so long, and say nothing of the Hello after it. */
    private static final long OLD_REFUSALS_NANOS = 1_000_000_000L;

    private final String coordinator;
    private final Supplier<Hello> hello;
    private final EpochClock clock;
    private final Listener listener;
    private final AgentKey key;
    private final SafeContext context;
    private final Mailbox mailbox = new Mailbox();
    private Dial dial;
    private long dials;
    private long dialledNanos;
    private long attemptMillis = FIRST_ATTEMPT_MILLIS;
    private long redialNanos; // 0: not turned away
    private String saidTurnedAway;
    private long saidTurnedAwayNanos;
    private volatile boolean closed;

    private boolean welcomed;
    private long leaseNanos;
    private long lastHeardNanos;
    private long lastTurnNanos;
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

        void on(ToAgent.Adjust adjust);

        void on(ToAgent.Stop stop);

        void on(ToAgent.Collect collect);

        void on(ToAgent.Release release);

        /** The coordinator has taken this agent into its fleet. */
        void welcomed();

        /** The coordinator does not want this agent, and why; asking again would not help. */
        void refused(String reason);

        /** This agent does not get in for want of the right key, and why: until a person mends it. Told once in a while as long as it lasts. */
        void turnedAway(String reason);

        /** Nothing was heard for a whole lease, or the coordinator has forgotten us: whatever was going on has no owner any more. */
        void coordinatorLost();

        /** A handler or a task failed of an exception that nobody expected; the link goes on. */
        void broken(Throwable error);

        /** The link is at its end, whatever the reason; what is sent now still goes out. */
        void ended();
    }

    /**
     * @param coordinator {@code tcp://host:port}
     * @param key what it lets us in with; null: without keys
     * @param hello who we are, asked anew for each introduction
     */
    ControlLink(String coordinator, AgentKey key, Supplier<Hello> hello, EpochClock clock, Listener listener) {
        this.coordinator = coordinator;
        this.key = key;
        this.hello = hello;
        this.clock = clock;
        this.listener = listener;
        this.context = new SafeContext("control-link", error -> {
            LOG.error("the control link's I/O thread died; this agent cannot go on", error);
            close();
        });
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
                if (dial != null) {
                    dial.close(500); // the last words: Goodbye
                }
                context.close();
            }
        }
    }

    private void serve() {
        firstHelloNanos = System.nanoTime();
        while (!closed) {
            dial();
            try (ZMQ.Poller poller = context.poller(2)) {
                serve(poller);
            }
        }
    }

    private void dial() {
        if (dial != null) {
            dial.close(0);
        }
        Hello first = hello.get();
        // a new identity at each start, and for each attempt: the connection before may not be gone yet, and a ROUTER
        // does not hear the second of two with the same one
        String identity = first.name() + "/" + first.incarnation() + "/" + dials++;
        long doubled = attemptMillis / FIRST_ATTEMPT_MILLIS;
        dial = new Dial(context, coordinator, key, identity, (int) (FIRST_HANDSHAKE_MILLIS * doubled));
        dialledNanos = System.nanoTime();
        redialNanos = 0;
        nextHelloNanos = dialledNanos;
    }

    /** Serves one connection, until the link is closed or a new one must be tried. */
    private void serve(ZMQ.Poller poller) {
        int socketIndex = poller.register(dial.socket(), ZMQ.Poller.POLLIN);
        mailbox.pollWith(poller);
        while (!closed && !dialIsOver()) {
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

    private boolean dialIsOver() {
        if (welcomed) {
            return false;
        }
        long now = System.nanoTime();
        if (redialNanos != 0) {
            return now - redialNanos >= 0;
        }
        if (dial.ended()) {
            String reason = dial.whyTurnedAway();
            if (reason != null) {
                turnedAway(reason);
                redialNanos = System.nanoTime() + TURNED_AWAY_MILLIS * 1_000_000;
                return false;
            }
        }
        // a channel without keys needs no second attempt: JeroMQ's own are as good, and the coordinator knows them
        if (key != null && dial.connectedOnce() && now - dialledNanos > attemptMillis * 1_000_000) {
            LOG.info("no answer from {} within {} ms; dialling again", coordinator, attemptMillis);
            attemptMillis = Math.min(LAST_ATTEMPT_MILLIS, attemptMillis * 2);
            return true;
        }
        return false;
    }

    private void turnedAway(String reason) {
        saidUnreachable = true; // this says it better
        long now = System.nanoTime();
        if (!reason.equals(saidTurnedAway) || now - saidTurnedAwayNanos > SAY_TURNED_AWAY_NANOS) {
            saidTurnedAway = reason;
            saidTurnedAwayNanos = now;
            guarded(() -> listener.turnedAway(reason));
        }
    }

    private void watchLease() {
        long now = System.nanoTime();
        if (now - lastTurnNanos > STANDSTILL_NANOS) { // nor has what reads the socket had a turn: nobody listened
            lastHeardNanos = now;
        }
        lastTurnNanos = now;
        if (welcomed && now - lastHeardNanos > leaseNanos) {
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
        dialledNanos = lostNanos;
        saidUnreachable = false;
        guarded(listener::coordinatorLost);
    }

    private void receiveAll() {
        ZMQ.Socket socket = dial.socket();
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
            leaseNanos = welcome.leaseMillis() * 1_000_000;
            attemptMillis = FIRST_ATTEMPT_MILLIS;
            saidTurnedAway = null;
            if (!welcomed) { // each Hello is answered, and several may have been on their way
                welcomed = true;
                listener.welcomed();
            }
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
        public void on(ToAgent.Adjust adjust) {
            listener.on(adjust);
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
        ZMQ.Socket socket = dial.socket();
        for (int i = 0; i < frames.size(); i++) {
            int more = i < frames.size() - 1 ? ZMQ.SNDMORE : 0;
            if (!socket.send(frames.get(i), more | ZMQ.DONTWAIT)) {
                // only the first frame can be refused: then ten thousand messages wait, or the connection was unwanted
                LOG.atLevel(welcomed ? Level.ERROR : Level.DEBUG)
                        .log(
                                "{} dropped: nobody takes it at {}",
                                message.getClass().getSimpleName(),
                                coordinator);
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
