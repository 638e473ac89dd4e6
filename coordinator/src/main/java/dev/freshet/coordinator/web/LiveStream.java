package dev.freshet.coordinator.web;

import dev.freshet.coordinator.live.Frame;
import dev.freshet.coordinator.live.LiveFeed;
import dev.freshet.coordinator.live.Subscription;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * One browser on the live feed. Frames are pulled when its connection takes some, so one that does not read costs its buffers and no more; in
 * turns, so that one that has much to catch up with does not hold up the others.
 */
final class LiveStream {
    /** What may wait in the process for one connection, above which nothing is pulled. */
    static final int QUEUE_BYTES = 64 << 10;

    private static final int TURN_BYTES = 32 << 10;

    /** The largest frame, which is that of the agents, is a turn of its own. */
    static final int MAX_QUEUED_BYTES = QUEUE_BYTES + TURN_BYTES + (4 << 10);

    private static final long SILENCE_NANOS = 15_000_000_000L;

    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private Subscription subscription;
    private int queuedBytes;
    private boolean turnDue;
    private boolean full;
    private boolean closed;
    private long lastTakenNanos = System.nanoTime();

    LiveStream(Context context, HttpServerRequest request) {
        this.context = context;
        this.request = request;
        this.response = request.response();
    }

    /** Begins to send what the subscription has. */
    void open(LiveFeed feed, String lastSeen) {
        response.setWriteQueueMaxSize(QUEUE_BYTES);
        response.drainHandler(drained -> {
            full = false;
            lastTakenNanos = System.nanoTime();
            turn();
        });
        response.write("retry: 2000\n\n");
        subscription = feed.subscribe(lastSeen, this::turn);
        turn();
    }

    /** Asks for a turn soon; several that ask get one. */
    private void turn() {
        if (!turnDue && !closed && !full) {
            turnDue = true;
            context.runOnContext(due -> send());
        }
    }

    private void send() {
        turnDue = false;
        if (closed || full) {
            return;
        }
        Buffer turn = Buffer.buffer();
        Frame frame;
        while (turn.length() < TURN_BYTES && (frame = subscription.next()) != null) {
            append(turn, frame);
        }
        if (turn.length() > 0) {
            write(turn);
            turn();
        }
    }

    private void write(Buffer bytes) {
        queuedBytes += bytes.length();
        response.write(bytes).onComplete(taken -> queuedBytes -= bytes.length());
        full = response.writeQueueFull();
        if (!full) {
            lastTakenNanos = System.nanoTime();
        }
    }

    private static void append(Buffer turn, Frame frame) {
        turn.appendString("event: ").appendString(frame.event());
        if (frame.id() != null) {
            turn.appendString("\nid: ").appendString(frame.id());
        }
        turn.appendString("\ndata: ").appendString(frame.json()).appendString("\n\n");
    }

    /** What waits in the process for its connection to take it. */
    int queuedBytes() {
        return queuedBytes;
    }

    /** Keeps a silent connection alive, and cuts off a browser that has not taken anything for so long. */
    void check(long nowNanos, long patienceNanos) {
        long sinceNanos = nowNanos - lastTakenNanos;
        if (full && sinceNanos > patienceNanos) {
            Connections.cut(request.connection());
        } else if (!full && !closed && sinceNanos > SILENCE_NANOS) {
            write(Buffer.buffer(":\n\n"));
        }
    }

    /** The coordinator is closing. */
    void end() {
        close();
        if (full) {
            Connections.cut(request.connection());
        } else {
            response.end();
        }
    }

    /** Its connection is gone. */
    void close() {
        closed = true;
        if (subscription != null) {
            subscription.close();
        }
    }
}
