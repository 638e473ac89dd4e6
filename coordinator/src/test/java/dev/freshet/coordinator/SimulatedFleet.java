package dev.freshet.coordinator;

import dev.freshet.common.control.BookCodec;
import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.control.ToCoordinator.BookEntry;
import dev.freshet.common.control.ToCoordinator.HostSample;
import dev.freshet.common.control.ToCoordinator.NetworkSample;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.zmq.SafeContext;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * Many agents in one thread that speak the control channel's real protocol and send no messages: what they report is drawn from a seed, and
 * balances. Time may run faster for them: they then report intervals that have not been.
 */
final class SimulatedFleet implements AutoCloseable {
    private static final int TICK_MILLIS = 2;
    private static final int SAMPLES_AN_INTERVAL = 400;

    private final SafeContext context = new SafeContext("simulated", error -> {});
    private final EpochClock clock = EpochClock.anchored();
    private final List<Agent> agents = new ArrayList<>();

    /** From which interval on those that were told to stop have sent nothing. */
    private final Map<String, Integer> stoppedAt = new HashMap<>();

    private final double speed;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean deafToStop;

    /**
     * Agents {@code p1 ...} and {@code c1 ...}, which join at once.
     *
     * @param endpoint of the coordinator
     * @param speed seconds of the run that pass in a second
     */
    SimulatedFleet(String endpoint, int producers, int consumers, double speed) {
        this.speed = speed;
        for (int i = 1; i <= producers; i++) {
            agents.add(new Agent("p" + i, Role.PRODUCER, endpoint));
        }
        for (int i = 1; i <= consumers; i++) {
            agents.add(new Agent("c" + i, Role.CONSUMER, endpoint));
        }
        thread = new Thread(this::live, "simulated-fleet");
        thread.start();
    }

    private void live() {
        ZMQ.Poller poller = context.poller(agents.size());
        for (Agent agent : agents) {
            poller.register(agent.socket, ZMQ.Poller.POLLIN);
            agent.hello();
        }
        while (!closing) {
            poller.poll(TICK_MILLIS);
            for (int i = 0; i < agents.size(); i++) {
                if (poller.pollin(i)) {
                    agents.get(i).receive();
                }
                agents.get(i).report();
            }
        }
        poller.close();
        agents.forEach(agent -> agent.socket.close());
    }

    /** From now on the agents go on to the end of the plan whatever they are told. */
    void turnDeafToStop() {
        deafToStop = true;
    }

