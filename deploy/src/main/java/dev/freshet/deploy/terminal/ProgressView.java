package dev.freshet.deploy.terminal;

import dev.freshet.common.plan.Plan;
import dev.freshet.coordinator.run.RunListener;

/** A person's view of a run while it goes on. */
public interface ProgressView extends RunListener, AutoCloseable {
    /** A live table on a terminal, plain lines elsewhere. */
    static ProgressView of(Terminal terminal, Plan plan) {
        return new DetachedView(terminal.live() ? new LiveTable(terminal, plan) : new PlainLines(terminal.out(), plan));
    }

    /** The run can be followed with a browser at that address. */
    void servedAt(String url);

    /** Shows nothing more. */
    @Override
    void close();
}
