package dev.freshet.deploy.slurm;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Slurm on this machine, of several nodes named n1, n2, ...: see {@code src/test/slurm/cluster}. Where root or the packages are missing
 * tests are skipped, loudly; where CI is set they fail.
 */
final class SlurmCluster implements AutoCloseable {
    private static final String SCRIPT =
            Path.of("src", "test", "slurm", "cluster").toAbsolutePath().toString();
    private static final long PATIENCE_SECONDS = 120;

    private final Path directory;

    private SlurmCluster(Path directory) {
        this.directory = directory;
    }

    /** @param directory is made by it, and removed when it is closed */
    static SlurmCluster up(Path directory, int nodes) throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw missing("root");
        }
        for (String program : List.of("munged", "slurmctld", "slurmd", "srun")) {
            if (Stream.of("/usr/bin", "/usr/sbin").noneMatch(at -> Files.isExecutable(Path.of(at, program)))) {
                throw missing(program + " (Debian: slurmctld slurmd slurm-client munge)");
            }
        }
        SlurmCluster cluster = new SlurmCluster(directory);
        cluster.check(SCRIPT, "up", directory.toString(), String.valueOf(nodes));
        return cluster;
    }

    private static RuntimeException missing(String what) {
        if (System.getenv("CI") != null) {
            return fail("CI must have " + what);
        }
        System.err.println("SKIPPED: a Slurm cluster needs " + what);
        return abort("needs " + what);
    }

    /** A command that speaks to this cluster, with its output and errors together. */
    Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SLURM_CONF", configuration());
        return builder.start();
    }

    /** Runs a command to its end, which must be a good one, and returns what it printed. */
    String check(String... command) throws IOException, InterruptedException {
        Process process = start(command);
        process.getOutputStream().close();
        String output = end(process);
        if (process.exitValue() != 0) {
            throw new AssertionError(
                    String.join(" ", command) + " ended with status " + process.exitValue() + ": " + output);
        }
        return output;
    }

    /** Waits for the end, for a bounded time, and returns what was printed until then. */
    static String end(Process process) throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(process.info().commandLine().orElse("a command") + " did not end within "
                    + PATIENCE_SECONDS + " s");
        }
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The processes of the cluster and of the jobs on it: they carry its configuration in their environment. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::belongsHere).toList();
    }

    private boolean belongsHere(ProcessHandle process) {
        try {
            String environment = Files.readString(
                    Path.of("/proc", String.valueOf(process.pid()), "environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment).contains("\0SLURM_CONF=" + configuration() + "\0");
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    private String configuration() {
        return directory.resolve("slurm.conf").toString();
    }

    @Override
    public void close() throws IOException {
        try {
            check(SCRIPT, "down", directory.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the cluster in " + directory + " went down", e);
        }
    }
}
