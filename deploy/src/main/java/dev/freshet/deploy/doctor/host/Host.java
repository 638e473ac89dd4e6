package dev.freshet.deploy.doctor.host;

import java.nio.file.Path;

/**
 * The host that is looked at, as the checks see it.
 *
 * @param files what its kernel tells
 * @param commands what its commands tell
 * @param java this Java, which agents will run on as well
 */
public record Host(HostFiles files, Commands commands, JavaFacts java) {
    /** The one that this process runs on. */
    public static Host here() {
        return new Host(new HostFiles(Path.of("/")), new SystemCommands(), JavaFacts.here());
    }
}
