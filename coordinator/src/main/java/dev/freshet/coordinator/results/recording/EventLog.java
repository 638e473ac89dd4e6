package dev.freshet.coordinator.results.recording;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code events.jsonl}: what happened when, one JSON object a line; each line is on its way to the disk before the next event. */
final class EventLog implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Writer file;

    EventLog(Path path) throws IOException {
        file = Files.newBufferedWriter(path);
    }

    void add(EventLine line) throws IOException {
        file.write(JSON.writeValueAsString(line));
        file.write('\n');
        file.flush();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
