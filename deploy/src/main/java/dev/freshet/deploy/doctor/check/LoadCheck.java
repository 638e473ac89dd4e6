package dev.freshet.deploy.doctor.check;

import static java.util.Locale.ROOT;

import dev.freshet.deploy.doctor.host.Host;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whether others need the processors: by the load of the last minute, and by what a virtual machine's host took away since it started. */
public final class LoadCheck implements Check {
    private static final String LOAD = "proc/loadavg";
    private static final String TIMES = "proc/stat";
    private static final double BUSY = 0.5;
    private static final double STOLEN = 0.01;

    /** Where in the line {@code cpu} of /proc/stat the stolen ticks stand; those of guests, after it, are counted before as well. */
    private static final int STEAL = 8;

    @Override
    public String name() {
        return "load";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        String load = host.files().text(LOAD).orElse("").split(" ")[0];
        List<String> times = host.files().lines(TIMES);
        long processors =
                times.stream().filter(line -> line.matches("cpu[0-9]+ .*")).count();
        if (!load.matches("[0-9]+\\.[0-9]+") || processors == 0) {
            String file = load.isEmpty() ? LOAD : TIMES;
            return List.of(Finding.unknown(name(), host.files().whyNot(file)));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(busy(Double.parseDouble(load), processors));
        double stolen = stolen(times.get(0));
        if (stolen > STOLEN) {
            findings.add(Finding.note(
                    name(),
                    String.format(
                            ROOT,
                            "this virtual machine's host took %.1f %% of the processor time since it started",
                            stolen * 100),
                    "vmstat 1 5   # column st: is it so now?"));
        }
        return findings;
    }

    private Finding busy(double load, long processors) {
        String text = String.format(ROOT, "load %.2f in the last minute, %d processors", load, processors);
        return load < BUSY * processors
                ? Finding.ok(name(), text)
                : Finding.warning(
                        name(),
                        text + ": somebody else is busy here",
                        "ps -eo pcpu,pid,user,args --sort=-pcpu | head -n 6   # who");
    }

    private static double stolen(String line) {
        double[] ticks = Arrays.stream(line.split("\\s+"))
                .skip(1)
                .limit(STEAL)
                .filter(word -> word.matches("[0-9]+"))
                .mapToDouble(Double::parseDouble)
                .toArray();
        double all = Arrays.stream(ticks).sum();
        return ticks.length < STEAL || all == 0 ? 0 : ticks[STEAL - 1] / all;
    }
}
