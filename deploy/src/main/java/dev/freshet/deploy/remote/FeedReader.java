package dev.freshet.deploy.remote;

import dev.freshet.coordinator.live.Frame;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reads a coordinator's live feed. A connection that breaks is made again and told of, and what was missed is asked for. */
final class FeedReader {
    private static final long PAUSE_MILLIS = 1_000;

    private final CoordinatorClient client;
    private final Duration patience;
    private final Consumer<String> trouble;
    private String lastSeen;
    private long heardNanos = System.nanoTime();
    private boolean told;

    /** Whoever takes the frames. */
    interface Reader {
        /** @throws UnreadableAnswer if the frame is not what it should be */
        void frame(Frame frame) throws UnreadableAnswer;

        /** Whether nothing more is needed. */
        boolean isOver();
    }

    /**
     * @param patience how long the coordinator may be out of reach
     * @param trouble told, in words, that there is no connection; once until there is one again
     */
    FeedReader(CoordinatorClient client, Duration patience, Consumer<String> trouble) {
        this.client = client;
        this.patience = patience;
        this.trouble = trouble;
    }

    /**
     * Reads until the reader has enough.
     *
     * @throws CoordinatorUnusable if the coordinator is out of reach for longer than is waited, or tells what cannot be read
     * @throws Refusal if it does not let us read
     */
    void read(Reader reader) throws CoordinatorUnusable, Refusal, InterruptedException {
        while (!reader.isOver()) {
            try (EventStream stream = client.feed(lastSeen)) {
                take(stream, reader);
            } catch (IOException e) {
                pause(client.broken(e));
            } catch (UnreadableAnswer e) {
                throw client.unusable("tells what cannot be read: " + e.getMessage(), e);
            } catch (CoordinatorUnusable e) {
                pause(e);
            } catch (Refusal e) {
                if (!e.isPassing()) {
                    throw e;
                }
                pause(new CoordinatorUnusable(e.getMessage(), e));
            }
        }
    }

    private void take(EventStream stream, Reader reader) throws IOException, UnreadableAnswer {
        while (!reader.isOver()) {
            Frame frame = stream.next();
            heardNanos = System.nanoTime();
            told = false;
            reader.frame(frame);
            if (frame.id() != null) {
                lastSeen = frame.id();
            }
        }
    }

    private void pause(CoordinatorUnusable fault) throws CoordinatorUnusable, InterruptedException {
        long silentNanos = System.nanoTime() - heardNanos;
        if (patience.isZero()) {
            throw fault;
        }
        if (silentNanos > patience.toNanos()) {
            throw new CoordinatorUnusable(
                    fault.getMessage() + ", for " + TimeUnit.NANOSECONDS.toSeconds(silentNanos) + " s now", fault);
        }
        if (!told) {
            told = true;
            trouble.accept(fault.getMessage());
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
}
