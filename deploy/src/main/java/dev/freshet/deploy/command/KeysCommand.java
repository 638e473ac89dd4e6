package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.common.keys.KeyDirectory;
import dev.freshet.common.zmq.CurveKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the keys of a standing fleet. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Makes keys for a coordinator and its standing agents: with them nobody else joins, and nobody listens in.",
        footer = {
            "",
            "Examples:",
            "  freshet keys --out fleet p1 p2 c1            makes the directory, or adds agents to it",
            "  freshet keys --out fleet --remove p2         p2 may not join any more",
            "  freshet coordinator --keys fleet --listen 10.0.0.1",
            "  freshet agent --key p1.key --role producer --coordinator tcp://10.0.0.1:5550"
        })
public final class KeysCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            order = 1,
            required = true,
            paramLabel = "DIR",
            description = "The directory of keys; made if it is not there.")
    private Path directory;

    @Option(
            names = "--remove",
            order = 2,
            paramLabel = "NAME",
            arity = "1..*",
            description = "Agents that may not join any more; a running coordinator follows within a second.")
    private List<String> removed = List.of();

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Agents that get a key.")
    private List<String> added = List.of();

    @Override
    public Integer call() {
        if (added.isEmpty() == removed.isEmpty()) {
            throw new InputException("keys: give the names of agents that get a key, or those to --remove");
        }
        KeyDirectory keys = new KeyDirectory(directory);
        if (!removed.isEmpty()) {
            keys.remove(removed);
            removed.forEach(name -> System.out.println("removed  " + name + ": its key opens nothing any more"));
            return ExitCode.DONE;
        }
        boolean fresh = !keys.exists();
        keys.add(added, CurveKeys::generate);
        if (fresh) {
            System.out.println("made     " + directory.resolve("coordinator.key") + "  stays with the coordinator");
        }
        added.forEach(name -> System.out.println("made     " + keys.agentFile(name) + "  goes to agent " + name));
        System.out.println("updated  " + directory.resolve("allowed") + "  says who may join");
        System.out.println();
        System.out.println("Now start the coordinator, bring each agent its file, and start it there:");
        System.out.println("  freshet coordinator --keys " + directory + " --listen ADDRESS");
        added.forEach(name -> System.out.println(
                "  freshet agent --key " + name + ".key --role producer|consumer --coordinator tcp://ADDRESS:5550"));
        return ExitCode.DONE;
    }
}
