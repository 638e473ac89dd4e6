package dev.freshet.agent.producer;

import dev.freshet.agent.run.IntervalBooks;
import dev.freshet.agent.run.ProgressAssembler;
import dev.freshet.agent.zmtp.Subscriber;
import dev.freshet.common.measure.Count;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.wire.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Receives what comes to a producer: answers on a SUB socket connected to its consumers, and looks after the {@link StartServer}. When the
 * messages have been sent it waits for the answers still on their way, and closes its books.
 *
 * <p>Owned by the thread "responses", apart from binding and closing.
 */
final class ResponseListener {
    /** Which part of the books is this thread's. */
    static final int PART = 1;

    private static final int MAX_ANSWER_BYTES = 1 << 16;
    private static final int POLL_MILLIS = 5;

    /** How often somebody who says {@code start} is looked for. */
    private static final long ASK_NANOS = 5_000_000;

    private final Shard.Producing shard;
    private final byte[] idPrefix;
    private final EpochClock clock;
    private final InFlightTable inFlight;
    private final MeasurementFile file;
    private final ProgressAssembler assembler;
    private final Course course;
    private final Subscriber answers;
    private final StartServer startServer;

    private volatile List<String> endpoints; // written by the owner, before it says that it is connected
    private final Set<String> connectedTo = new HashSet<>();
    private boolean connecting;
    private boolean finished;
    private long askedNanos = System.nanoTime() - ASK_NANOS;
    private IntervalBooks books;
    private AnswerAccount account;

    ResponseListener(
            Shard.Producing shard,
            byte[] idPrefix,
            EpochClock clock,
            InFlightTable inFlight,
            MeasurementFile file,
            ProgressAssembler assembler,
            Course course,
            StartServer startServer) {
        this.shard = shard;
        this.idPrefix = idPrefix;
        this.clock = clock;
        this.inFlight = inFlight;
        this.file = file;
        this.assembler = assembler;
        this.course = course;
        this.startServer = startServer;
        answers = new Subscriber(Response.TOPIC, MAX_ANSWER_BYTES, MAX_ANSWER_BYTES, new Answers());
    }

    /** Tells whom to connect to; by the owner, once. */
    void connect(List<String> answerEndpoints) {
        endpoints = answerEndpoints;
    }

    /**
     * Listens until the run is released.
     *
     * @param whenFinished called once, when the last answer is in or not waited for any longer, and the books are closed
     */
    void run(Runnable whenFinished) {
        try (answers) {
            while (!course.isReleased()) {
                join();
                answers.poll(POLL_MILLIS);
                if (account != null && !finished) {
                    long now = clock.epochNanos();
                    books.rollTo(now);
                    if (isOver(now)) {
                        finished = true;
                        books.finish();
                        file.close();
                        whenFinished.run();
                    }
                }
            }
        }
    }

    /** Takes up what has become possible since the last time. */
    private void join() {
        long now = System.nanoTime();
        if (course.isFilled() && now - askedNanos >= ASK_NANOS) {
            askedNanos = now;
            if (startServer.answer()) {
                course.setStartSaid();
            }
            startServer.endTheSilent();
        }
        if (!connecting && endpoints != null) {
            connecting = true;
            endpoints.forEach(endpoint -> answers.connect(endpoint, () -> connectedTo(endpoint)));
        }
        openBooks();
    }

    private void connectedTo(String endpoint) {
        connectedTo.add(endpoint);
        course.setAnsweringPeers(connectedTo.size());
    }

    private void openBooks() {
        Long t0Nanos = course.t0Nanos();
        if (account == null && t0Nanos != null) {
            books = assembler.books(PART, t0Nanos);
            account = new AnswerAccount(shard, idPrefix, inFlight, file, books, course, t0Nanos);
        }
    }

    /** What arrives before the run has begun, or after it is over, belongs to no message of it and is dropped. */
    private final class Answers implements Subscriber.Receiver {
        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void received(int publisher, byte[] body, int keptLength, long sizeBytes) {
            long t4Micros = clock.epochMicros();
            if (isCounted(t4Micros)) {
                account.take(body, keptLength, t4Micros);
            }
        }

        @Override
        public void malformed(int publisher) {
            long t4Micros = clock.epochMicros();
            if (isCounted(t4Micros)) {
                account.takeStray(Count.MALFORMED_ANSWERS, t4Micros);
            }
        }

        private boolean isCounted(long t4Micros) {
            if (account == null) {
                openBooks(); // the first answer can be here before the start has been noticed
            }
            if (account == null || finished) {
                return false;
            }
            books.rollTo(t4Micros * 1000);
            return true;
        }
    }

    private boolean isOver(long nowNanos) {
        Sending sending = course.sending();
        if (sending == null) {
            return false;
        }
        return account.answered() >= sending.sent()
                || nowNanos - sending.lastSendNanos() >= shard.timing().drainNanos()
                || endpoints.isEmpty();
    }
}
