package dev.freshet.coordinator.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.InputException;
import dev.freshet.common.plan.AgentName;
import dev.freshet.coordinator.history.AgentIntervals;
import dev.freshet.coordinator.history.Comparison;
import dev.freshet.coordinator.history.RunEntry;
import dev.freshet.coordinator.history.RunHistory;
import dev.freshet.coordinator.live.FeedJson;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.results.SummaryJson;
import dev.freshet.coordinator.results.report.ReportData;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** The runs in the results directory. What touches the disk is done on threads of its own: whoever reads old runs holds up none that is to begin. */
final class HistoryRoutes implements RouteGroup {
    private static final String RUNS = "/api/v1/runs";
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 500;
    private static final int READERS = 2;

    private final WorkerExecutor readers;
    private final RunControl control;
    private final RunHistory history;
    private final ResultFileAnswer fileAnswer;

    private record ResultFile(
            String path, @JsonProperty("size_bytes") long sizeBytes) {}

    /** What is read of a run. */
    private interface Reading {
        Object of(ResultDirectory directory) throws IOException;
    }

    private record Located(ResultDirectory directory, Path file) {}

    HistoryRoutes(Vertx vertx, RunControl control, RunHistory history) {
        this.readers = vertx.createSharedWorkerExecutor("history", READERS);
        this.control = control;
        this.history = history;
        this.fileAnswer = new ResultFileAnswer(vertx);
    }

    @Override
    public void addTo(Router router, ControlGuard guard) {
        router.get(RUNS).handler(this::list);
        router.get(RUNS + "/:id").handler(this::one);
        router.get(RUNS + "/:id/files").handler(this::files);
        router.get(RUNS + "/:id/files/*").handler(this::file);
        router.head(RUNS + "/:id/files/*").handler(this::file);
        router.get(RUNS + "/:id/charts").handler(this::charts);
        router.get(RUNS + "/:id/agents/:agent/intervals").handler(this::agentIntervals);
        router.get("/api/v1/compare").handler(this::compare);
    }

    private void list(RoutingContext context) {
        Queries.requireKnown(context, Set.of("limit", "before"));
        int limit = limit(Queries.value(context, "limit"));
        String before = Queries.value(context, "before");
        Optional<RunStatus> current = Optional.ofNullable(control.currentRun()).flatMap(control::status);
        answer(context, () -> {
            RunHistory.Page page = history.list(limit, before);
            return new RunHistory.Page(
                    page.runs().stream()
                            .map(entry -> asItStands(entry, current))
                            .toList(),
                    page.next());
        });
    }

    /** The run in progress has no summary either, but it is not unfinished for that. */
    private static RunEntry asItStands(RunEntry entry, Optional<RunStatus> current) {
        return current.filter(status -> status.run().id().equals(entry.id()))
                .map(status -> entry.in(status.run().state()))
                .orElse(entry);
    }

    private static int limit(String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        if (!text.matches("[1-9]\\d{0,2}") || Integer.parseInt(text) > MAX_LIMIT) {
            throw Problem.of(400, "limit: '" + text + "' is not a number from 1 to " + MAX_LIMIT)
                    .exception();
        }
        return Integer.parseInt(text);
    }

    /** Of a run that is over: its summary. One that goes on has been answered already. */
    private void one(RoutingContext context) {
        String id = context.pathParam("id");
        answer(context, id, directory -> {
            try {
                return SummaryJson.read(directory);
            } catch (InputException e) { // none, or one that cannot be read
                boolean over = directory.file(ResultDirectory.SUMMARY).isPresent();
                return unfinished(id, over ? "its summary cannot be read" : "its coordinator ended before it");
            }
        });
    }

    private RunStatus unfinished(String id, String reason) {
        RunEntry entry = history.entry(id);
        return new RunStatus(
                new RunStatus.Run(id, entry.name(), entry.state(), null, reason, "", entry.started(), null, null),
                null,
                null,
                null,
                null,
                null,
                List.of(),
                null);
    }

    private void files(RoutingContext context) {
        answer(context, context.pathParam("id"), directory -> {
            List<ResultFile> files = new ArrayList<>();
            for (String name : directory.files()) {
                Optional<Path> file = directory.file(name);
                if (file.isPresent()) {
                    files.add(new ResultFile(name, Files.size(file.get())));
                }
            }
            return Map.of("files", files);
        });
    }

    private void file(RoutingContext context) {
        String id = context.pathParam("id");
        String name = context.pathParam("*") == null ? "" : context.pathParam("*");
        readers.executeBlocking(() -> located(id, name), false)
                .compose(located -> fileAnswer.send(context, located.file(), saveAs(located.directory(), name)))
                .onFailure(context::fail);
    }

    private Located located(String id, String name) {
        ResultDirectory directory = directory(id);
        return directory
                .file(name)
                .map(file -> new Located(directory, file))
                .orElseThrow(() -> Problem.of(404, "no-such-file", "that run has no file of that name")
                        .exception());
    }

    private static String saveAs(ResultDirectory directory, String name) {
        return directory.path().getFileName() + "-" + name.replace('/', '-');
    }

    private void charts(RoutingContext context) {
        answer(context, context.pathParam("id"), ReportData::of);
    }

    private void agentIntervals(RoutingContext context) {
        String agent = context.pathParam("agent");
        if (!AgentName.isValid(agent)) {
            throw Problem.of(404, "no-such-agent", "that is not the name of an agent (" + AgentName.RULE + ")")
                    .exception();
        }
        answer(context, context.pathParam("id"), directory -> Map.of("intervals", AgentIntervals.of(directory, agent)));
    }

    private void compare(RoutingContext context) {
        Queries.requireKnown(context, Set.of("a", "b"));
        String a = required(context, "a");
        String b = required(context, "b");
        answer(context, () -> Comparison.of(directory(a), directory(b)));
    }

    private static String required(RoutingContext context, String name) {
        String value = Queries.value(context, name);
        if (value == null) {
            throw Problem.of(400, name + ": the id of a run is needed").exception();
        }
        return value;
    }

    private ResultDirectory directory(String id) {
        return history.directory(id)
                .orElseThrow(() -> Problem.of(404, "no-such-run", "there is no run of that id")
                        .exception());
    }

    private void answer(RoutingContext context, String id, Reading reading) {
        answer(context, () -> reading.of(directory(id)));
    }

    /** Answers with what is read, as JSON. */
    private void answer(RoutingContext context, Callable<Object> reading) {
        readers.executeBlocking(() -> FeedJson.text(read(reading)), false)
                .onSuccess(json -> JsonBody.sendText(context, 200, json))
                .onFailure(context::fail);
    }

    private static Object read(Callable<Object> reading) throws Exception {
        try {
            return reading.call();
        } catch (InputException e) { // a summary that is not there yet, or broken
            throw Problem.of(409, "no-summary", "that run has no summary that can be read: it did not come to an end")
                    .exception();
        } catch (IOException e) {
            throw Problem.of(503, "unreadable", "the files of that run cannot be read now")
                    .exception();
        }
    }
}
