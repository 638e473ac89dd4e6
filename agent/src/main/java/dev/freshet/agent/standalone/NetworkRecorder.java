package dev.freshet.agent.standalone;

import java.io.IOException;
import java.nio.file.Path;

/** Records an interface's counters once a second while a standalone producer runs. */
@FunctionalInterface
public interface NetworkRecorder {
    /**
     * Begins recording.
     *
     * @param interfaceName as given on the command line, or null if none was
     * @param csv the file to write
     * @return ends the recording when closed
     */
    AutoCloseable record(String interfaceName, Path csv) throws IOException;
}
