package dev.freshet.deploy.doctor.check;

import dev.freshet.deploy.doctor.host.Host;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the kernel reads the time from. Each message is stamped several times: some 25 ns a reading by tsc, a microsecond and more by hpet. */
public final class ClocksourceCheck implements Check {
    private static final String FOLDER = "sys/devices/system/clocksource/clocksource0/";
    private static final Set<String> SLOW = Set.of("hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit", "xen");

    @Override
    public String name() {
        return "clocksource";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        Optional<String> source = host.files().text(FOLDER + "current_clocksource");
        if (source.isEmpty()) {
            return List.of(Finding.unknown(name(), host.files().whyNot(FOLDER + "current_clocksource")));
        }
        if (!SLOW.contains(source.get())) {
            return List.of(Finding.ok(name(), "time is read from " + source.get()));
        }
        boolean tsc = List.of(host.files()
                        .text(FOLDER + "available_clocksource")
                        .orElse("")
                        .split(" "))
                .contains("tsc");
        String text = "time is read from " + source.get() + ", a system call and a slow device; tsc is wanted";
        return List.of(
                tsc
                        ? Finding.warning(
                                name(),
                                text,
                                "echo tsc | sudo tee /" + FOLDER + "current_clocksource   # until a reboot")
                        : Finding.warning(
                                name(),
                                text + ", and the kernel does not offer it",
                                "sudo dmesg | grep -i -e tsc -e clocksource   # why it was refused"));
    }
}
