package dev.freshet.deploy.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cluster that other tests run on, and the batch script that ships. */
@Tag("once")
class SlurmClusterTest {
    private static final Path SCRIPT =
            Path.of("src", "dist", "deploy", "slurm", "freshet.sbatch").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path temporary;

    @Test
    void tasks_run_on_its_nodes_and_nothing_is_left_when_it_goes_down() throws Exception {
        Path directory = temporary.resolve("slurm");
        SlurmCluster cluster = SlurmCluster.up(directory, 2);
        try (cluster) {
            String tasks = cluster.check(
                    "salloc",
                    "--quiet",
                    "--nodes=2",
                    "--ntasks=2",
                    "srun",
                    "-n2",
                    "sh",
                    "-c",
                    "echo on $SLURMD_NODENAME");
            assertThat(tasks.lines()).containsExactlyInAnyOrder("on n1", "on n2");

            cluster.check("sbatch", "--output=/dev/null", "--wrap", "trap '' TERM; srun sleep 600; sleep 600");
            await(
                    "the job",
                    () -> cluster.check("squeue", "--noheader", "--steps").contains("sleep"));
            assertThat(cluster.processes()).hasSizeGreaterThan(4);
        }
        assertThat(cluster.processes()).isEmpty();
        assertThat(directory).doesNotExist();
        cluster.close(); // again: nothing to do is no error
    }

    @Test
    void the_batch_script_passes_options_on_and_the_exit_code_back() throws Exception {
        Path home = standIn("printf '%s\\n' \"$@\" >\"$FRESHET_HOME/told\"; exit 4");
        try (SlurmCluster cluster = SlurmCluster.up(temporary.resolve("slurm"), 2)) {
            Process job = submit(cluster, home, "--gate", "loss == 0");
            SlurmCluster.end(job);
            assertThat(job.exitValue()).as(output()).isEqualTo(4);
            assertThat(home.resolve("told")).hasContent("run\n--slurm\n--gate\nloss == 0");
        }
    }

    @Test
    void the_batch_script_waits_for_the_orderly_end_of_an_interrupted_run() throws Exception {
        Path home =
                standIn("trap 'sleep 1; touch \"$FRESHET_HOME/kept\"; exit 130' TERM; touch \"$FRESHET_HOME/told\"\n"
                        + "while :; do sleep 0.1; done");
        try (SlurmCluster cluster = SlurmCluster.up(temporary.resolve("slurm"), 2)) {
            Process job = submit(cluster, home);
            String id = new BufferedReader(new InputStreamReader(job.getInputStream())).readLine();
            await("the run", () -> Files.exists(home.resolve("told")));
            cluster.check("scancel", "--batch", "--signal=INT", id);
            SlurmCluster.end(job);
            assertThat(job.exitValue()).as(output()).isEqualTo(130);
            assertThat(home.resolve("kept")).exists();
        }
    }

    /** Something in the place of a distribution whose command does what {@code script} says. */
    private Path standIn(String script) throws IOException {
        Path home = temporary.resolve("freshet");
        Files.createDirectories(home.resolve("bin"));
        Path command = Files.writeString(home.resolve("bin/freshet"), "#!/bin/bash\n" + script + "\n");
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        return home;
    }

    /** Prints the job's id, waits for its end, and ends as it did. */
    private Process submit(SlurmCluster cluster, Path home, String... options) throws IOException {
        String[] sbatch = {
            "sbatch",
            "--wait",
            "--parsable",
            "--ntasks=2",
            "--output=" + temporary.resolve("output"),
            "--export=ALL,FRESHET_HOME=" + home,
            SCRIPT.toString()
        };
        String[] command = java.util.Arrays.copyOf(sbatch, sbatch.length + options.length);
        System.arraycopy(options, 0, command, sbatch.length, options.length);
        return cluster.start(command);
    }

    private String output() throws IOException {
        Path output = temporary.resolve("output");
        return Files.exists(output) ? Files.readString(output) : "the job wrote nothing";
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
