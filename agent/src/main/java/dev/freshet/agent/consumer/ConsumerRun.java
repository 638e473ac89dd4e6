package dev.freshet.agent.consumer;

import dev.freshet.agent.run.ProgressAssembler;
import dev.freshet.agent.run.RunEvents;
import dev.freshet.agent.run.ShardRun;
import dev.freshet.common.InputException;
import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.time.Timetable;
import dev.freshet.common.units.Rate;
import dev.freshet.common.wire.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer's part in one run: answers the requests of the producers it is given, from the handshake until it is told to stop.
 *
 * <p>All sockets and books belong to the thread {@code consumer}, which {@link #bind} starts and {@link #release} ends; the calls from outside
 * are posted to it. Events are told from that thread, or from the one that died.
 */
public final class ConsumerRun implements ShardRun {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerRun.class);
    private static final long JOIN_MILLIS = 6_000; // workers and context have bounds of their own
    private static final long PREPARE_NANOS = 15_000_000_000L;
    private static final long WAIT_WORTH_SAYING_NANOS = 10_000_000L;
    private static final long QUIET_NANOS = 100_000_000L;
    private static final long MIN_DRAIN_NANOS = 2_000_000_000L;
    private static final long HANDSHAKE_WAIT_MILLIS = 5;
    private static final long DRAIN_WAIT_MILLIS = 10;
    private static final long IDLE_WAIT_MILLIS = 100;

    private enum State {
        BOUND,
        CONNECTING,
        PREPARED,
        DRAINING,
        FINISHED
    }

    private final Shard.Consuming shard;
    private final String bindAddress;
    private final EpochClock clock;
    private final RunEvents events;
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile RequestServer server; // written by the consumer thread only
    private volatile boolean released;
    private Thread thread;

    // the consumer thread's own
    private State state = State.BOUND;
    private List<String> producers = List.of();
    private ProgressAssembler assembler;
    private ConsumerBooks books;
    private long deadlineNanos;
    private long lastHandledNanos;
    private boolean stillArriving;

    /**
     * @param bindAddress where answers are published: an address of this host
     * @param clock the run's clock: T0, t2 and t3 are on it
     */
    public ConsumerRun(Shard.Consuming shard, String bindAddress, EpochClock clock, RunEvents events) {
        this.shard = shard;
        this.bindAddress = bindAddress;
        this.clock = clock;
        this.events = events;
    }

    @Override
    public void bind() {
        thread = new Thread(this::run, "consumer");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (RuntimeException | Error e) { // no memory for one more thread, say
            fail(e);
        }
    }

    @Override
    public void connect(List<Peer> peers) {
        post(() -> connectTo(peers));
    }

    @Override
    public void start(long t0Nanos, Map<String, Long> producersT0Nanos) {
        post(() -> startAt(t0Nanos, producersT0Nanos));
    }

    /** Which messages are to come is the producers' matter: a consumer labels them by the end of the warm-up, which does not move. */
    @Override
    public void adjust(Timetable.Piece piece) {}

    @Override
    public void stop(String reason) {
        post(this::drain);
    }

    @Override
    public void release() {
        endThread();
        Thread ending = thread;
        if (ending == null || ending == Thread.currentThread()) {
            return;
        }
        try {
            ending.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ending.isAlive()) {
            LOG.warn("the consumer {} did not end within {} ms", shard.agent(), JOIN_MILLIS);
        }
    }

    private void endThread() {
        released = true;
        post(() -> {});
    }

    /** Waits for the thread to end after {@link #release}; false if it has not by then. */
    boolean awaitReleased(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }

    private void post(Runnable command) {
        posted.add(command);
        RequestServer woken = server;
        if (woken != null) {
            woken.wake();
        }
    }

    private void run() {
        try (RequestServer opened = new RequestServer(
                clock,
                Math.max(1, shard.serves().size()),
                shard.processingNanos(),
                shard.workers(),
                shard.maxSizeBytes(),
                this::fail)) {
            List<Integer> ports = opened.bind(shard.agent(), bindAddress, shard.vizPort());
            server = opened;
            events.bound(
                    ports.stream()
                            .map(port -> "tcp://" + bindAddress + ":" + port)
                            .toList(),
                    null);
            while (!released) {
                for (Runnable command = posted.poll(); command != null; command = posted.poll()) {
                    command.run();
                }
                advance(opened.serve(isReceiving(), waitMillis()));
            }
        } catch (Throwable e) { // whatever it is, it ends the run, and the owner must know
            fail(e);
        }
    }

    private void fail(Throwable error) {
        if (released) {
            LOG.debug("the consumer {} stumbled while it closed", shard.agent(), error);
        } else if (!(error instanceof InputException)) {
            LOG.error("the consumer {} failed", shard.agent(), error);
        }
        if (over.compareAndSet(false, true)) {
            String message = error.getMessage();
            events.failed(message == null || error instanceof Error ? error.toString() : message);
            endThread();
        }
    }

    private boolean isReceiving() {
        return state == State.CONNECTING || state == State.PREPARED && !books.needsT0() || state == State.DRAINING;
    }

    private long waitMillis() {
        return switch (state) {
            case CONNECTING -> HANDSHAKE_WAIT_MILLIS;
            case DRAINING -> DRAIN_WAIT_MILLIS;
            default -> IDLE_WAIT_MILLIS;
        };
    }

    private void connectTo(List<Peer> peers) {
        if (state != State.BOUND) {
            return; // stopped before
        }
        List<Shard.Producing> shards = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        for (Peer peer : inOrderOfPorts(peers)) {
            if (!(peer.shard() instanceof Shard.Producing producing)) {
                throw new IllegalArgumentException(peer.agent() + " is no producer, a consumer cannot serve it");
            }
            shards.add(producing);
            sources.add(new Source(
                    peer.agent(),
                    Request.idPrefix(producing.agent()),
                    mostMessages(),
                    peer.endpoints(),
                    peer.startEndpoint()));
        }
        producers = sources.stream().map(Source::name).toList();
        open(shards);
        server.connect(sources, books);
        deadlineNanos = System.nanoTime() + PREPARE_NANOS;
        state = State.CONNECTING;
    }

    /** What a producer may have at most, as its rate may be changed while the run goes on. */
    private long mostMessages() {
        return shard.timing().messages(Schedule.of(Rate.perSecond(Rate.TERM_LIMIT)));
    }

    /** The place of a producer among those served is the place of its port. */
    private List<Peer> inOrderOfPorts(List<Peer> peers) {
        return peers.stream()
                .sorted(Comparator.comparingInt(peer -> shard.serves().indexOf(peer.agent())))
                .toList();
    }

    private void open(List<Shard.Producing> shards) {
        assembler = new ProgressAssembler(events, producers, 1);
        books = new ConsumerBooks(assembler, shard.timing(), shards);
    }

    private void startAt(long t0Nanos, Map<String, Long> producersT0Nanos) {
        if (state == State.PREPARED && !books.isStarted()) { // else stopped before
            books.start(t0Nanos, producersT0Nanos);
        }
    }

    private void advance(int handled) {
        switch (state) {
            case CONNECTING -> prepare();
            case PREPARED -> books.rollTo(clock.epochNanos());
            case DRAINING -> drainOn(handled);
            default -> {}
        }
    }

    /** The handshakes first: the producers need our subscriptions and our {@code start} before they can be prepared themselves. */
    private void prepare() {
        server.sayStart();
        List<String> missing = server.notStarted();
        int subscribers = server.subscribers();
        if (missing.isEmpty() && subscribers >= producers.size()) {
            state = State.PREPARED;
            events.prepared();
        } else if (System.nanoTime() > deadlineNanos) {
            throw new IllegalStateException("waited 15 s for "
                    + (missing.isEmpty()
                            ? "subscriptions to answers: " + subscribers + " came for " + producers.size()
                                    + " producers (" + String.join(", ", producers) + ")"
                            : missing.stream().collect(Collectors.joining("; "))));
        }
    }

    private void drain() {
        if (state == State.DRAINING || state == State.FINISHED) {
            return;
        }
        if (books == null) {
            open(List.of());
        }
        if (!books.isStarted()) {
            books.start(clock.epochNanos(), Map.of());
        }
        lastHandledNanos = System.nanoTime();
        deadlineNanos = lastHandledNanos + drainNanos();
        state = State.DRAINING;
    }

    private void drainOn(int handled) {
        long now = System.nanoTime();
        books.rollTo(clock.epochNanos());
        if (handled > 0 || server.unfinished() > 0) {
            lastHandledNanos = now;
        }
        boolean quiet = now - lastHandledNanos > QUIET_NANOS;
        if (quiet || now > deadlineNanos) {
            stillArriving = !quiet && server.unfinished() == 0;
            finish();
        }
    }

    /** A backlog is no loss: it is taken for as long as the plan waits for answers. */
    private long drainNanos() {
        return Math.max(MIN_DRAIN_NANOS, shard.timing().drainNanos());
    }

    private void finish() {
        books.finish();
        state = State.FINISHED;
        if (over.compareAndSet(false, true)) {
            events.finished(new RunEvents.Result(assembler.intervals(), assembler::totals, null, List.of(), notes()));
        }
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (stillArriving) {
            notes.add(String.format(
                    Locale.ROOT,
                    "messages were still arriving %.1f s after the end, and those that followed were not received",
                    drainNanos() / 1e9));
        }
        if (server.unfinished() > 0) {
            notes.add(server.unfinished() + " messages were still being worked on at the end, and not answered");
        }
        if (server.leftBehind() > 0) {
            notes.add(
                    server.leftBehind()
                            + " times a subscriber to answers did not read for a second, and was not given those that followed");
        } else if (server.waitedNanos() > WAIT_WORTH_SAYING_NANOS) {
            notes.add(String.format(
                    Locale.ROOT,
                    "the consumer received nothing for %.3f s in all, as subscribers to answers did not read",
                    server.waitedNanos() / 1e9));
        }
        return notes;
    }
}
