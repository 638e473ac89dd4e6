package dev.freshet.deploy.doctor.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.freshet.deploy.doctor.host.Commands;
import dev.freshet.deploy.doctor.host.Commands.Answer;
import dev.freshet.deploy.doctor.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a queueing discipline holds the interface's traffic back: left from an experiment, or put there on purpose. */
public final class RateLimitCheck implements Check {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> SHAPERS = Set.of("tbf", "htb", "hfsc", "cbq", "cake", "netem");
    private static final Pattern CLASS_CEILING = Pattern.compile("ceil (\\S+)");

    @Override
    public String name() {
        return "rate-limit";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        String link = intent.network().name();
        Answer answer = host.commands().run("tc", "-j", "qdisc", "show", "dev", link);
        if (!answer.given()) {
            return List.of(Finding.unknown(
                    name(), answer.problem(), "sudo apt-get install iproute2   # or: sudo dnf install iproute-tc"));
        }
        try {
            List<Finding> findings = new ArrayList<>();
            for (JsonNode queue : JSON.readTree(answer.text())) {
                judge(host.commands(), intent, queue, findings);
            }
            return findings.isEmpty() ? List.of(Finding.ok(name(), "nothing holds " + link + " back")) : findings;
        } catch (JsonProcessingException e) {
            return List.of(Finding.unknown(name(), "tc speaks no JSON; see: tc qdisc show dev " + link));
        }
    }

    private void judge(Commands commands, Intent intent, JsonNode queue, List<Finding> findings) {
        String kind = queue.path("kind").asText();
        String link = intent.network().name();
        JsonNode options = queue.path("options");
        // bytes per second under the name that each kind has for it
        double bytes = options.path("rate").isObject()
                ? options.path("rate").path("rate").asDouble()
                : Math.max(
                        options.path("rate").asDouble(),
                        options.path("bandwidth").asDouble());
        boolean harmless = kind.equals("cake") && bytes == 0; // a fair queue without a limit
        if (!SHAPERS.contains(kind) || harmless) {
            return;
        }
        double bits = bytes * Byte.SIZE;
        Double wanted = intent.bitsPerSecond();
        String limit = bytes > 0 ? Speed.text(bits) : ceilings(commands, kind, link);
        String text = link + " is held back by " + kind + limit(limit)
                + (queue.path("root").asBoolean() ? " at its root" : "");
        String remedy = "sudo tc qdisc del dev " + link + " root   # if it is not meant to be there";
        findings.add(
                wanted != null && bytes > 0 && wanted > bits
                        ? Finding.failure(name(), text + "; the messages need " + Speed.text(wanted), remedy)
                        : Finding.warning(name(), text, remedy));
    }

    private static String limit(String limit) {
        return limit.isEmpty() ? "" : " to " + limit;
    }

    /** The limits of a discipline that has them on its classes, in tc's own words. */
    private static String ceilings(Commands commands, String kind, String link) {
        if (!kind.equals("htb")) {
            return "";
        }
        Matcher ceiling = CLASS_CEILING.matcher(
                commands.run("tc", "class", "show", "dev", link).text());
        return String.join(
                ", ",
                ceiling.results()
                        .map(found -> found.group(1))
                        .distinct()
                        .limit(4)
                        .toList());
    }
}
