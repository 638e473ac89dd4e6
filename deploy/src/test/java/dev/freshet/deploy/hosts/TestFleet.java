package dev.freshet.deploy.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Real hosts on this one machine: {@code h1} to {@code hN} and a {@code hub}, from which {@code ssh} reaches them. The script
 * {@code src/test/hosts/fleet} makes them and tells in its head what they are. Where they cannot be made a test is skipped and says why, but
 * fails where the environment has {@code CI} set.
 */
public final class TestFleet implements AutoCloseable {
    public static final String HUB = "hub";

    private static final Path SCRIPT = Path.of("src", "test", "hosts", "fleet").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 60;

    private final Path directory;

    /** How a command ended, and what it said on both its streams. */
    public record Outcome(int exitCode, String output) {}

    /** A process in a host: its id as this machine counts, and its arguments. */
    public record HostProcess(long pid, String commandLine) {}

    private TestFleet(Path directory) {
        this.directory = directory;
    }

    /**
     * Sets up a fleet.
     *
     * @param directory where all its files go; not to be shared by two fleets
     * @param options more options of the script's {@code up}, as {@code --second-net}
     */
    public static TestFleet up(Path directory, int hosts, String... options) throws InterruptedException {
        Outcome check = outcome(new ProcessBuilder(SCRIPT.toString(), "check"));
        need(check.exitCode() == 0, check.output().strip());
        TestFleet fleet = new TestFleet(directory);
        // an interrupted build closes nothing
        Runtime.getRuntime().addShutdownHook(new Thread(fleet::down, "test-fleet-down"));
        List<String> arguments = new ArrayList<>(List.of("--hosts", String.valueOf(hosts)));
        arguments.addAll(List.of(options));
        fleet.order("up", arguments.toArray(String[]::new));
        return fleet;
    }

    private static void need(boolean met, String why) {
        if (!met && System.getenv("CI") != null) {
            throw new AssertionError(why);
        }
        if (!met) {
            System.err.println("SKIPPED, a test that needs several hosts: " + why);
        }
        Assumptions.assumeTrue(met, why);
    }

    /**
     * A command as root in a host, yet to be started. Its process passes SIGTERM, SIGINT and SIGHUP on; when it is killed the command is, too.
     * The environment is the host's, not this process's; {@code java} is the one that runs the tests.
     */
    public ProcessBuilder command(String host, String... command) {
        return script("exec", prepend(host, command));
    }

    /** Runs a command as root in a host to its end, for a bounded time. */
    public Outcome exec(String host, String... command) throws InterruptedException {
        return outcome(command(host, command));
    }

    /** What a host sends from now on over {@code eth0} is held to a rate of bytes on the wire, as {@code 250mbit}; {@code none} ends that. */
    public void limit(String host, String rate) throws InterruptedException {
        order("limit", host, rate);
    }

    /** From now on the host refuses the key with which the hub comes. */
    public void refuse(String host) throws InterruptedException {
        order("refuse", host);
    }

    /** All in the host is gone at once, and nobody is told. */
    public void powerOff(String host) throws InterruptedException {
        order("power-off", host);
    }

    /** What runs in a host beside its init and its waiting {@code sshd}. */
    public List<HostProcess> processes(String host) throws InterruptedException {
        return order("ps", host)
                .lines()
                .map(line -> line.split(" ", 2))
                .map(line -> new HostProcess(Long.parseLong(line[0]), line[1]))
                .toList();
    }

    /** The directory that is {@code /root} in a host. */
    public Path home(String host) {
        return directory.resolve(host).resolve("root");
    }

    /** Takes all down; what the hosts wrote stays in the directory. */
    @Override
    public void close() {
        Outcome down = down();
        assertThat(down.exitCode()).as(down.output()).isZero();
    }

    private Outcome down() {
        try {
            return outcome(script("down"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before the fleet in " + directory + " was down", e);
        }
    }

    /** Has the script do something that must succeed; what it said. */
    private String order(String verb, String... arguments) throws InterruptedException {
        Outcome outcome = outcome(script(verb, arguments));
        assertThat(outcome.exitCode()).as(verb + ": " + outcome.output()).isZero();
        return outcome.output();
    }

    private ProcessBuilder script(String verb, String... arguments) {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), verb, directory.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private static String[] prepend(String first, String... others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    /** Runs a process to its end. Its output goes through a file: a pipe would stay open as long as anything that it started. */
    private static Outcome outcome(ProcessBuilder builder) throws InterruptedException {
        try {
            Path output = Files.createTempFile("freshet-test-fleet", ".txt");
            try {
                Process process = builder.redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile())
                        .start();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(builder.command() + " did not end within " + PATIENCE_SECONDS
                            + " s; it said: " + Files.readString(output));
                }
                return new Outcome(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
