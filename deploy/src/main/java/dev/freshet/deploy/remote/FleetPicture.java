package dev.freshet.deploy.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.live.CoordinatorStatus;
import dev.freshet.coordinator.live.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A coordinator with its run and its agents, as the live feed shows them at a moment.
 *
 * @param json the members of a status frame, and those of an agents frame
 */
public record FleetPicture(CoordinatorStatus status, List<AgentStatus> agents, String json) {
    /** How long a coordinator that is watched may be out of reach. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The picture now. */
    public static FleetPicture take(CoordinatorClient client)
            throws CoordinatorUnusable, Refusal, InterruptedException {
        List<FleetPicture> taken = new ArrayList<>();
        new FeedReader(client, Duration.ZERO, trouble -> {}).read(new Painter(taken::add, true));
        return taken.get(0);
    }

    /**
     * A new picture each second, until the coordinator is out of reach for a minute.
     *
     * @param trouble told, in words, that there is no connection; once until there is one again
     */
    public static void watch(CoordinatorClient client, Consumer<FleetPicture> show, Consumer<String> trouble)
            throws CoordinatorUnusable, Refusal, InterruptedException {
        show.accept(take(client)); // what is wrong from the start is told at once
        new FeedReader(client, PATIENCE, trouble).read(new Painter(show, false));
    }

    /** Puts a picture together from the two kinds of snapshots. */
    private static final class Painter implements FeedReader.Reader {
        private final Consumer<FleetPicture> show;
        private final boolean once;
        private JsonNode status;
        private boolean shown;

        Painter(Consumer<FleetPicture> show, boolean once) {
            this.show = show;
            this.once = once;
        }

        @Override
        public boolean isOver() {
            return once && shown;
        }

        @Override
        public void frame(Frame frame) throws UnreadableAnswer {
            if (frame.event().equals("status")) {
                status = Answers.object(frame.json());
            } else if (frame.event().equals("agents") && status != null) {
                show.accept(picture(status, Answers.object(frame.json())));
                shown = true;
            }
        }

        private static FleetPicture picture(JsonNode status, JsonNode agents) throws UnreadableAnswer {
            List<AgentStatus> all = new ArrayList<>();
            for (JsonNode agent : agents.path("agents")) {
                all.add(Answers.as(AgentStatus.class, agent));
            }
            ObjectNode both = status.deepCopy();
            both.set("agents", agents.path("agents"));
            return new FleetPicture(Answers.as(CoordinatorStatus.class, status), all, both.toString());
        }
    }
}
