package dev.freshet.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Linux tells of a process from outside. */
record ProcessFacts(long pid) {
    private static final String LISTENING = "0A";

    private Path proc(String name) {
        return Path.of("/proc", String.valueOf(pid), name);
    }

    private List<String> descriptorTargets() throws IOException {
        try (Stream<Path> all = Files.list(proc("fd"))) {
            return all.map(ProcessFacts::target).filter(Objects::nonNull).toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return null; // closed just now
        }
    }

    int descriptors() throws IOException {
        return descriptorTargets().size();
    }

    long residentBytes() throws IOException {
        return Files.readAllLines(proc("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    /** The TCP ports on which it listens. */
    List<Integer> listeningPorts() throws IOException {
        Set<String> sockets = descriptorTargets().stream()
                .filter(target -> target.startsWith("socket:["))
                .map(target -> target.substring(8, target.length() - 1))
                .collect(Collectors.toSet());
        return Stream.of("net/tcp", "net/tcp6")
                .flatMap(this::rows)
                .map(row -> row.strip().split("\\s+"))
                .filter(row -> row[3].equals(LISTENING) && sockets.contains(row[9]))
                .map(row -> Integer.parseInt(row[1].substring(row[1].lastIndexOf(':') + 1), 16))
                .sorted()
                .toList();
    }

    private Stream<String> rows(String table) {
        try {
            return Files.readAllLines(proc(table)).stream().skip(1);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
