package dev.freshet.deploy.remote;

import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunState;
import java.util.ArrayList;
import java.util.List;

/** What a listener was told, a line each. */
final class ToldRun implements RunListener {
    final List<String> lines = new ArrayList<>();
    final List<LiveRow> rows = new ArrayList<>();

    @Override
    public void state(RunState state, String detail) {
        lines.add(state + (detail.isEmpty() ? "" : ": " + detail));
    }

    @Override
    public void row(LiveRow row) {
        rows.add(row);
        lines.add("row " + row.fleet().interval());
    }

    @Override
    public void event(EventLine event) {
        if (!event.kind().equals("state")) {
            lines.add(event.kind() + " " + event.agent() + " " + event.text());
        }
    }

    @Override
    public void merging(double share) {
        lines.add("merging " + share);
    }
}
