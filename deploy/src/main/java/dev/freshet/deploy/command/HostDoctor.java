package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.deploy.doctor.Checkup;
import dev.freshet.deploy.doctor.CheckupJson;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.Site;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Has {@code freshet doctor} look at a place on another host. */
final class HostDoctor {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HostAccess access;
    private final String advertise;

    /** @param advertise how the hosts reach this machine; null: as each of them sees it */
    HostDoctor(HostAccess access, String advertise) {
        this.access = access;
        this.advertise = advertise;
    }

    /**
     * Examines the interface that is named, or else the one that an agent there would take: by which this machine is reached.
     *
     * @param options more of {@code freshet doctor}
     * @throws IOException if the host does not answer as it should; the message says how
     */
    Checkup examine(Site place, List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("doctor", "--json"));
        command.addAll(
                place.interfaceName() != null
                        ? List.of("--interface", place.interfaceName())
                        : List.of("--towards", advertise != null ? advertise : access.seenFrom(place.host())));
        command.addAll(options);
        try {
            return CheckupJson.parse(place.host(), access.freshet(place.host(), command, PATIENCE));
        } catch (InputException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
