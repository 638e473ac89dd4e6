package dev.freshet.agent.session;

import dev.freshet.agent.run.RunEvents;
import dev.freshet.agent.run.ShardRun;
import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.time.Timetable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A run that does what a test tells it to. */
final class ScriptedRun implements ShardRun {
    final Path directory;
    final RunEvents events;
    final CountDownLatch released = new CountDownLatch(1);
    final CountDownLatch mayBeReleased = new CountDownLatch(1);
    final BlockingQueue<Timetable.Piece> adjusted = new LinkedBlockingQueue<>();
    private final boolean releasedAtOnce;

    ScriptedRun(Path directory, RunEvents events, boolean releasedAtOnce) {
        this.directory = directory;
        this.events = events;
        this.releasedAtOnce = releasedAtOnce;
    }

    @Override
    public void bind() {
        events.bound(List.of("tcp://127.0.0.1:1"), "tcp://127.0.0.1:2");
    }

    @Override
    public void connect(List<Peer> peers) {
        throw new IllegalArgumentException("no peers, please");
    }

    @Override
    public void start(long t0Nanos, Map<String, Long> producersT0Nanos) {}

    @Override
    public void adjust(Timetable.Piece piece) {
        if (piece.fromIndex() == 0) {
            throw new IllegalArgumentException("a change was missed");
        }
        adjusted.add(piece);
    }

    @Override
    public void stop(String reason) {}

    @Override
    public void release() {
        try {
            if (!releasedAtOnce && !mayBeReleased.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a release that was not allowed within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        released.countDown();
    }
}
