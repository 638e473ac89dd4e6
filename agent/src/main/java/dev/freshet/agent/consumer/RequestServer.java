package dev.freshet.agent.consumer;

import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.wire.Request;
import dev.freshet.common.zmq.SafeContext;
import dev.freshet.common.zmq.WakeUp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.zeromq.ZMQ;

/**
 * The consumer's part of the streaming contract, for many producers at once: receives their requests, counts them, works on them if it is
 * asked to, and answers each one, also one that has come before (the producer counts such answers).
 *
 * <p>Counted as malformed, and not answered, is what does not parse, what has not exactly two frames, and what cannot be its producer's: a
 * foreign id, a number of another channel, a number beyond the schedule.
 *
 * <p>Owned by one thread, which calls {@link #serve} over and over; {@link #wake} is for any thread.
 */
public final class RequestServer implements AutoCloseable {
    private static final long SUBSCRIPTIONS_NANOS = 5_000_000L;
    private static final int BURST = 32; // messages of one connection before the next one has its turn

    private final SafeContext context;
    private final EpochClock clock;
    private final List<AnswerSocket> answers = new ArrayList<>(); // one for each source, or one for all
    private final WakeUp wakeUp = new WakeUp();
    private final Workers workers; // null: answered at once
    private final ZMQ.Poller quietPoller;
    private ZMQ.Poller poller;
    private List<Source> sources = List.of();
    private DataConnection[] connections = {};
    private List<StartCall> calls = List.of();
    private Tally tally;
    private final byte[] id = new byte[Request.MAX_ID_BYTES];
    private int first;
    private long subscriptionsReadNanos = System.nanoTime();

    /**
     * @param answerPorts how many ports answers are published on: 1 for all sources together, or one for each in their order
     * @param processingNanos how long each message is worked on; 0 answers at once
     * @param workers how many messages are worked on at a time
     * @param onDeath told when one of the threads behind this dies: nothing works after that
     */
    public RequestServer(
            EpochClock clock, int answerPorts, long processingNanos, int workers, Consumer<Throwable> onDeath) {
        this.clock = clock;
        context = new SafeContext("consumer", onDeath);
        for (int i = 0; i < answerPorts; i++) {
            answers.add(new AnswerSocket(context, clock));
        }
        quietPoller = context.poller(1);
        wakeUp.pollWith(quietPoller);
        poller = quietPoller;
        this.workers = processingNanos == 0 ? null : new Workers(workers, processingNanos, wakeUp, onDeath);
    }

    /**
     * Binds the ports that answers are published on.
     *
     * @param what who asks for the ports, for the error
     * @param port the first, the others follow; 0 takes any free ones
     * @return the ports bound
     * @throws dev.freshet.common.InputException if one cannot be bound
     */
    public List<Integer> bind(String what, String address, int port) {
        List<Integer> ports = new ArrayList<>();
        for (AnswerSocket socket : answers) {
            ports.add(socket.bind(what, address, port == 0 ? 0 : port + ports.size()));
        }
        return ports;
    }

    private AnswerSocket answersTo(int source) {
        return answers.get(answers.size() == 1 ? 0 : source);
    }

