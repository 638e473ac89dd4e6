package dev.freshet.coordinator;

import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.RunResult;
import dev.freshet.coordinator.run.RunState;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a coordinator of many agents needs of a processor: one process with a coordinator and a simulated fleet, whose own thread's time is taken
 * off. Arguments: agents, seconds of the run, speed, results directory.
 */
final class SimulatedHour {
    private SimulatedHour() {}

    public static void main(String... args) throws Exception {
        int producers = Integer.parseInt(args[0]) - 1;
        int seconds = Integer.parseInt(args[1]);
        double speed = Double.parseDouble(args[2]);
        PlanBuilder builder = new PlanBuilder();
        Map.of(
                        "name",
                        "simulated",
                        "agents",
                        "" + producers,
                        "rate",
                        "100000/s",
                        "size",
                        "10kB",
                        "duration",
                        seconds + "s")
                .forEach((key, value) -> builder.set("simulated", key, value));
        RunListener silent = new RunListener() {
            @Override
            public void state(RunState state, String detail) {
                System.out.println(state + " " + detail);
            }

            @Override
            public void row(LiveRow row) {}

            @Override
            public void event(EventLine event) {}

            @Override
            public void merging(double share) {}
        };
        try (Coordinator coordinator = new Coordinator("127.0.0.1", 0, "simulated", null);
                SimulatedFleet fleet = new SimulatedFleet(coordinator.endpoint(), producers, 1, speed)) {
            RunRequest request = coordinator
                    .gather(builder.build(), Path.of(args[3]), Duration.ofSeconds(20))
                    .get();
            long before = cpuNanos() - fleet.cpuNanos();
            RunResult result = coordinator.run(request, silent).get();
            double cpuSeconds = (cpuNanos() - fleet.cpuNanos() - before) / 1e9;
            System.out.println(result.report());
            System.out.printf(
                    "%d agents, %d s of the run: %.1f s of processor time, %.3f of a core at one report a second%n",
                    producers + 1, seconds, cpuSeconds, cpuSeconds / seconds);
        }
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
