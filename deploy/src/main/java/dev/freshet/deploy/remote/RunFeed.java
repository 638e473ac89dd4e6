package dev.freshet.deploy.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.Heat;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.live.Frame;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One run, as the live feed tells it, told on as the coordinator itself would: states and events from the log, which leaves out none, and what only
 * snapshots have from these. Frames come on one thread; {@link #say} from any.
 */
final class RunFeed implements FeedReader.Reader {
    /** Log and snapshots do not come in one order. When one of them tells of the end, so many snapshots later the other will not any more. */
    private static final int LAST_SNAPSHOTS = 5;

    private final String run;
    private final RunListener listener;
    private final Runnable alive;
    private volatile RunState state = RunState.PLANNED;
    private String detail = "";
    private String lastId;
    private JsonNode agents;
    private JsonNode end;
    private boolean gone;
    private boolean outOfReach;
    private int snapshotsSinceLog;

    /** @param alive told that something came */
    RunFeed(String run, RunListener listener, Runnable alive) {
        this.run = run;
        this.listener = listener;
        this.alive = alive;
    }

    /** Whether the run is over and all of it was told, or the coordinator has gone on to another one. */
    @Override
    public boolean isOver() {
        return gone
                || end != null && state.isFinal()
                || (end != null || state.isFinal()) && snapshotsSinceLog >= LAST_SNAPSHOTS;
    }

    /** The status of the run that is over, with its outcome; null if the coordinator did not tell that. */
    JsonNode end() {
        return end;
    }

    /** Tells a person something beside what the run is doing. */
    void say(String text) {
        listener.state(state, text);
    }

    /** Tells that the coordinator is out of reach, for as long as it is. */
    void lost(String why) {
        outOfReach = true;
        say(why);
    }

    @Override
    public void frame(Frame frame) throws UnreadableAnswer {
        alive.run();
        if (outOfReach) {
            outOfReach = false;
            listener.state(state, detail);
        }
        if (frame.id() != null) {
            if (isOld(frame.id())) {
                return;
            }
            lastId = frame.id();
            snapshotsSinceLog = 0;
        }
        JsonNode told = Answers.object(frame.json());
        switch (frame.event()) {
            case "status" -> status(told.path("run"));
            case "agents" -> agents = told.path("agents");
            case "row" -> {
                if (isOurs(told)) {
                    row(told);
                }
            }
            case "mark" -> {
                if (isOurs(told)) {
                    mark(Answers.as(EventLine.class, told));
                }
            }
            default -> {} // run: its plan is known; anything else is of a newer coordinator
        }
    }

    private boolean isOurs(JsonNode told) {
        return run.equals(told.path("run").asText());
    }

    /** Something on the way may have kept the coordinator from knowing what we have: nothing is told twice. */
    private boolean isOld(String id) {
        if (lastId == null || !epoch(id).equals(epoch(lastId))) {
            return false;
        }
        return number(id) <= number(lastId);
    }

    private static String epoch(String id) {
        return id.substring(0, Math.max(0, id.lastIndexOf('-')));
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id.substring(id.lastIndexOf('-') + 1));
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // not one of a coordinator's: it cannot be compared
        }
    }

    private void status(JsonNode told) {
        JsonNode now = told.path("run");
        if (!run.equals(now.path("id").asText())) {
            gone = true;
            return;
        }
        snapshotsSinceLog++;
        if (now.hasNonNull("outcome")) {
            end = told;
        }
        if (end != null || !now.path("state").asText().equals(state.name().toLowerCase(Locale.ROOT))) {
            return; // the log will tell of another state
        }
        String waitsFor = now.path("detail").asText();
        if (!waitsFor.isEmpty() && !waitsFor.equals(detail)) {
            detail = waitsFor;
            listener.state(state, detail);
        }
        if (state == RunState.MERGING) {
            listener.merging(told.path("progress").path("merged").asDouble());
        }
    }

    private void row(JsonNode told) throws UnreadableAnswer {
        FleetInterval fleet = Answers.whole(FleetInterval.class, told.path("fleet"));
        List<Long> buckets = new ArrayList<>();
        told.path("heat").forEach(bucket -> buckets.add(bucket.asLong()));
        listener.row(new LiveRow(fleet, new Heat(buckets), parts(fleet)));
    }

    /** Each agent's part in a row, for the latest one: snapshots have no more. */
    private List<AgentInterval> parts(FleetInterval fleet) throws UnreadableAnswer {
        List<AgentInterval> parts = new ArrayList<>();
        if (agents != null) {
            for (JsonNode agent : agents) {
                JsonNode last = agent.path("last");
                AgentInterval part = last.isObject() ? Answers.whole(AgentInterval.class, last) : null;
                if (part != null && part.interval() == fleet.interval() && part.phase() == fleet.phase()) {
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    private void mark(EventLine event) throws UnreadableAnswer {
        if (event.kind() == null || event.text() == null) {
            throw new UnreadableAnswer("an event has a kind and a text");
        }
        listener.event(event);
        if (event.kind().equals("state")) {
            String[] words = event.text().split(": ", 2);
            state = state(words[0]);
            detail = words.length > 1 ? words[1] : "";
            listener.state(state, detail);
        }
    }

    private static RunState state(String word) throws UnreadableAnswer {
        return Arrays.stream(RunState.values())
                .filter(state -> state.name().equals(word))
                .findFirst()
                .orElseThrow(() -> new UnreadableAnswer("'" + word + "' is not a state of a run"));
    }
}
