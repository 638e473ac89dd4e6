package dev.freshet.deploy.terminal;

import static dev.freshet.coordinator.results.FigureText.UNKNOWN;
import static java.util.Locale.ROOT;

import dev.freshet.common.plan.ExternalConsumer;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.units.ByteSize;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.results.FigureText;
import dev.freshet.coordinator.results.TextTable;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.remote.Rehearsal;
import java.util.List;

/** What each agent would do: the answer of {@code freshet run --dry-run}. */
public final class ShardTable {
    private static final String ROW = "%-10s %-9s %13s %-22s %10s %10s %14s  %s%n";

    private ShardTable() {}

    public static String of(RunRequest request) {
        Plan plan = request.plan();
        StringBuilder table = head(plan);
        if (request.dependsOnLinks()) {
            return table.append(
                            "The shards are known once the agents have joined: their rates go by the speed of their links.\n")
                    .toString();
        }
        table.append(
                String.format(ROOT, ROW, "agent", "role", "rate", "size", "warm-up", "measured", "first", "ports"));
        long warmup = 0;
        long measured = 0;
        for (Party party : request.parties(List.of())) {
            if (party.shard() instanceof Shard.Producing shard) {
                warmup += party.messages(Phase.WARMUP);
                measured += party.messages(Phase.MEASURED);
                table.append(String.format(
                        ROOT,
                        ROW,
                        shard.agent(),
                        party.role(),
                        shard.paced() ? shard.schedule().rate() : Rate.UNPACED,
                        shard.sizes(),
                        shard.paced() ? party.messages(Phase.WARMUP) : UNKNOWN,
                        shard.paced() ? party.messages(Phase.MEASURED) : UNKNOWN,
                        String.format(
                                ROOT,
                                "T0+%.3f ms",
                                shard.paced() ? shard.schedule().nanosAt(0) / 1e6 : 0),
                        ports(shard) + answersTo(request.externalOf(shard.agent()))));
            } else {
                table.append(String.format(
                        ROOT,
                        ROW,
                        party.agent(),
                        party.role(),
                        "",
                        "",
                        "",
                        "",
                        "",
                        "serves " + String.join(" ", party.serves())));
            }
        }
        boolean paced = plan.rate() != null;
        return table.append(String.format(
                        ROOT,
                        ROW,
                        "in all",
                        "",
                        Rate.text(plan.rate()),
                        "",
                        paced ? warmup : UNKNOWN,
                        paced ? measured : UNKNOWN,
                        "",
                        ""))
                .toString()
                .replaceAll(" +\n", "\n");
    }

    private static StringBuilder head(Plan plan) {
        String load = plan.rate() == null
                ? plan.sizes() + ", each producer as fast as it goes"
                : String.format(
                        ROOT,
                        "%s of %s in all (%s)",
                        plan.rate(),
                        plan.sizes(),
                        ByteSize.formatPerSecond(plan.bytesPerSecond()));
        return new StringBuilder(String.format(
                ROOT,
                "%s: %s, %s after %s of warm-up, %s%n%n",
                plan.name(),
                load,
                Durations.format(plan.duration()),
                Durations.format(plan.warmup()),
                plan.placement()));
    }

    /** The same of the agents that stand by a coordinator, as it tells it. */
    public static String of(Plan plan, Rehearsal rehearsal) {
        TextTable table = new TextTable(2).row("agent", "role", "rate", "size", "first", "serves");
        for (Rehearsal.Part part : rehearsal.shards()) {
            table.row(
                    part.agent(),
                    part.role().toString(),
                    part.role() == Role.PRODUCER ? FigureText.target(part.rateHertz()) : "",
                    part.size() == null ? "" : part.size(),
                    part.firstMillis() == null ? "" : String.format(ROOT, "T0+%.3f ms", part.firstMillis()),
                    String.join(" ", part.serves()));
        }
        return head(plan).append(table.text()).toString();
    }

    private static String ports(Shard.Producing shard) {
        if (shard.dataPort() == 0) {
            return "any free";
        }
        int last = shard.dataPort() + shard.channels() - 1;
        String data = shard.channels() == 1 ? "" : "-" + last;
        return shard.dataPort() + data + ", start " + shard.controlPort();
    }

    private static String answersTo(ExternalConsumer external) {
        return external == null ? "" : ", answers from " + external;
    }
}
