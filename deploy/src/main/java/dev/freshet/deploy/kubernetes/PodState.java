package dev.freshet.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a pod is, as {@code kubectl get pods -o json} has it.
 *
 * @param component coordinator, producer or consumer
 * @param up whether it does its work: the coordinator when it can be reached, an agent when its container runs
 * @param reason why it does not; empty if it does
 * @param hopeless whether no waiting will mend that; one that failed may be replaced
 */
record PodState(String name, String component, boolean up, String reason, boolean hopeless) {
    private static final Set<String> USUAL = Set.of("PodInitializing", "ContainerCreating");
    private static final Set<String> HOPELESS = Set.of(
            "ImagePullBackOff",
            "ErrImageNeverPull",
            "InvalidImageName",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError",
            "CrashLoopBackOff");

    static List<PodState> parse(String json) throws IOException {
        List<PodState> pods = new ArrayList<>();
        for (JsonNode pod : new ObjectMapper().readTree(json).path("items")) {
            pods.add(of(pod));
        }
        return pods;
    }

    private static PodState of(JsonNode pod) {
        String name = pod.at("/metadata/name").asText();
        String component =
                pod.at("/metadata/labels").path("app.kubernetes.io/component").asText();
        JsonNode status = pod.path("status");
        String phase = status.path("phase").asText();
        if (phase.equals("Failed") || phase.equals("Succeeded")) {
            return new PodState(name, component, false, ended(status, phase), false);
        }
        for (JsonNode container : containers(status)) {
            if (container.path("restartCount").asInt() > 0) {
                return new PodState(name, component, false, restarted(container), true); // what it did is lost
            }
            JsonNode waiting = container.at("/state/waiting");
            String reason = waiting.path("reason").asText();
            if (!waiting.isMissingNode() && !USUAL.contains(reason)) {
                return new PodState(name, component, false, told(waiting, reason), HOPELESS.contains(reason));
            }
        }
        if (component.equals("coordinator") ? isTrue(status, "Ready") : phase.equals("Running")) {
            return new PodState(name, component, true, "", false);
        }
        return new PodState(name, component, false, pending(status), false);
    }

    private static List<JsonNode> containers(JsonNode status) {
        List<JsonNode> all = new ArrayList<>();
        status.path("initContainerStatuses").forEach(all::add);
        status.path("containerStatuses").forEach(all::add);
        return all;
    }

    private static String restarted(JsonNode container) {
        JsonNode before = container.at("/lastState/terminated");
        return told(
                before,
                "its container '" + container.path("name").asText() + "' ended with status "
                        + before.path("exitCode").asInt() + " and was started again");
    }

    private static String ended(JsonNode status, String phase) {
        for (JsonNode container : containers(status)) {
            JsonNode terminated = container.at("/state/terminated");
            if (terminated.path("exitCode").asInt() != 0) {
                return told(
                        terminated,
                        "its container '" + container.path("name").asText() + "' ended with status "
                                + terminated.path("exitCode").asInt());
            }
        }
        return told(status, phase.equals("Failed") ? status.path("reason").asText("Failed") : "it has ended");
    }

    private static String pending(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("PodScheduled")
                    && condition.path("status").asText().equals("False")) {
                return told(condition, condition.path("reason").asText());
            }
        }
        return status.path("phase").asText().equals("Running") ? "not ready yet" : "its container is not made yet";
    }

    private static String told(JsonNode by, String reason) {
        String message = by.path("message").asText();
        return message.isBlank() ? reason : reason + ": " + message.strip().replaceAll("\\s+", " ");
    }

    private static boolean isTrue(JsonNode status, String type) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }
}
