package dev.freshet.agent.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * How fast an interface can send, as the system tells: the link's speed by the Linux kernel, or the limit of a token bucket (tc-tbf(8)) at the
 * root of its queue where that is lower.
 */
final class LinkSpeed {
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final long BITS_PER_MEGABIT = 1_000_000L;
    private static final long TC_SECONDS = 2;

    private LinkSpeed() {}

    /** In bits per second; null where the system tells neither, as for loopback and on other systems than Linux. */
    static Long bitsPerSecond(String interfaceName) {
        Long link = ofLink(INTERFACES.resolve(interfaceName));
        Long limit = limit(queue(interfaceName));
        if (link == null || limit == null) {
            return link == null ? limit : link;
        }
        return Math.min(link, limit);
    }

    static Long ofLink(Path interfaceFolder) {
        try {
            long megabits = Long.parseLong(
                    Files.readString(interfaceFolder.resolve("speed")).strip());
            return megabits > 0 ? megabits * BITS_PER_MEGABIT : null;
        } catch (IOException | NumberFormatException e) {
            return null; // reading it fails with EINVAL for an interface that has no speed
        }
    }

    /** What {@code tc} says of the interface's queue, as JSON; empty if there is no tc, or it does not answer. */
    private static String queue(String interfaceName) {
        try {
            Process tc = new ProcessBuilder("tc", "-j", "qdisc", "show", "dev", interfaceName)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!tc.waitFor(TC_SECONDS, TimeUnit.SECONDS)) { // the few lines it says fit into the pipe
                tc.destroyForcibly();
                return "";
            }
            return new String(tc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // not installed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** The rate of the token bucket at the root, which tc tells in bytes per second; null if there is none. */
    static Long limit(String queue) {
        try {
            for (JsonNode discipline : new ObjectMapper().readTree(queue)) {
                JsonNode rate = discipline.path("options").path("rate");
                if (discipline.path("root").asBoolean()
                        && discipline.path("kind").asText().equals("tbf")
                        && rate.isIntegralNumber()
                        && rate.asLong() > 0) {
                    return rate.asLong() * Byte.SIZE;
                }
            }
            return null;
        } catch (IOException e) {
            return null; // a tc that is too old to speak JSON
        }
    }
}
