package dev.freshet.deploy.command;

import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.web.WebOptions;
import dev.freshet.deploy.terminal.ProgressView;

/** The live page of one run. It is opened while the agents start, which takes them longer: nobody waits for it. */
final class LivePage implements AutoCloseable {
    private final Coordinator coordinator;
    private final ProgressView view;
    private volatile boolean closed;

    LivePage(Coordinator coordinator, ProgressView view) {
        this.coordinator = coordinator;
        this.view = view;
    }

    /** Opens it on a thread of its own ("page"), and shows where it is. The coordinator closes it with itself. */
    void open(WebOptions options) {
        Thread thread = new Thread(() -> serve(options), "page");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(WebOptions options) {
        try {
            String url = coordinator.serve(options);
            if (!closed) {
                view.servedAt(url);
            }
        } catch (RuntimeException e) { // the run goes on without
            if (!closed) {
                System.err.println("freshet: there is no live page: " + e.getMessage());
            }
        }
    }

    /** The run is over: there is nothing more to be told of its page. */
    @Override
    public void close() {
        closed = true;
    }
}
