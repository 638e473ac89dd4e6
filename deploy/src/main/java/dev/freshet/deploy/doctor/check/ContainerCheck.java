package dev.freshet.deploy.doctor.check;

import static java.util.Locale.ROOT;

import dev.freshet.common.units.ByteSize;
import dev.freshet.deploy.doctor.host.Host;
import dev.freshet.deploy.doctor.host.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a container, or a service's unit, may use: the limits of this process's control group and of those around it (version 2 only). A
 * quota of processor time is not a smaller processor: who has used it up is halted for the rest of each tenth of a second.
 */
public final class ContainerCheck implements Check {
    private static final String GROUPS = "sys/fs/cgroup";
    private static final double FEW_PROCESSORS = 2;

    @Override
    public String name() {
        return "container";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        HostFiles files = host.files();
        List<Finding> findings = new ArrayList<>();
        long online = files.lines("proc/stat").stream()
                .filter(line -> line.matches("cpu[0-9]+ .*"))
                .count();
        if (host.java().processors() < online) {
            findings.add(Finding.note(
                    name(),
                    "this process may use " + host.java().processors() + " of " + online + " processors",
                    "taskset -cp $$   # which, if it is by affinity"));
        }
        if (files.text(GROUPS + "/cgroup.controllers").isEmpty()) {
            findings.add(Finding.unknown(
                    name(), "no control groups of version 2 (" + files.whyNot(GROUPS + "/cgroup.controllers") + ")"));
            return findings;
        }
        for (String folder : around(files)) {
            quota(files, folder).ifPresent(findings::add);
            memory(files, folder).ifPresent(findings::add);
        }
        return findings.isEmpty() ? List.of(Finding.ok(name(), "no limit on processors or memory")) : findings;
    }

    /** The folder of this process's group and all those above it. A container may see its own as the uppermost. */
    private static List<String> around(HostFiles files) {
        String group = files.lines("proc/self/cgroup").stream()
                .filter(line -> line.startsWith("0::/") && !line.contains(".."))
                .map(line -> line.substring("0::".length()))
                .findFirst()
                .orElse("/");
        List<String> folders = new ArrayList<>();
        for (String path = group; path.length() > 1; path = path.substring(0, path.lastIndexOf('/'))) {
            folders.add(GROUPS + path);
        }
        folders.add(GROUPS);
        return folders;
    }

    private Optional<Finding> quota(HostFiles files, String folder) {
        String[] limit = files.text(folder + "/cpu.max").orElse("max").split(" ");
        if (limit.length != 2 || limit[0].equals("max")) {
            return Optional.empty();
        }
        double processors = Double.parseDouble(limit[0]) / Double.parseDouble(limit[1]);
        long halted = files.lines(folder + "/cpu.stat").stream()
                .filter(line -> line.startsWith("nr_throttled "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .sum();
        String text = String.format(
                ROOT,
                "a quota of %.2f processors%s",
                processors,
                halted == 0 ? "" : ", used up and halted " + halted + " times so far");
        String[] remedy = {
            "# Kubernetes: request the processors and leave out limits.cpu; Docker: docker update --cpu-quota=-1 NAME",
            "# systemd: sudo systemctl set-property UNIT CPUQuota="
        };
        return Optional.of(
                halted > 0 || processors < FEW_PROCESSORS
                        ? Finding.warning(name(), text, remedy)
                        : Finding.note(name(), text, remedy));
    }

    private Optional<Finding> memory(HostFiles files, String folder) {
        Optional<Long> limit = files.number(folder + "/memory.max");
        if (limit.isEmpty()) {
            return Optional.empty(); // the word "max", or the root group
        }
        // what is cached can be had back
        long cached = files.lines(folder + "/memory.stat").stream()
                .filter(line -> line.startsWith("inactive_file "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .sum();
        long left = limit.get() - files.number(folder + "/memory.current").orElse(0L) + cached;
        String text = "a limit of " + ByteSize.humanDecimal(limit.get()) + " of memory, "
                + ByteSize.humanDecimal(Math.max(0, left)) + " of it left";
        return Optional.of(
                left < MemoryCheck.AGENT_BYTES
                        ? Finding.warning(
                                name(),
                                text + "; an agent takes up to " + ByteSize.humanDecimal(MemoryCheck.AGENT_BYTES),
                                "# Kubernetes: raise resources.limits.memory; Docker: docker update --memory 2g NAME")
                        : Finding.note(name(), text));
    }
}
