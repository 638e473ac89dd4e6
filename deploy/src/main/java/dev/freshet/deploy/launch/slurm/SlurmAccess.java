package dev.freshet.deploy.launch.slurm;

import dev.freshet.common.HostName;
import dev.freshet.common.InputException;
import dev.freshet.deploy.launch.Commands;
import dev.freshet.deploy.launch.Commands.Result;
import dev.freshet.deploy.launch.Distribution;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The nodes of the Slurm allocation that this process is in, by {@code srun}: a step of one task for each agent. The distribution must be at
 * the same path on all nodes, as it is on a shared file system.
 */
public final class SlurmAccess implements HostAccess {
    private static final Duration ASK = Duration.ofSeconds(10);
    private static final Duration CHECK = Duration.ofSeconds(30);

    private final Commands commands = new Commands();
    private final String home;
    private final String job;
    private final String here;
    private final List<String> nodes;

    /** @throws InputException if this process is in no allocation, or Slurm does not tell its nodes */
    public SlurmAccess(Map<String, String> environment) {
        job = environment.get("SLURM_JOB_ID");
        String list = environment.get("SLURM_JOB_NODELIST");
        if (job == null || list == null) {
            throw new InputException("--slurm: this is not inside an allocation (SLURM_JOB_ID is not set); "
                    + "begin one with salloc -N 4, or see deploy/slurm/freshet.sbatch");
        }
        home = Distribution.homeOfProcess();
        here = environment.getOrDefault("SLURMD_NODENAME", HostName.ofThisMachine());
        nodes = nodes(list);
    }

    private List<String> nodes(String list) {
        try {
            Result result = commands.run(List.of("scontrol", "show", "hostnames", list), null, ASK);
            if (!result.isDone() || result.out().isBlank()) {
                throw new InputException("--slurm: scontrol does not tell the nodes of job " + job + " ("
                        + result.complaint("status " + result.status()) + ")");
            }
            return result.out().lines().map(String::strip).toList();
        } catch (IOException e) {
            throw new InputException(
                    "--slurm: scontrol does not tell the nodes of job " + job + " (" + e.getMessage() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("--slurm: interrupted", e);
        }
    }

    @Override
    public List<String> nodes() {
        return nodes;
    }

    @Override
    public void prepare(String host, Consumer<String> say) throws IOException, InterruptedException {
        if (!nodes.contains(host)) {
            throw new IOException("is not a node of job " + job + " (" + String.join(", ", nodes) + ")");
        }
        freshet(host, List.of("--version"), CHECK);
    }

    @Override
    public String freshet(String host, List<String> arguments, Duration limit)
            throws IOException, InterruptedException {
        List<String> command = step(host, "freshet");
        command.add(home + "/bin/freshet");
        command.addAll(arguments);
        Result result = commands.run(command, null, limit);
        return result.said("'freshet " + arguments.get(0) + "'");
    }

    @Override
    public String seenFrom(String host) {
        return here;
    }

    @Override
    public Launcher launcher(String host, String coordinator) {
        return new SlurmLauncher(this, host, coordinator);
    }

    /** The beginning of a command line that runs one task on a node, beside whatever else runs there. */
    static List<String> step(String node, String name) {
        return new ArrayList<>(List.of(
                "srun",
                "--nodes=1",
                "--ntasks=1",
                "--nodelist=" + node,
                "--job-name=" + name,
                "--overlap", // agents share their node's processors
                "--cpu-bind=none", // a pinned Java would have one of them
                "--input=all",
                "--unbuffered",
                "--quiet"));
    }

    String home() {
        return home;
    }

    /** Ends a step by force: a task that does not react to the end of its input outlives its srun. */
    void kill(String name, long millis) throws IOException, InterruptedException {
        Duration limit = Duration.ofMillis(millis);
        Result steps = commands.run(
                List.of("squeue", "--steps", "--jobs=" + job, "--noheader", "--format=%i %j"), null, limit);
        for (String line : steps.out().lines().map(String::strip).toList()) {
            if (line.endsWith(" " + name)) {
                commands.run(List.of("scancel", "--signal=KILL", line.split(" ")[0]), null, limit);
            }
        }
    }

    @Override
    public void cancel() {
        commands.cancel();
    }

    @Override
    public void close() {
        // the allocation is the user's
    }
}
