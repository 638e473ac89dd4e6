package dev.freshet.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // the fleet need only be there
@Timeout(60)
class FeedOverHttpTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path results;

    private record Event(String name, String id, JsonNode data) {}

    /** Server-sent events, as a browser reads them. */
    private static final class Events implements AutoCloseable {
        private final Stream<String> stream;
        private final Iterator<String> lines;

        Events(ServedCoordinator served, String lastId) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(served.url.resolve("/api/v1/live"))
                    .header("Accept", "text/event-stream")
                    .header("Accept-Encoding", "gzip");
            if (lastId != null) {
                request.header("Last-Event-ID", lastId);
            }
            HttpResponse<Stream<String>> response = served.client().send(request.build(), BodyHandlers.ofLines());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
            assertThat(response.headers().firstValue("content-encoding")).isEmpty();
            stream = response.body();
            lines = stream.iterator();
        }

        Event next() {
            String name = null;
            String id = null;
            String data = null;
            while (true) {
                String line = lines.next();
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && data != null) {
                    return new Event(name, id, json(data));
                }
            }
        }

        private static JsonNode json(String data) {
            try {
                return JSON.readTree(data);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** All events up to one that fits. */
        List<Event> until(Predicate<Event> last) {
            List<Event> events = new ArrayList<>();
            do {
                events.add(next());
            } while (!last.test(events.get(events.size() - 1)));
            return events;
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    private static boolean isOver(Event event) {
        return event.name().equals("status") && event.data().at("/run/verdict").hasNonNull("status");
    }

    @Test
    void a_browser_sees_the_whole_run_and_one_that_comes_back_what_it_missed() throws Exception {
        try (ServedCoordinator served = ServedCoordinator.open(results);
                SimulatedFleet fleet = new SimulatedFleet(served.coordinator.endpoint(), 2, 1, 1);
                Events events = new Events(served, null)) {
            assertThat(List.of(events.next().name(), events.next().name()))
                    .containsExactlyInAnyOrder("status", "agents");
            HttpResponse<String> begun = served.post(
                    "/api/v1/runs?patience=10s",
                    "application/json",
                    "{\"agents\":2,\"rate\":\"200/s\",\"size\":\"1KiB\",\"warmup\":\"1s\",\"duration\":\"3s\",\"drain\":\"1s\"}");
            assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
            List<Event> run = events.until(FeedOverHttpTest::isOver);
            List<Event> log = run.stream().filter(event -> event.id() != null).toList();
            assertThat(log.get(0).name()).isEqualTo("run");
            assertThat(run).extracting(Event::name).contains("mark", "row", "agents", "status");
            assertThat(run)
                    .filteredOn(event -> event.id() == null)
                    .extracting(Event::name)
                    .containsOnly("status", "agents");
            String id = log.get(0).data().get("id").asText();
            List<Event> rows =
                    log.stream().filter(event -> event.name().equals("row")).toList();
            assertThat(rows)
                    .as("what is told live is what is written")
                    .hasSize(Files.readAllLines(results.resolve(id).resolve("intervals.csv"))
                                    .size()
                            - 1);
            assertThat(log).extracting(Event::id).doesNotHaveDuplicates();

            String seen = log.get(log.size() / 2).id();
            try (Events again = new Events(served, seen)) {
                String lastId = log.get(log.size() - 1).id();
                List<Event> missed = again.until(event -> lastId.equals(event.id()));
                assertThat(missed)
                        .filteredOn(event -> event.id() != null)
                        .isEqualTo(log.subList(log.size() / 2 + 1, log.size()));
            }
            try (Events stranger = new Events(served, "of-another-coordinator-7")) {
                assertThat(stranger.until(event -> event.id() != null)).last().isEqualTo(log.get(0));
            }
        }
    }

    @Test
    void when_the_coordinator_closes_the_feed_ends() throws Exception {
        ServedCoordinator served = ServedCoordinator.open(results);
        Events events = new Events(served, null);
        assertThat(events.next().name()).isEqualTo("status");
        served.close();
        int left = 0;
        while (events.lines.hasNext()) { // comes to an end, or the test's time is over
            events.lines.next();
            left++;
        }
        assertThat(left).isLessThan(100);
    }
}