    /** Connects to all channels of all producers. */
    public void connect(List<Source> producers, ReceiveLimits limits, Tally counted) {
        sources = List.copyOf(producers);
        tally = counted;
        List<DataConnection> made = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            List<String> endpoints = sources.get(i).endpoints();
            for (int channel = 0; channel < endpoints.size(); channel++) {
                made.add(new DataConnection(context, i, endpoints.get(channel), limits, channel, endpoints.size()));
            }
        }
        connections = made.toArray(DataConnection[]::new);
        calls = sources.stream().map(source -> new StartCall(context, source)).toList();
        poller = context.poller(connections.length + 1);
        wakeUp.pollWith(poller);
        made.forEach(connection -> connection.pollWith(poller));
    }

    /** Says {@code start} to each producer whose channels are all connected, so that none of its messages is missed. */
    public void sayStart() {
        for (int i = 0; i < calls.size(); i++) {
            if (isConnected(i)) {
                calls.get(i).advance();
            }
        }
    }

    /** Whether all channels of a producer are connected. */
    public boolean isConnected(int source) {
        for (DataConnection connection : connections) {
            if (connection.source() == source && !connection.isConnected()) {
                return false;
            }
        }
        return true;
    }

    /** The producers that have not answered {@code start} yet, with what is missing. */
    public List<String> notStarted() {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            Source source = sources.get(i);
            if (!isConnected(i)) {
                missing.add(source.name() + " to be connected at " + String.join(", ", source.endpoints()));
            } else if (!calls.get(i).isAnswered()) {
                missing.add(source.name() + " to answer start at " + source.startEndpoint());
            }
        }
        return missing;
    }

    /** How many have subscribed to answers. */
    public int subscribers() {
        return answers.stream().mapToInt(AnswerSocket::subscribers).sum();
    }

    /**
     * Takes a burst from each connection and answers what is due; when there was nothing, waits for something.
     *
     * @param receiving false leaves requests where they are
     * @return how many messages were received or answered
     */
    public int serve(boolean receiving, long maxWaitMillis) {
        readSubscriptions();
        int handled = answerFinished();
        boolean room = workers == null || !workers.isFull();
        if (receiving && room) {
            handled += receiveRound();
        }
        if (handled == 0) {
            (receiving && room ? poller : quietPoller).poll(maxWaitMillis);
            wakeUp.clear();
        }
        return handled;
    }

    /** Now and then, not each time: they come at the beginning, and reading them all costs more than a message does. */
    private void readSubscriptions() {
        long now = System.nanoTime();
        if (now - subscriptionsReadNanos >= SUBSCRIPTIONS_NANOS) {
            subscriptionsReadNanos = now;
            answers.forEach(AnswerSocket::readSubscriptions);
        }
    }

    private int answerFinished() {
        int handled = 0;
        if (workers != null) {
            for (Workers.Work work = workers.finished(); work != null; work = workers.finished()) {
                answersTo(work.source).answer(work.id, work.idLength, work.seq, work.t2Micros);
                workers.done(work);
                handled++;
            }
        }
        return handled;
    }

    /** Begins with another connection each time, so that the last one is not the one that workers never have room for. */
    private int receiveRound() {
        int handled = 0;
        int count = connections.length;
        first = first + 1 < count ? first + 1 : 0;
        for (int i = 0; i < count; i++) {
            int place = first + i;
            handled += receiveBurst(connections[place < count ? place : place - count]);
        }
        return handled;
    }

    private int receiveBurst(DataConnection connection) {
        int handled = 0;
        while (handled < BURST && (workers == null || !workers.isFull())) {
            DataConnection.Turn turn = connection.receive();
            if (turn == DataConnection.Turn.EMPTY) {
                break;
            }
            handled++;
            long nowNanos = clock.epochNanos();
            tally.rollTo(nowNanos);
            if (turn == DataConnection.Turn.REQUEST) {
                handle(connection, nowNanos / 1000);
            } else {
                tally.ofUnreadable(connection.source()).increment(Count.MALFORMED);
            }
        }
        return handled;
    }

    private void handle(DataConnection connection, long t2Micros) {
        Request request = connection.request();
        int idLength = request.copyId(id, 0);
        long seq = request.seq();
        if (!sources.get(connection.source()).owns(id, idLength, seq) || !count(connection, request)) {
            tally.ofUnreadable(connection.source()).increment(Count.MALFORMED);
        } else if (workers == null) {
            answersTo(connection.source()).answer(id, idLength, seq, t2Micros);
        } else {
            workers.take(connection.source(), request, t2Micros);
        }
    }

    /** Counts a message by what it is to its stream; false if it does not belong to it. */
    private boolean count(DataConnection connection, Request request) {
        long seq = request.seq();
        StreamTracker tracker = connection.tracker();
        StreamTracker.Arrival arrival = tracker.arrived(seq);
        if (arrival == StreamTracker.Arrival.FOREIGN) {
            return false;
        }
        Counts counts = tally.of(connection.source(), seq, request.t1Micros());
        switch (arrival) {
            case DUPLICATE -> {
                counts.increment(Count.DUPLICATES);
                return true;
            }
            case AFTER_GAP -> countGap(connection.source(), tracker);
            case LATE -> {
                counts.increment(Count.OUT_OF_ORDER);
                tally.ofMissing(connection.source(), seq)
                        .add(Count.MISSING, -1); // counted when it was jumped over, perhaps in an earlier interval
            }
            default -> {}
        }
        counts.increment(Count.RECEIVED);
        counts.add(Count.RECEIVED_BYTES, connection.payloadBytes());
        return true;
    }

    private void countGap(int source, StreamTracker tracker) {
        long firstMeasured = tally.firstMeasured(source);
        long warmup = tracker.gapLengthBelow(firstMeasured);
        if (warmup > 0) {
            tally.ofMissing(source, firstMeasured - 1).add(Count.MISSING, warmup);
        }
        if (tracker.gapLength() > warmup) {
            tally.ofMissing(source, firstMeasured).add(Count.MISSING, tracker.gapLength() - warmup);
        }
    }

    /** Messages that are being worked on or wait for a worker: their answers are still to come. */
    public int unfinished() {
        return workers == null ? 0 : workers.unfinished();
    }

    /** How long was waited for subscribers to answers to read, in all, in nanoseconds: nothing was received meanwhile. */
    public long waitedNanos() {
        return answers.stream().mapToLong(AnswerSocket::waitedNanos).sum();
    }

    /** Answers published, but for those that there was nobody to receive. */
    public long answered() {
        return answers.stream().mapToLong(AnswerSocket::answered).sum();
    }

    /** How often a subscriber to answers was left behind because it did not read. */
    public long leftBehind() {
        return answers.stream().mapToLong(AnswerSocket::leftBehind).sum();
    }

    /** Ends a wait in {@link #serve}. For any thread. */
    public void wake() {
        wakeUp.wake();
    }

    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
        context.close();
        wakeUp.close();
    }
}
