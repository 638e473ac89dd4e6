package dev.freshet.deploy.command;

import dev.freshet.deploy.remote.CoordinatorClient;
import dev.freshet.deploy.remote.FleetPicture;
import dev.freshet.deploy.terminal.FleetTable;
import dev.freshet.deploy.terminal.Screen;
import dev.freshet.deploy.terminal.Terminal;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who stands by a running coordinator, and what it is doing. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows a running coordinator, its agents, and the run that is in progress or was the last.",
        footer = {
            "",
            "Examples:",
            "  freshet status",
            "  freshet status --coordinator http://daq1:8080 --watch",
            "  freshet status --json | jq '.agents[].name'"
        })
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private CoordinatorOptions coordinator;

    @Option(names = "--watch", order = 1, description = "Shows it anew each second, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--json", order = 2, description = "Prints JSON instead, one line each time.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        CoordinatorClient client = coordinator.client();
        if (!watch) {
            System.out.print(text(client, FleetPicture.take(client)));
            return ExitCode.DONE;
        }
        Terminal terminal = Terminal.ofStdout();
        FleetPicture.watch(
                client,
                terminal.live() && !json ? drawing(client, terminal) : picture -> printed(text(client, picture)),
                trouble -> System.err.println("freshet: " + trouble));
        return ExitCode.DONE;
    }

    private static Consumer<FleetPicture> drawing(CoordinatorClient client, Terminal terminal) {
        Screen screen = new Screen(terminal);
        return picture ->
                screen.draw(table(client, picture).lines().map(screen::fit).toList());
    }

    private void printed(String text) {
        System.out.print(json ? text : text + "\n");
        System.out.flush();
    }

    private String text(CoordinatorClient client, FleetPicture picture) {
        return json ? picture.json() + "\n" : table(client, picture);
    }

    private static String table(CoordinatorClient client, FleetPicture picture) {
        return FleetTable.of(client.address().toString(), picture.status(), picture.agents());
    }
}
