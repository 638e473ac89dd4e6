package dev.freshet.deploy.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.freshet.common.InputException;
import dev.freshet.common.keys.KeyDirectory;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.common.zmq.CurveKeys;
import dev.freshet.coordinator.run.RunRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What one run adds to the descriptors that ship: its plan, fresh keys, the image and how many agents. Written as a Kustomize overlay. */
final class Overlay {
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final long MEBI = 1 << 20;
    private static final long HEAP_MIB = 128;

    /** Queues and receive buffers take a few MiB; those of the reference engine hold 64 MiB, or a few messages if those are larger. */
    private static final long BUFFERS_MIB = 256;

    private static final long LARGE_MESSAGES = 8;

    /** The virtual machine itself, its code and its threads. */
    private static final long OTHER_MIB = 384;

    /** For what comes before T0 and after the last answer; a longer run would have its agents ended. */
    private static final Duration AROUND = Duration.ofHours(2);

    private final RunRequest request;
    private final String image;

    Overlay(RunRequest request, String image) {
        if (image == null || image.isBlank()) {
            throw new InputException("--image: names the image of the pods, and is needed with --kubernetes");
        }
        this.request = request;
        this.image = image;
    }

    /**
     * Writes it.
     *
     * @param base the descriptors that ship; Kustomize wants them below
     * @param directory empty, and private: it will hold keys
     */
    void write(Path base, Path directory) throws IOException {
        copy(base, Files.createDirectory(directory.resolve("base")));
        Path keys = directory.resolve("keys");
        List<String> agents = Stream.concat(request.producers().stream(), request.consumers().stream())
                .toList();
        new KeyDirectory(keys).add(agents, CurveKeys::generate);
        Files.writeString(directory.resolve("plan.yaml"), PlanYaml.write(request.plan()));
        YAML.writeValue(directory.resolve("kustomization.yaml").toFile(), kustomization());
    }

    private static void copy(Path base, Path to) throws IOException {
        if (!Files.isRegularFile(base.resolve("kustomization.yaml"))) {
            throw new InputException(
                    "--kubernetes: its descriptors are not in " + base + ": run freshet from a distribution");
        }
        try (Stream<Path> files = Files.list(base)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private Map<String, Object> kustomization() {
        Map<String, Object> overlay = new LinkedHashMap<>();
        overlay.put("apiVersion", "kustomize.config.k8s.io/v1beta1");
        overlay.put("kind", "Kustomization");
        overlay.put("resources", List.of("base"));
        overlay.put("images", List.of(image()));
        overlay.put("generatorOptions", Map.of("labels", Map.of("app.kubernetes.io/name", "freshet")));
        overlay.put("configMapGenerator", List.of(generated("freshet-plan", List.of("plan.yaml"))));
        List<Object> secrets = new ArrayList<>();
        secrets.add(generated("freshet-coordinator-keys", List.of("keys/coordinator.key", "keys/allowed")));
        List<Object> patches = new ArrayList<>();
        patches.add(job("producer", request.producers().size(), 1));
        secrets.add(generated("freshet-producer-keys", keyFiles(request.producers())));
        if (request.consumers().isEmpty()) {
            patches.add(Map.of("patch", text(without("freshet-consumers"))));
        } else {
            patches.add(job(
                    "consumer", request.consumers().size(), request.producers().size()));
            secrets.add(generated("freshet-consumer-keys", keyFiles(request.consumers())));
        }
        overlay.put("secretGenerator", secrets);
        overlay.put("patches", patches);
        return overlay;
    }

    /** An image's name as Kustomize takes it, in its parts: {@code host:5000/path/name:tag@digest}. */
    private Map<String, Object> image() {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("name", "freshet");
        String rest = image;
        int digest = rest.indexOf('@');
        if (digest >= 0) {
            parts.put("digest", rest.substring(digest + 1));
            rest = rest.substring(0, digest);
        }
        int tag = rest.lastIndexOf(':');
        if (tag > rest.lastIndexOf('/')) {
            parts.put("newTag", rest.substring(tag + 1));
            rest = rest.substring(0, tag);
        }
        parts.put("newName", rest);
        return parts;
    }

    private static Map<String, Object> generated(String name, List<String> files) {
        return Map.of("name", name, "files", files);
    }

    private static List<String> keyFiles(List<String> agents) {
        return agents.stream().map(agent -> "keys/agents/" + agent + ".key").toList();
    }

    private Map<String, Object> job(String role, int count, int connections) {
        Plan plan = request.plan();
        long direct = BUFFERS_MIB + LARGE_MESSAGES * plan.sizes().maxSizeBytes() * plan.channels() * connections / MEBI;
        String memory = HEAP_MIB + direct + OTHER_MIB + "Mi";
        Map<String, Object> agent = Map.of(
                "name",
                "agent",
                "env",
                List.of(Map.of(
                        "name",
                        "FRESHET_JVM",
                        "value",
                        "-Xmx" + HEAP_MIB + "m -XX:MaxDirectMemorySize=" + direct + "m -XX:+ExitOnOutOfMemoryError")),
                "resources",
                Map.of("requests", Map.of("memory", memory), "limits", Map.of("memory", memory)));
        Map<String, Object> spec = Map.of(
                "completions",
                count,
                "parallelism",
                count,
                "activeDeadlineSeconds",
                AROUND.plus(plan.warmup())
                        .plus(plan.duration())
                        .plus(plan.drain())
                        .toSeconds(),
                "template",
                Map.of("spec", Map.of("containers", List.of(agent))));
        Map<String, Object> job = named("freshet-" + role + "s");
        job.put("spec", spec);
        return Map.of("patch", text(job));
    }

    private static Map<String, Object> without(String job) {
        Map<String, Object> patch = named(job);
        patch.put("$patch", "delete");
        return patch;
    }

    private static Map<String, Object> named(String job) {
        Map<String, Object> patch = new LinkedHashMap<>();
        patch.put("apiVersion", "batch/v1");
        patch.put("kind", "Job");
        patch.put("metadata", Map.of("name", job));
        return patch;
    }

    private static String text(Map<String, Object> patch) {
        try {
            return YAML.writeValueAsString(patch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
