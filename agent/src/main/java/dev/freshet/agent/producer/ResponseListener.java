package dev.freshet.agent.producer;

import dev.freshet.agent.run.IntervalBooks;
import dev.freshet.agent.run.ProgressAssembler;
import dev.freshet.common.measure.Count;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.wire.Response;
import dev.freshet.common.zmq.SafeContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.Msg;
import zmq.SocketBase;

/**
 * Receives what comes to a producer: answers on a SUB socket connected to its consumers, and has the {@link StartServer} in its poll. When the
 * messages have been sent it waits for the answers still on their way, and closes its books.
 *
 * <p>Owned by the thread "responses", apart from binding and closing.
 */
final class ResponseListener {
    /** Which part of the books is this thread's. */
    static final int PART = 1;

    private static final int MAX_ANSWER_BYTES = 1 << 16;
    private static final int RECEIVE_HIGH_WATER_MARK = 100_000;
    private static final int RECONNECT_MILLIS = 100;
    private static final int POLL_MILLIS = 10;
    private static final int MAX_ANSWERS_AT_ONCE = 1000;

    private final Shard.Producing shard;
    private final byte[] idPrefix;
    private final EpochClock clock;
    private final InFlightTable inFlight;
    private final MeasurementFile file;
    private final ProgressAssembler assembler;
    private final Course course;
    private final SafeContext context;
    private final ZMQ.Socket answers;
    private final StartServer startServer;

    private volatile List<String> endpoints; // written by the owner, before it says that it is connected
    private ZMQ.Poller poller;
    private int answersItem = -1;
    private int controlItem = -1;
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
            SafeContext context,
            StartServer startServer) {
        this.shard = shard;
        this.idPrefix = idPrefix;
        this.clock = clock;
        this.inFlight = inFlight;
        this.file = file;
        this.assembler = assembler;
        this.course = course;
        this.context = context;
        this.startServer = startServer;
        this.answers = newAnswersSocket(context, course);
    }

    private static ZMQ.Socket newAnswersSocket(SafeContext context, Course course) {
        ZMQ.Socket socket = context.socket(SocketType.SUB, MAX_ANSWER_BYTES);
        socket.setRcvHWM(RECEIVE_HIGH_WATER_MARK);
        socket.setReconnectIVLMax(
                RECONNECT_MILLIS); // no back-off: a consumer that binds late must not miss its first answers
        socket.subscribe(Response.TOPIC);
        Set<String> connected = new HashSet<>(); // of the I/O thread
        socket.base()
                .setEventHook(
                        event -> {
                            connected.add(event.addr);
                            course.setAnsweringPeers(connected.size());
                        },
                        zmq.ZMQ.ZMQ_EVENT_HANDSHAKE_PROTOCOL);
        return socket;
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
        try (ZMQ.Poller items = context.poller(2)) {
            poller = items;
            listen(whenFinished);
        }
    }

    private void listen(Runnable whenFinished) {
        boolean finished = false;
        while (!course.isReleased()) {
            join();
            poller.poll(POLL_MILLIS);
            if (controlItem >= 0 && poller.pollin(controlItem)) {
                if (startServer.answer()) {
                    course.setStartSaid();
                }
            }
            startServer.endTheSilent();
            if (answersItem >= 0) {
                receiveAnswers(!finished);
            }
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

    /** Takes up what has become possible since the last time. */
    private void join() {
        if (controlItem < 0 && course.isFilled()) {
            controlItem = startServer.pollWith(poller);
        }
        if (answersItem < 0 && endpoints != null) {
            endpoints.forEach(answers::connect);
            answersItem = poller.register(answers, ZMQ.Poller.POLLIN);
        }
        openBooks();
    }

    private void openBooks() {
        Long t0Nanos = course.t0Nanos();
        if (account == null && t0Nanos != null) {
            books = assembler.books(PART, t0Nanos);
            account = new AnswerAccount(shard, idPrefix, inFlight, file, books, course, t0Nanos);
        }
    }

    /** What arrives before the run has begun, or after it is over, belongs to no message of it and is dropped. */
    private void receiveAnswers(boolean counted) {
        SocketBase socket = answers.base();
        for (int i = 0; i < MAX_ANSWERS_AT_ONCE; i++) {
            Msg frame = socket.recv(zmq.ZMQ.ZMQ_DONTWAIT);
            if (frame == null) {
                return;
            }
            long t4Micros = clock.epochMicros();
            if (account == null) {
                openBooks(); // the first answer can be here before the start has been noticed
            }
            int frames = 1;
            while (frame != null && frame.hasMore()) {
                frame = socket.recv(zmq.ZMQ.ZMQ_DONTWAIT);
                frames++;
            }
            if (counted && account != null && frame != null) {
                books.rollTo(t4Micros * 1000);
                if (frames == 2) {
                    account.take(frame.data(), frame.size(), t4Micros);
                } else {
                    account.takeStray(Count.MALFORMED_ANSWERS, t4Micros);
                }
            }
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
