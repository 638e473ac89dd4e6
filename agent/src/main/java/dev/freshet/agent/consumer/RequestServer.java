package dev.freshet.agent.consumer;

import dev.freshet.agent.zmtp.IoThread;
import dev.freshet.agent.zmtp.Subscriber;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.wire.Request;
import dev.freshet.common.zmq.SafeContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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
    private static final long ANSWERS_BUDGET_BYTES = 64L << 20;
    private static final long MIN_QUEUE_BYTES = 1 << 16;
    private static final long MAX_QUEUE_BYTES = 1 << 20;

    private final EpochClock clock;
    private final SafeContext context;
    private final IoThread io;
    private final List<AnswerSocket> answers = new ArrayList<>(); // one for each source, or one for all
    private final Subscriber subscriber;
    private final Workers workers; // null: answered at once
    private List<Source> sources = List.of();
    private Stream[] streams = {};
    private List<StartCall> calls = List.of();
    private Tally tally;
    private final Request request = new Request();
    private final byte[] id = new byte[Request.MAX_ID_BYTES];

    /** One channel of one producer. */
    private record Stream(int source, StreamTracker tracker) {}

    /**
     * @param answerPorts how many ports answers are published on: 1 for all sources together, or one for each in their order
     * @param processingNanos how long each message is worked on; 0 answers at once
     * @param workers how many messages are worked on at a time
     * @param maxPayloadBytes a producer that announces a larger message is cut off
     * @param onDeath told when one of the threads behind this dies: nothing works after that
     */
    public RequestServer(
            EpochClock clock,
            int answerPorts,
            long processingNanos,
            int workers,
            int maxPayloadBytes,
            Consumer<Throwable> onDeath) {
        this.clock = clock;
        context = new SafeContext("consumer", onDeath);
        io = new IoThread("answers-io", onDeath);
        int queueBytes = queueBytes(answerPorts);
        for (int i = 0; i < answerPorts; i++) {
            answers.add(new AnswerSocket(io, clock, queueBytes));
        }
        subscriber = new Subscriber(
                Request.TOPIC,
                Request.MAX_HEADER_BYTES,
                (long) maxPayloadBytes + Request.MAX_HEADER_BYTES,
                new Requests());
        this.workers = processingNanos == 0 ? null : new Workers(workers, processingNanos, subscriber::wake, onDeath);
    }

    private static int queueBytes(int answerPorts) {
        long share = Long.highestOneBit(ANSWERS_BUDGET_BYTES / answerPorts);
        return (int) Math.max(MIN_QUEUE_BYTES, Math.min(MAX_QUEUE_BYTES, share));
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
    public void connect(List<Source> producers, Tally counted) {
        sources = List.copyOf(producers);
        tally = counted;
        List<Stream> made = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            List<String> endpoints = sources.get(i).endpoints();
            for (int channel = 0; channel < endpoints.size(); channel++) {
                made.add(new Stream(i, new StreamTracker(channel, endpoints.size())));
            }
        }
        streams = made.toArray(Stream[]::new);
        calls = sources.stream().map(source -> new StartCall(context, source)).toList();
        sources.forEach(source -> source.endpoints().forEach(endpoint -> subscriber.connect(endpoint, () -> {})));
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
        for (int i = 0; i < streams.length; i++) {
            if (streams[i].source() == source && !subscriber.isConnected(i)) {
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
     * Takes what has come from each connection and answers what is due; when there was nothing, waits for something.
     *
     * @param receiving false leaves requests where they are
     * @return how many messages were received or answered
     */
    public int serve(boolean receiving, long maxWaitMillis) {
        int handled = answerFinished();
        answers.forEach(AnswerSocket::flush);
        long waitMillis = handled > 0 ? 0 : maxWaitMillis;
        if (receiving) {
            handled += subscriber.poll(waitMillis);
            answers.forEach(AnswerSocket::flush);
        } else {
            subscriber.rest(waitMillis);
        }
        return handled;
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

    private final class Requests implements Subscriber.Receiver {
        @Override
        public boolean hasRoom() {
            return workers == null || !workers.isFull();
        }

        @Override
        public void received(int publisher, byte[] body, int keptLength, long sizeBytes) {
            long nowNanos = clock.epochNanos();
            tally.rollTo(nowNanos);
            Stream stream = streams[publisher];
            if (request.parse(body, keptLength)) {
                handle(stream, sizeBytes - request.headerLength(), nowNanos / 1000);
            } else {
                countMalformed(stream);
            }
        }

        @Override
        public void malformed(int publisher) {
            tally.rollTo(clock.epochNanos());
            countMalformed(streams[publisher]);
        }
    }

    private void countMalformed(Stream stream) {
        tally.ofUnreadable(stream.source()).increment(Count.MALFORMED);
    }

    private void handle(Stream stream, long payloadBytes, long t2Micros) {
        int idLength = request.copyId(id, 0);
        long seq = request.seq();
        if (!sources.get(stream.source()).owns(id, idLength, seq) || !count(stream, payloadBytes)) {
            countMalformed(stream);
        } else if (workers == null) {
            answersTo(stream.source()).answer(id, idLength, seq, t2Micros);
        } else {
            workers.take(stream.source(), request, t2Micros);
        }
    }

    /** Counts a message by what it is to its stream; false if it does not belong to it. */
    private boolean count(Stream stream, long payloadBytes) {
        long seq = request.seq();
        StreamTracker tracker = stream.tracker();
        StreamTracker.Arrival arrival = tracker.arrived(seq);
        if (arrival == StreamTracker.Arrival.FOREIGN) {
            return false;
        }
        Counts counts = tally.of(stream.source(), seq, request.t1Micros());
        switch (arrival) {
            case DUPLICATE -> {
                counts.increment(Count.DUPLICATES);
                return true;
            }
            case AFTER_GAP -> countGap(stream.source(), tracker);
            case LATE -> {
                counts.increment(Count.OUT_OF_ORDER);
                tally.ofMissing(stream.source(), seq)
                        .add(Count.MISSING, -1); // counted when it was jumped over, perhaps in an earlier interval
            }
            default -> {}
        }
        counts.increment(Count.RECEIVED);
        counts.add(Count.RECEIVED_BYTES, payloadBytes);
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
        subscriber.wake();
    }

    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
        subscriber.close();
        answers.forEach(AnswerSocket::close);
        io.close();
        context.close();
    }
}
