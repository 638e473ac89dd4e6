package dev.freshet.deploy.command;

import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.web.WebOptions;
import dev.freshet.deploy.terminal.ProgressView;

/** The live page of one run. It is opened while the agents start, which takes them longer: nobody waits for it. */
final class LivePage {
    private LivePage() {}

    /** Opens it on a thread of its own ("page"), and shows where it is. */
    static void open(Coordinator coordinator, WebOptions options, ProgressView view) {
        Thread thread = new Thread(
                () -> {
                    try {
                        view.servedAt(coordinator.serve(options));
                    } catch (RuntimeException e) { // the run goes on without
                        System.err.println("freshet: there is no live page: " + e.getMessage());
                    }
                },
                "page");
        thread.setDaemon(true);
        thread.start();
    }
}