    /** Processor time of the simulation itself, its socket's I/O thread not counted. */
    long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        context.close();
    }

    /** One agent; only the fleet's thread touches it. */
    private final class Agent {
        private final String name;
        private final Role role;
        private final ZMQ.Socket socket;
        private final SplittableRandom random;
        private final Map<String, Map<Phase, Book>> totals = new LinkedHashMap<>();
        private String run;
        private Shard shard;
        private List<ToAgent.Peer> peers = List.of();
        private long t0Nanos;
        private int interval = -1; // the next one to report; none before T0 is known
        private long bytesSent;

        Agent(String name, Role role, String endpoint) {
            this.name = name;
            this.role = role;
            this.random = new SplittableRandom(name.hashCode());
            this.socket = context.socket(SocketType.DEALER, ControlCodec.MAX_FRAME_BYTES);
            socket.setIdentity((name + "-simulated").getBytes(StandardCharsets.US_ASCII));
            socket.setHWM(0);
            socket.connect(endpoint);
        }

        void hello() {
            send(new ToCoordinator.Hello(
                    name,
                    "one",
                    "host" + name,
                    1,
                    "simulated",
                    role,
                    Map.of(),
                    List.of(new ToCoordinator.Interface("eth0", "10.0.0.1", 10_000_000_000L)),
                    4,
                    null));
        }

        private void send(ToCoordinator message) {
            send(message, List.of());
        }

        private void send(ToCoordinator message, List<byte[]> attachments) {
            List<byte[]> frames = ControlCodec.encode(message, attachments);
            for (int i = 0; i < frames.size(); i++) {
                socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
            }
        }

        void receive() {
            for (byte[] frame = socket.recv(ZMQ.DONTWAIT); frame != null; frame = socket.recv(ZMQ.DONTWAIT)) {
                List<byte[]> frames = new ArrayList<>(List.of(frame));
                while (socket.hasReceiveMore()) {
                    frames.add(socket.recv());
                }
                try {
                    take(ControlCodec.decodeToAgent(frames).message());
                } catch (ControlCodec.Refusal e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        private void take(ToAgent message) {
            if (message instanceof ToAgent.Ping ping) {
                long now = clock.epochNanos();
                send(new ToCoordinator.Pong(ping.seq(), ping.t1Nanos(), now, now));
            } else if (message instanceof ToAgent.Prepare prepare) {
                run = prepare.run();
                shard = prepare.shard();
                totals.clear();
                int ports = shard instanceof Shard.Consuming consuming
                        ? Math.max(1, consuming.serves().size())
                        : 1;
                List<String> endpoints = new ArrayList<>();
                for (int i = 0; i < ports; i++) {
                    endpoints.add("tcp://10.0.0.1:" + (6000 + i));
                }
                send(new ToCoordinator.Bound(run, endpoints, role == Role.PRODUCER ? "tcp://10.0.0.1:5999" : null));
            } else if (message instanceof ToAgent.Connect connect) {
                peers = connect.peers();
                send(new ToCoordinator.Prepared(run));
            } else if (message instanceof ToAgent.Start start) {
                t0Nanos = start.t0Nanos();
                interval = 0;
                stoppedAt.remove(name);
            } else if (message instanceof ToAgent.Stop && interval >= 0 && !deafToStop) {
                stoppedAt.put(name, interval);
                finish();
            } else if (message instanceof ToAgent.Release) {
                interval = -1;
            } else if (message instanceof ToAgent.Refuse) {
                hello(); // it does not know us any more
            }
        }

        /** Reports the next interval if it is over, and after the last one finishes. */
        void report() {
            if (interval < 0 || clock.epochNanos() < t0Nanos + (long) ((interval + 1) * 1e9 / speed)) {
                return;
            }
            List<byte[]> attachments = new ArrayList<>();
            List<BookEntry> entries = new ArrayList<>();
            Phase phase = shard.timing().phaseOf(interval);
            if (shard instanceof Shard.Producing producing) {
                entries.add(entry(name, phase, sent(producing), attachments));
            } else {
                for (ToAgent.Peer peer : peers) {
                    entries.add(entry(peer.agent(), phase, received((Shard.Producing) peer.shard()), attachments));
                }
            }
            send(
                    new ToCoordinator.Progress(
                            run,
                            interval,
                            entries,
                            new NetworkSample(clock.epochMicros(), bytesSent, bytesSent, 0, 0, 0, 0, 0, 0),
                            new HostSample(0.1 + 0.1 * random.nextDouble(), random.nextInt(2), 100L << 20)),
                    attachments);
            interval++;
            if (interval * Timing.INTERVAL_NANOS >= shard.timing().sendingNanos()) {
                finish();
            }
        }

        private BookEntry entry(String producer, Phase phase, Book book, List<byte[]> attachments) {
            totals.computeIfAbsent(producer, first -> new LinkedHashMap<>())
                    .computeIfAbsent(phase, first -> new Book())
                    .add(book);
            return BookCodec.encode(producer, phase, book, attachments);
        }

        private long due(Shard.Producing producing) {
            long end = Math.min(
                    (interval + 1) * Timing.INTERVAL_NANOS, shard.timing().sendingNanos());
            return producing.schedule().firstIndexAtOrAfter(end)
                    - producing.schedule().firstIndexAtOrAfter(interval * Timing.INTERVAL_NANOS);
        }

        private Book sent(Shard.Producing producing) {
            Book book = new Book();
            long due = due(producing);
            long bytes = Math.round(due * producing.sizes().meanSizeBytes());
            for (Count count : List.of(Count.SCHEDULED, Count.SENT, Count.ANSWERED, Count.MEASURED)) {
                book.counts().set(count, due);
            }
            book.counts().set(Count.SENT_BYTES, bytes);
            book.counts().set(Count.WIRE_BYTES, bytes);
            bytesSent += bytes;
            double swell = 1 + 0.5 * Math.sin(interval / 60.0);
            for (int i = 0; i < Math.min(due, SAMPLES_AN_INTERVAL); i++) {
                long lateness = Math.round(20 * Math.exp(random.nextGaussian(0, 1)));
                long total = Math.round(800 * swell * Math.exp(random.nextGaussian(0, 0.6)));
                book.record(Metric.LATENESS, lateness);
                book.record(Metric.TOTAL, total);
                book.record(Metric.RESPONSE_TIME, total + lateness);
                book.record(Metric.NETWORK, total / 3);
                book.record(Metric.PROCESSING, total / 3);
                book.record(Metric.CLOCK_OFFSET, random.nextInt(-20, 20));
            }
            return book;
        }

        private Book received(Shard.Producing producing) {
            Book book = new Book();
            boolean stopped = interval >= stoppedAt.getOrDefault(producing.agent(), Integer.MAX_VALUE);
            long due = stopped ? 0 : due(producing);
            book.counts().set(Count.RECEIVED, due);
            book.counts()
                    .set(
                            Count.RECEIVED_BYTES,
                            Math.round(due * producing.sizes().meanSizeBytes()));
            return book;
        }

        private void finish() {
            List<BookEntry> sums = new ArrayList<>();
            totals.forEach((producer, byPhase) ->
                    byPhase.forEach((phase, book) -> sums.add(BookCodec.encode(producer, phase, book, null))));
            send(new ToCoordinator.Finished(
                    run,
                    interval,
                    sums,
                    role == Role.PRODUCER
                            ? t0Nanos + ((Shard.Producing) shard).schedule().nanosAt(0)
                            : null,
                    t0Nanos,
                    0,
                    null,
                    List.of(),
                    List.of()));
            interval = -1;
        }
    }
}
