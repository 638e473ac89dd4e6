package dev.freshet.coordinator.results.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.common.time.UtcTime;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** {@code events.jsonl}: what happened when, one JSON object a line; each line is on its way to the disk before the next event. */
final class EventLog implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Writer file;

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Line(String at, String kind, String agent, String text) {}

    EventLog(Path path) throws IOException {
        file = Files.newBufferedWriter(path);
    }

    /** @param agent the agent it happened to, or null */
    void add(Instant at, String kind, String agent, String text) throws IOException {
        file.write(JSON.writeValueAsString(new Line(UtcTime.iso(at), kind, agent, text)));
        file.write('\n');
        file.flush();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
