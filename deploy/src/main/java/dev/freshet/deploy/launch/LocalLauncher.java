package dev.freshet.deploy.launch;

import dev.freshet.common.InputException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts agents as processes of this machine, each a Java virtual machine with the class path of this one. */
public final class LocalLauncher implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLauncher.class);

    private final String coordinator;
    private final Path spool;

    /**
     * @param coordinator what they dial, {@code tcp://host:port}
     * @throws InputException if there is no place for their recordings
     */
    public LocalLauncher(String coordinator) {
        this.coordinator = coordinator;
        try {
            this.spool = Files.createTempDirectory("freshet-");
        } catch (IOException e) {
            throw new InputException("no temporary directory can be made for recordings: " + e.getMessage(), e);
        }
    }

    @Override
    public LaunchedAgent start(Request request) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(request.needs().jvmOptions());
        command.addAll(inherited());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.freshet.deploy.Freshet"));
        command.addAll(AgentProcess.arguments(request, coordinator));
        command.addAll(List.of("--spool", spool.toString()));
        return new AgentProcess(request, "its process", command, AgentProcess.FarEnd.NONE);
    }

    /** What this process was told about its own JVM's warnings and archives holds for its agents. */
    private static List<String> inherited() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--enable-native-access")
                        || argument.startsWith("--sun-misc-unsafe")
                        || argument.startsWith("-XX:SharedArchiveFile")
                        || argument.startsWith("-Xshare")
                        || argument.startsWith("-Xlog")
                        || argument.startsWith("-Dio.netty"))
                .toList();
    }

    /** An agent that was killed could not delete its recordings itself. */
    @Override
    public void close() {
        if (Files.notExists(spool)) {
            return;
        }
        try (Stream<Path> all = Files.walk(spool)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            LOG.warn("recordings may be left in {}", spool, e);
        }
    }
}
