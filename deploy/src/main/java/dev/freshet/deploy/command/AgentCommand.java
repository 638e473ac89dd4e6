package dev.freshet.deploy.command;

import dev.freshet.agent.consumer.ConsumerRun;
import dev.freshet.agent.monitor.NetworkInterfaces;
import dev.freshet.agent.producer.ProducerRun;
import dev.freshet.agent.producer.ProducerSetup;
import dev.freshet.agent.run.RunFactory;
import dev.freshet.agent.session.AgentIdentity;
import dev.freshet.agent.session.AgentSession;
import dev.freshet.common.HostName;
import dev.freshet.common.InputException;
import dev.freshet.common.control.ToCoordinator.Interface;
import dev.freshet.common.keys.AgentKey;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.EpochClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One agent: dials out to a coordinator, and does what it is told until it is stopped. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = "One agent of a fleet: dials out to a coordinator and serves its runs until it is stopped.",
        footer = {
            "",
            "Examples:",
            "  freshet agent --role producer --name p1 --coordinator tcp://daq0:5550 --interface eth1",
            "  freshet agent --role producer --key p1.key --coordinator tcp://daq0:5550",
            "  freshet agent --role consumer --coordinator tcp://127.0.0.1:5550 --label rack=3"
        })
public final class AgentCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(AgentCommand.class);
    private static final Pattern ENDPOINT = Pattern.compile("tcp://([^:/\\s]+):[0-9]{1,5}");

    @Option(
            names = "--coordinator",
            paramLabel = "tcp://HOST:PORT",
            defaultValue = "tcp://127.0.0.1:5550",
            description = "The coordinator's control channel (default: ${DEFAULT-VALUE}).")
    private String coordinator;

    @Option(names = "--role", required = true, paramLabel = "producer|consumer", description = "What this agent does.")
    private String role;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Its name in the fleet (default: that of its key; else role, host and process id).")
    private String name;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "Its key, made by 'freshet keys'; '-' reads it from standard input, up to an empty line.")
    private String keyFile;

    @Option(
            names = "--interface",
            paramLabel = "NAME|ADDRESS",
            description =
                    "Network interface to bind and to watch, by name or by one of its addresses (default: the one by which the coordinator is reached).")
    private String interfaceName;

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Something to know it by; may be given again.")
    private Map<String, String> labels = new HashMap<>();

    @Option(
            names = "--launched",
            hidden = true,
            description = "Started by a launcher: ends with its standard input, or when the coordinator is gone.")
    private boolean launched;

    @Option(
            names = "--spool",
            hidden = true,
            paramLabel = "DIR",
            description =
                    "Where recordings are kept until the coordinator has them (default: the system's temporary directory).")
    private Path spool;

    @Override
    public Integer call() {
        Matcher endpoint = ENDPOINT.matcher(coordinator);
        if (!endpoint.matches()) {
            throw new InputException(
                    "--coordinator: '" + coordinator + "' is not an endpoint (example: tcp://daq0:5550)");
        }
        Role agentRole = Role.parse("--role", role);
        Interface network = interfaceName == null
                ? NetworkInterfaces.towards("--coordinator", endpoint.group(1))
                : NetworkInterfaces.resolve("--interface", interfaceName);
        AgentKey key = key();
        String host = HostName.ofThisMachine();
        AgentIdentity identity = new AgentIdentity(
                key != null ? key.agent() : name != null ? name : defaultName(agentRole, host),
                agentRole,
                host,
                labels,
                network,
                Version.current(),
                AgentIdentity.newIncarnation());
        EpochClock clock = EpochClock.anchored();
        Path place = spool != null ? spool : Path.of(System.getProperty("java.io.tmpdir"));
        AgentSession session =
                new AgentSession(identity, coordinator, key, clock, factory(network, clock), launched, place);
        if (launched) {
            endWithInput(session);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(session::close, "shutdown"));
        String refusal = session.serve();
        if (launched && spool != null) {
            spool.toFile().delete(); // of a launcher; it is empty now, or another one still uses it
        }
        return refusal == null ? ExitCode.DONE : ExitCode.AGENTS_LOST;
    }

    static RunFactory factory(Interface network, EpochClock clock) {
        return (shard, directory, events) -> {
            if (shard instanceof Shard.Producing producing) {
                return new ProducerRun(
                        ProducerSetup.inFleet(producing, network.address(), directory, LOG::warn), clock, events);
            }
            return new ConsumerRun((Shard.Consuming) shard, network.address(), clock, events);
        };
    }

    private AgentKey key() {
        if (keyFile == null) {
            return null;
        }
        AgentKey key = keyFile.equals("-")
                ? AgentKey.parse("--key: standard input", KeyInput.read(System.in))
                : AgentKey.read(Path.of(keyFile));
        if (name != null && !name.equals(key.agent())) {
            throw new InputException(
                    "--name: '" + name + "' is not the agent that the key is for ('" + key.agent() + "')");
        }
        return key;
    }

    private static void endWithInput(AgentSession session) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // nothing is said on this channel: only its end counts
                        }
                    } catch (IOException e) {
                        // a broken pipe is an end as well
                    }
                    session.close();
                },
                "launcher-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static String defaultName(Role role, String host) {
        String shortHost = host.replaceAll("\\..*", "").replaceAll("[^A-Za-z0-9_-]", "");
        String full = role + "-" + shortHost + "-" + ProcessHandle.current().pid();
        return full.substring(0, Math.min(32, full.length()));
    }
}
