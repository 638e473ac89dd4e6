package dev.freshet.deploy.remote;

import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.Quantiles;
import dev.freshet.coordinator.live.FeedJson;
import dev.freshet.coordinator.live.Frame;

/** Frames as a coordinator makes them. */
final class Frames {
    static final String RUN = "20261123T170102Z-night";
    static final Quantiles TIMED = new Quantiles(10L, 20L, 30L, 40L, 50L, 60L);

    private Frames() {}

    static Frame run(int number) {
        return log("run", number, "{\"id\":\"" + RUN + "\",\"name\":\"night\",\"plan\":{}}");
    }

    static Frame state(int number, String text) {
        return mark(number, RUN, "state", text);
    }

    static Frame mark(int number, String run, String kind, String text) {
        return log(
                "mark",
                number,
                "{\"run\":\"" + run + "\",\"at\":\"2026-11-23T17:01:02Z\",\"kind\":\"" + kind
                        + "\",\"agent\":\"p1\",\"text\":\"" + text + "\"}");
    }

    static Frame row(int number, int interval) {
        return log(
                "row",
                number,
                "{\"run\":\"" + RUN + "\",\"fleet\":" + FeedJson.text(fleet(interval)) + ",\"heat\":[3,1,9,99]}");
    }

    static FleetInterval fleet(int interval) {
        return new FleetInterval(
                interval,
                Phase.MEASURED,
                "2026-11-23T17:01:02Z",
                100.0,
                100,
                99,
                1,
                0,
                98L,
                97,
                96,
                1,
                null,
                9900,
                9800L,
                98,
                9800,
                TIMED,
                TIMED,
                new Quantiles(null, null, null, null, null, null));
    }

    /** Each agent's last interval, or null for one that has none. */
    static Frame agents(AgentInterval... last) {
        StringBuilder agents = new StringBuilder();
        for (AgentInterval interval : last) {
            agents.append(agents.length() == 0 ? "" : ",")
                    .append("{\"name\":\"x\",\"last\":")
                    .append(interval == null ? "null" : FeedJson.text(interval))
                    .append('}');
        }
        return new Frame("agents", null, "{\"now\":\"\",\"agents\":[" + agents + "]}");
    }

    static AgentInterval agent(String name, int interval) {
        return new AgentInterval(
                interval,
                Phase.MEASURED,
                name,
                Role.PRODUCER,
                50.0,
                50L,
                50L,
                0L,
                0L,
                50L,
                50L,
                50L,
                0L,
                0L,
                50,
                5000,
                1L,
                2L,
                3L,
                4L,
                5L,
                6L,
                null,
                null,
                0.5,
                1L,
                1000L,
                0.5,
                0.25);
    }

    /** Of a run that is in a state, which waits for something. */
    static Frame status(String state, String detail, String outcome) {
        return status(RUN, state, detail, outcome);
    }

    static Frame status(String run, String state, String detail, String outcome) {
        return new Frame(
                "status",
                null,
                "{\"now\":\"\",\"coordinator\":{},\"run\":{\"run\":{\"id\":\"" + run
                        + "\",\"name\":\"night\",\"state\":\""
                        + state + "\",\"outcome\":" + (outcome == null ? "null" : "\"" + outcome + "\"")
                        + ",\"reason\":null,\"detail\":\"" + detail
                        + "\"},\"verdict\":null,\"progress\":{\"merged\":0.25}}}");
    }

    static Frame noRun() {
        return new Frame("status", null, "{\"now\":\"\",\"coordinator\":{},\"run\":null}");
    }

    static String wire(Frame... frames) {
        StringBuilder wire = new StringBuilder();
        for (Frame frame : frames) {
            wire.append(StubCoordinator.frame(frame.event(), frame.id(), frame.json()));
        }
        return wire.toString();
    }

    private static Frame log(String event, int number, String json) {
        return new Frame(event, "cafe-" + number, json);
    }
}
