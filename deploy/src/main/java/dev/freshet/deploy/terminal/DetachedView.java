package dev.freshet.deploy.terminal;

import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunState;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Shows on a thread of its own ("view"), so that a terminal that does not take what is written (Ctrl-S, a pager) holds up nobody: what is old
 * by then is left out.
 */
final class DetachedView implements ProgressView {
    private static final int WAITING = 32;
    private static final long CLOSE_SECONDS = 2;

    private final ProgressView view;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING),
            task -> {
                Thread shows = new Thread(task, "view");
                shows.setDaemon(true);
                return shows;
            },
            new ThreadPoolExecutor.DiscardOldestPolicy());

    DetachedView(ProgressView view) {
        this.view = view;
    }

    @Override
    public void state(RunState state, String detail) {
        thread.execute(() -> view.state(state, detail));
    }

    @Override
    public void row(LiveRow row) {
        thread.execute(() -> view.row(row));
    }

    @Override
    public void event(EventLine event) {
        thread.execute(() -> view.event(event));
    }

    @Override
    public void merging(double share) {
        thread.execute(() -> view.merging(share));
    }

    @Override
    public void servedAt(String url) {
        thread.execute(() -> view.servedAt(url));
    }

    /** Waits a moment for what is still to be shown. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                view.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
