package dev.freshet.coordinator.history;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.SummaryJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs whose directories are in one place. What was read of a run is kept for as long as its summary does not change, so a list of hundreds
 * costs little. Thread-safe; touches the disk.
 */
public final class RunHistory {
    private static final Logger LOG = LoggerFactory.getLogger(RunHistory.class);
    private static final Pattern ID =
            Pattern.compile("(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z-([A-Za-z0-9._-]{1,200})");

    private final Path results;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(FileTime modified, RunEntry entry) {}

    /**
     * Some runs of the list.
     *
     * @param next the last of them, if there are more
     */
    public record Page(List<RunEntry> runs, String next) {}

    /** @param results need not exist */
    public RunHistory(Path results) {
        this.results = results;
    }

    /**
     * @param limit how many at most
     * @param before only those that are older than this one; null begins with the newest
     */
    public Page list(int limit, String before) {
        List<String> ids = ids().stream()
                .filter(id -> before == null || id.compareTo(before) < 0)
                .limit(limit + 1L)
                .toList();
        List<String> shown = ids.subList(0, Math.min(limit, ids.size()));
        return new Page(
                shown.stream().map(this::entry).toList(), ids.size() > limit ? shown.get(shown.size() - 1) : null);
    }

    private List<String> ids() {
        if (!Files.isDirectory(results)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(results)) {
            List<String> ids = entries.map(entry -> entry.getFileName().toString())
                    .filter(id -> directory(id).isPresent())
                    .sorted(Comparator.reverseOrder())
                    .toList();
            known.keySet().retainAll(Set.copyOf(ids));
            return ids;
        } catch (IOException e) {
            throw new UncheckedIOException("the runs in " + results + " cannot be listed", e);
        }
    }

    /** The directory of a run; empty if there is none of that id. An id is a name, and never a way to somewhere else. */
    public Optional<ResultDirectory> directory(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        Path path = results.resolve(id);
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                        && Files.isRegularFile(path.resolve(ResultDirectory.PLAN))
                ? Optional.of(new ResultDirectory(path))
                : Optional.empty();
    }

    /** @throws IllegalArgumentException if there is no such run */
    public RunEntry entry(String id) {
        ResultDirectory directory =
                directory(id).orElseThrow(() -> new IllegalArgumentException("there is no run " + id));
        FileTime modified = modified(directory.path().resolve(ResultDirectory.SUMMARY));
        Known before = known.get(id);
        if (before != null && before.modified.equals(modified)) {
            return before.entry;
        }
        RunEntry entry = read(id, directory);
        known.put(id, new Known(modified, entry));
        return entry;
    }

    private static FileTime modified(Path summary) {
        try {
            return Files.getLastModifiedTime(summary);
        } catch (IOException e) {
            return FileTime.fromMillis(0); // there is none yet
        }
    }

    private static RunEntry read(String id, ResultDirectory directory) {
        try {
            return RunEntry.of(id, SummaryJson.read(directory));
        } catch (InputException noSummary) {
            try {
                return RunEntry.unfinished(id, started(id), plan(directory));
            } catch (InputException e) {
                LOG.debug("run {} cannot be read: {}", id, e.getMessage());
                return RunEntry.unreadable(id, parts(id).group(7), started(id));
            }
        }
    }

    /** @throws InputException if it cannot be read */
    static Plan plan(ResultDirectory directory) {
        PlanBuilder builder = new PlanBuilder();
        PlanYaml.read(directory.path().resolve(ResultDirectory.PLAN), builder);
        return builder.build();
    }

    private static String started(String id) {
        Matcher at = parts(id);
        return at.group(1) + "-" + at.group(2) + "-" + at.group(3) + "T" + at.group(4) + ":" + at.group(5) + ":"
                + at.group(6) + "Z";
    }

    private static Matcher parts(String id) {
        Matcher parts = ID.matcher(id);
        if (!parts.matches()) {
            throw new IllegalArgumentException(id);
        }
        return parts;
    }
}
