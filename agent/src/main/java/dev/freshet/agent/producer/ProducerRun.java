package dev.freshet.agent.producer;

import dev.freshet.agent.run.ProgressAssembler;
import dev.freshet.agent.run.RunEvents;
import dev.freshet.agent.run.ShardRun;
import dev.freshet.common.InputException;
import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.time.Timetable;
import dev.freshet.common.wire.Request;
import dev.freshet.common.zmq.SafeContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A producer's part in one run. Two threads do it: "publisher" owns the data sockets and sends, "responses" owns the answer and control sockets
 * and receives; they live from {@link #bind} to {@link #release}, and whatever goes wrong in one of them fails the run, once. A third,
 * "measurements", only writes what the second has to record.
 */
public final class ProducerRun implements ShardRun {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerRun.class);
    private static final int PUBLISHER_PART = 0;
    private static final int PARTS = 2;
    private static final long JOIN_MILLIS = 2000;
    private static final int WARM_UP_MESSAGES = 5000;

    private final ProducerSetup setup;
    private final Shard.Producing shard;
    private final byte[] idPrefix;
    private final EpochClock clock;
    private final RunEvents events;
    private final ProgressAssembler assembler;
    private final InFlightTable inFlight = InFlightTable.forAnyRate();
    private final Course course;
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> threads = new ArrayList<>();

    private SafeContext context;
    private Publisher publisher;
    private StartServer startServer;
    private ResponseListener listener;
    private MeasurementFile file;
    private Sender sender;
    private SendLoop loop;
    private List<Integer> dataPorts = List.of();
    private int controlPort;
    private volatile List<Peer> peers;

    /** @param clock the run's: T0 and every timestamp are on it */
    public ProducerRun(ProducerSetup setup, EpochClock clock, RunEvents events) {
        this.setup = setup;
        this.shard = setup.shard();
        this.idPrefix = Request.idPrefix(setup.producer());
        this.clock = clock;
        this.events = events;
        this.assembler = new ProgressAssembler(events, List.of(shard.agent()), PARTS);
        this.course = Course.of(shard);
        keepRoom();
    }

    private void keepRoom() {
        Set<Metric> all = shard.paced()
                ? EnumSet.allOf(Metric.class)
                : EnumSet.complementOf(EnumSet.of(Metric.LATENESS, Metric.RESPONSE_TIME));
        for (Phase phase : Phase.values()) {
            if (phase == Phase.MEASURED || shard.timing().warmupNanos() > 0) {
                assembler.keepRoom(PUBLISHER_PART, phase, shard.paced() ? Set.of(Metric.LATENESS) : Set.of());
                assembler.keepRoom(ResponseListener.PART, phase, all);
            }
        }
    }

    @Override
    public void bind() {
        try {
            open();
        } catch (InputException e) {
            fail(e.getMessage());
        } catch (RuntimeException | Error e) {
            failOn(e);
        }
    }

    /**
     * Binds like {@link #bind}, but a failure is thrown instead of told.
     *
     * @throws InputException if a port is taken, or the measurement file cannot be written; nothing is left open then
     */
    public void open() {
        context = new SafeContext("producer", this::failOnDeath);
        try {
            publisher = setup.around().apply(newPublisher());
            publisher.bind(setup.address(), shard.dataPort());
            startServer = new StartServer(context);
            controlPort = startServer.bind(setup.address(), shard.controlPort());
            dataPorts = publisher.ports();
            file = shard.measure().equals(Measure.NONE) ? MeasurementFile.none() : createFile(setup.measurements());
            sender = new Sender(shard, idPrefix, publisher, inFlight, course);
            loop = newLoop();
            listener = new ResponseListener(shard, idPrefix, clock, inFlight, file, assembler, course, startServer);
        } catch (RuntimeException e) {
            closeContext();
            throw e;
        }
        events.bound(endpoints(), startEndpoint());
        startThread("publisher", this::publish);
        startThread("responses", () -> listener.run(this::finish));
    }

    private Publisher newPublisher() {
        int maxSizeBytes = shard.sizes().maxSizeBytes();
        return switch (shard.engine()) {
            case DIRECT ->
                new DirectPublisher(shard.channels(), maxSizeBytes, idPrefix, shard.onFull(), this::failOnDeath);
            case JEROMQ -> new JeromqPublisher(context, shard.channels(), maxSizeBytes, idPrefix);
        };
    }

    private SendLoop newLoop() {
        Pacer pacer = new Pacer(shard.waiting(), clock::epochNanos);
        return shard.paced()
                ? new PacedLoop(shard, sender, publisher, pacer, course, notes::add)
                : new UnpacedLoop(shard.timing(), sender, publisher, pacer, course);
    }

    private static MeasurementFile createFile(Path path) {
        try {
            Path directory = path.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            return MeasurementFile.create(path);
        } catch (IOException e) {
            throw new InputException(
                    "measurement file: " + path + " cannot be written: "
                            + e.getClass().getSimpleName() + " " + e.getMessage(),
                    e);
        }
    }

    private void startThread(String role, Runnable task) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failOn(e);
            }
        };
        Thread thread = new Thread(guarded, role);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private List<String> endpoints() {
        return dataPorts.stream()
                .map(port -> "tcp://" + setup.address() + ":" + port)
                .toList();
    }

    private String startEndpoint() {
        return "tcp://" + setup.address() + ":" + controlPort;
    }

    @Override
    public void connect(List<Peer> connectTo) {
        peers = List.copyOf(connectTo);
        LinkedHashSet<String> answerEndpoints = new LinkedHashSet<>();
        peers.forEach(peer -> answerEndpoints.addAll(peer.endpoints()));
        listener.connect(List.copyOf(answerEndpoints));
        course.setConnected();
    }

    @Override
    public void start(long t0Nanos, Map<String, Long> producersT0Nanos) {
        course.start(t0Nanos);
    }

    @Override
    public void adjust(Timetable.Piece piece) {
        course.adjust(piece);
    }

    @Override
    public void stop(String reason) {
        course.stop(reason);
    }

    private void publish() {
        TimerSlack.least();
        try {
            if (setup.fillFirst()) {
                publisher.fill();
            }
            course.setFilled();
            new Handshake(setup, course, publisher, endpoints(), startEndpoint(), this::goOnWithout).await(() -> peers);
            warmUp();
            if (!course.isStopped()) {
                events.prepared();
            }
            while (course.t0Nanos() == null && !course.isStopped()) {
                course.awaitChange(100);
            }
        } catch (Handshake.InVain e) {
            fail(e.getMessage());
            return;
        } catch (InterruptedException e) {
            throw new IllegalStateException("the publisher was interrupted", e);
        }
        course.start(clock.epochNanos()); // stopped before the start: all is cancelled as of now
        long t0Nanos = course.t0Nanos();
        Sending sending = loop.run(t0Nanos, assembler.books(PUBLISHER_PART, t0Nanos));
        notes.addAll(publisher.remarks());
        course.setSending(sending);
    }

    /** Writes messages that nobody gets, until the compiler has seen how it is done: the first real ones shall not be late for that. */
    private void warmUp() {
        for (int i = 0; i < WARM_UP_MESSAGES; i++) {
            publisher.prepare(i % shard.channels(), i, 0, shard.sizes().sizeBytesAt(i));
        }
    }

    private void goOnWithout(String missing) {
        notes.add(missing);
        setup.say().accept(missing);
    }

    private void finish() {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        if (course.stopReason() != null) {
            notes.add("stopped: " + course.stopReason());
        }
        notes.addAll(file.troubles());
        if (startServer.strangeRequests() > 0) {
            notes.add(startServer.strangeRequests() + " requests on the control port were not 'start'");
        }
        events.finished(new RunEvents.Result(
                assembler.intervals(),
                assembler::totals,
                course.sending().firstSendNanos(),
                file.recordings(),
                List.copyOf(notes)));
    }

    /** JeroMQ's I/O thread can stumble over a socket that is just being closed; after release that concerns nobody. */
    private void failOnDeath(Throwable error) {
        if (course.isReleased()) {
            LOG.debug("the I/O thread ended while closing", error);
        } else {
            failOn(error);
        }
    }

    private void failOn(Throwable error) {
        LOG.error("the producer of {} failed", shard.agent(), error);
        fail(Thread.currentThread().getName() + ": " + error);
    }

    private void fail(String reason) {
        if (over.compareAndSet(false, true)) {
            course.stop(reason);
            events.failed(reason);
        }
    }

    /** Whether it was stopped before its time. */
    public boolean isStopped() {
        return course.stopReason() != null;
    }

    /** What the publisher did; null before the messages have been sent. */
    public Sending sending() {
        return course.sending();
    }

    /** How long writing a message took, nanoseconds, sampled; complete when the run is finished. */
    public Histogram preparationNanos() {
        return sender.preparationNanos();
    }

    @Override
    public void release() {
        course.release();
        threads.forEach(ProducerRun::join);
        if (!threads.isEmpty()) {
            file.close();
            publisher.close();
        }
        closeContext();
    }

    private static void join(Thread thread) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("thread {} did not end within {} ms", thread.getName(), JOIN_MILLIS);
        }
    }

    private void closeContext() {
        SafeContext closing = context;
        context = null;
        if (closing != null) {
            closing.close();
        }
    }
}
