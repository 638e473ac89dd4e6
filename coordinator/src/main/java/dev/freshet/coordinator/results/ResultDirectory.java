package dev.freshet.coordinator.results;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.AgentName;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.common.time.UtcTime;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory of one run, and the only place where names become paths: an agent's name must be one, and a file's name must be known, before
 * either is part of a path.
 *
 * @param path of the directory; it exists
 */
public record ResultDirectory(Path path) {
    public static final String PLAN = "plan.yaml";
    public static final String SUMMARY = "summary.json";
    public static final String MEASUREMENTS = "measurements.csv";
    public static final String NETWORK = "network.csv";

    /** What may be collected from an agent. */
    public static final Set<String> AGENT_FILES = Set.of(MEASUREMENTS, NETWORK);

    public static final String AGENT_INTERVALS = "agent-intervals.csv";

    private static final Pattern OWN_FILE =
            Pattern.compile("[a-z][a-z_-]{0,40}\\.(csv|hgrm|hlog|html|json|jsonl|yaml)");
    private static final String AGENTS = "agents";
    private static final int MAX_SAME_SECOND = 1000;

    /**
     * Makes {@code <results>/<UTC time>-<plan name>} and writes the plan into it. If there is one of that name, {@code -2} is added, and so on.
     *
     * @throws InputException if it cannot be written; nothing is left behind
     */
    public static ResultDirectory create(Path results, Instant at, Plan plan) {
        try {
            Files.createDirectories(results);
            ResultDirectory directory =
                    new ResultDirectory(createNew(results, UtcTime.compact(at) + "-" + plan.name()));
            directory.write(plan);
            return directory;
        } catch (IOException e) {
            throw new InputException("--out: cannot write results to '" + results + "' (" + reason(e) + ")", e);
        }
    }

    private static Path createNew(Path results, String name) throws IOException {
        for (int i = 1; i < MAX_SAME_SECOND; i++) {
            try {
                return Files.createDirectory(results.resolve(i == 1 ? name : name + "-" + i));
            } catch (FileAlreadyExistsException e) {
                continue; // another run of this second has it
            }
        }
        throw new IOException(MAX_SAME_SECOND + " runs named " + name);
    }

    private void write(Plan plan) throws IOException {
        try {
            Files.writeString(path.resolve(PLAN), PlanYaml.write(plan));
        } catch (IOException e) {
            Files.deleteIfExists(path.resolve(PLAN));
            Files.delete(path);
            throw e;
        }
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileAlreadyExistsException ? "a file of that name is in the way" : e.getMessage();
    }

    /**
     * The directory of a run that is over.
     *
     * @throws InputException if it is not one
     */
    public static ResultDirectory open(Path path) {
        if (!Files.isRegularFile(path.resolve(PLAN))) {
            throw new InputException("'" + path + "' is not the result of a run (it has no " + PLAN + ")");
        }
        return new ResultDirectory(path);
    }

    /**
     * Where a file collected from an agent belongs; its directory exists afterwards.
     *
     * @throws IllegalArgumentException if the name is not one that an agent may have, or the file is not one that is collected
     */
    public Path agentFile(String agent, String file) throws IOException {
        Path at = located(agent, file);
        Files.createDirectories(at.getParent());
        return at;
    }

    Path located(String agent, String file) {
        if (!AgentName.isValid(agent)) {
            throw new IllegalArgumentException("an agent's name that is none is not made part of a path");
        }
        if (!AGENT_FILES.contains(file)) {
            throw new IllegalArgumentException(agent + " offers a file that is not collected");
        }
        return path.resolve(AGENTS).resolve(agent).resolve(file);
    }

    /** The agents, by name, that delivered a file of that name. */
    public Set<String> agentsWith(String file) throws IOException {
        Set<String> agents = new TreeSet<>();
        if (Files.isDirectory(path.resolve(AGENTS))) {
            try (Stream<Path> entries = Files.list(path.resolve(AGENTS))) {
                List<String> names =
                        entries.map(entry -> entry.getFileName().toString()).toList();
                names.stream()
                        .filter(name -> AgentName.isValid(name))
                        .filter(name -> Files.isRegularFile(located(name, file)))
                        .forEach(agents::add);
            }
        }
        return agents;
    }

    /** All files that belong to the result, as {@link #file} knows them, by name. */
    public List<String> files() throws IOException {
        List<String> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(path)) {
            entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> file(name).isPresent())
                    .sorted()
                    .forEach(files::add);
        }
        for (String name : new TreeSet<>(AGENT_FILES)) {
            agentsWith(name).stream()
                    .map(agent -> AGENTS + "/" + agent + "/" + name)
                    .filter(path -> file(path).isPresent())
                    .forEach(files::add);
        }
        return files;
    }

    /**
     * A file of the result by its name, {@code NAME} or {@code agents/AGENT/NAME}; empty if there is none, or the name is not one that a result has.
     * Never a link, nor anything outside the directory.
     */
    public Optional<Path> file(String name) {
        String[] parts = name.split("/", -1);
        boolean own = parts.length == 1 && OWN_FILE.matcher(name).matches();
        boolean ofAgent = parts.length == 3
                && parts[0].equals(AGENTS)
                && AgentName.isValid(parts[1])
                && AGENT_FILES.contains(parts[2]);
        Path file = own ? path.resolve(name) : ofAgent ? located(parts[1], parts[2]) : null;
        boolean linked =
                ofAgent && (Files.isSymbolicLink(path.resolve(AGENTS)) || Files.isSymbolicLink(file.getParent()));
        return file == null || linked || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                ? Optional.empty()
                : Optional.of(file);
    }
}
