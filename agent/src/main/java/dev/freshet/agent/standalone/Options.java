package dev.freshet.agent.standalone;

import dev.freshet.common.InputException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The rules that options of both standalone commands share. */
final class Options {
    private static final int MAX_PORT = 65535;

    private Options() {}

    /** @param least 0 where any free port will do, else 1 */
    static void port(String option, int port, int least) {
        if (port < least || port > MAX_PORT) {
            throw new InputException(option + ": " + port + " is not a port (from " + least + " to " + MAX_PORT + ")");
        }
    }

    static void count(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new InputException(option + ": " + value + " is not from 1 to " + most);
        }
    }

    /** A host must have an address now: nobody waits for a name that does not exist. */
    static void host(String option, String host) {
        try {
            if (!host.isBlank()) {
                InetAddress.getByName(host);
                return;
            }
        } catch (UnknownHostException e) {
            // told below, like no name at all
        }
        throw new InputException(option + ": '" + host + "' is not a host that is known here");
    }
}
