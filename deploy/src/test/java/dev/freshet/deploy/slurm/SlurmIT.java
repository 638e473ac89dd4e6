package dev.freshet.deploy.slurm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code freshet run --slurm} on a real Slurm: three nodes, which are all this machine, so the coordinator is dialled on loopback. */
class SlurmIT {
    private static final Path HOME = Path.of("target", "dist").toAbsolutePath();

    @TempDir
    private Path temporary;

    private JsonNode summary() throws Exception {
        try (Stream<Path> results = Files.list(temporary.resolve("results"))) {
            List<Path> all = results.toList();
            assertThat(all).hasSize(1);
            return new ObjectMapper()
                    .readTree(all.get(0).resolve("summary.json").toFile());
        }
    }

    private String[] options() {
        return new String[] {
            "--agents",
            "2",
            "--rate",
            "50/s",
            "--size",
            "16KiB",
            "--duration",
            "3s",
            "--warmup",
            "1s",
            "--advertise",
            "127.0.0.1",
            "--out",
            temporary.resolve("results").toString()
        };
    }

    private static String[] joined(String[] first, String... second) {
        return Stream.concat(Stream.of(first), Stream.of(second)).toArray(String[]::new);
    }

    @Test
    void a_run_in_an_allocation_has_an_agent_on_each_node_and_balances() throws Exception {
        try (SlurmCluster cluster = SlurmCluster.up(temporary.resolve("slurm"), 3)) {
            String output = cluster.check(joined(
                    new String[] {"salloc", "--quiet", "--nodes=3", HOME + "/bin/freshet", "run", "--slurm"},
                    options()));
            JsonNode summary = summary();
            assertThat(summary.get("ledger").get("balanced").asBoolean())
                    .as(output)
                    .isTrue();
            assertThat(summary.get("ledger").get("received").asLong()).isEqualTo(150);
            assertThat(summary.get("environment").get("control_keys").asBoolean())
                    .isTrue();
            assertThat(cluster.check("squeue", "--noheader", "--steps")).isBlank();
        }
    }

    @Test
    void the_batch_script_runs_a_fleet_test_and_ends_as_it_did() throws Exception {
        try (SlurmCluster cluster = SlurmCluster.up(temporary.resolve("slurm"), 3)) {
            String script = HOME.resolve("deploy/slurm/freshet.sbatch").toString();
            Process job = cluster.start(joined(
                    new String[] {
                        "sbatch",
                        "--wait",
                        "--nodes=3",
                        "--ntasks=3",
                        "--cpus-per-task=1",
                        "--output=" + temporary.resolve("output"),
                        "--export=ALL,FRESHET_HOME=" + HOME,
                        script
                    },
                    joined(options(), "--gate", "throughput >= 100GB/s")));
            SlurmCluster.end(job);
            String output = Files.readString(temporary.resolve("output"));
            assertThat(job.exitValue()).as(output).isEqualTo(1);
            assertThat(output).contains("balanced").contains("FAILED  throughput");
        }
    }

    @Test
    void outside_an_allocation_it_says_how_to_begin_one() throws Exception {
        Process freshet = new ProcessBuilder(HOME + "/bin/freshet", "run", "--slurm")
                .redirectErrorStream(true)
                .start();
        assertThat(SlurmCluster.end(freshet)).contains("--slurm", "salloc");
        assertThat(freshet.exitValue()).isEqualTo(2);
    }
}
