package dev.freshet.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.Freshet;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The descriptors that ship, and what a run adds to them. */
class DescriptorsTest {
    static final Path BASE = Path.of("src", "dist", "deploy", "kubernetes");

    @TempDir
    private Path directory;

    private static Descriptors base() throws IOException {
        StringBuilder documents = new StringBuilder();
        try (Stream<Path> files = Files.list(BASE)) {
            for (Path file : files.sorted().toList()) {
                if (!file.endsWith("kustomization.yaml")) {
                    documents.append("---\n").append(Files.readString(file));
                }
            }
        }
        return Descriptors.parse(documents.toString());
    }

    private static Plan plan(String... keysAndValues) {
        PlanBuilder builder = new PlanBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            builder.set("--" + keysAndValues[i], keysAndValues[i], keysAndValues[i + 1]);
        }
        return builder.build();
    }

    /** What kubectl makes of the overlay of a run. */
    private Descriptors rendered(Plan plan, String image) throws Exception {
        Path overlay = Files.createDirectory(directory.resolve("overlay"));
        new Overlay(RunRequest.launched(plan, directory), image).write(BASE, overlay);
        Path out = directory.resolve("rendered");
        Process kubectl;
        try {
            kubectl = new ProcessBuilder("kubectl", "kustomize", overlay.toString())
                    .redirectOutput(out.toFile())
                    .redirectError(directory.resolve("errors").toFile())
                    .start();
        } catch (IOException e) {
            if (System.getenv("CI") != null) {
                return fail("CI must have kubectl 1.21 or newer");
            }
            System.err.println("SKIPPED: rendering descriptors needs kubectl 1.21 or newer");
            return abort("needs kubectl");
        }
        assertThat(kubectl.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(directory.resolve("errors")).isEmptyFile();
        return Descriptors.parse(Files.readString(out));
    }

    @Test
    void a_field_that_the_api_does_not_know_is_an_error_at_every_depth() throws IOException {
        String good = Files.readString(BASE.resolve("producers.yaml"));
        Descriptors.parse(good);
        for (String field : List.of("completionMode", "runAsNonRoot", "mountPath", "defaultMode", "maxSkew")) {
            assertThatThrownBy(() -> Descriptors.parse(good.replace(field + ":", field + "s:")))
                    .as(field)
                    .hasMessageContaining("\"" + field + "s\"");
        }
        assertThatThrownBy(() -> Descriptors.parse(good + "    spec: {}\n")).hasMessageContaining("spec");
    }

    @Test
    void every_pod_is_confined() throws IOException {
        assertThat(base().pods()).hasSize(3).allSatisfy(DescriptorsTest::confined);
    }

    private static void confined(PodTemplateSpec template) {
        PodSpec pod = template.getSpec();
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getTerminationGracePeriodSeconds()).isPositive();
        List<Container> containers = new ArrayList<>(pod.getInitContainers());
        containers.addAll(pod.getContainers());
        assertThat(containers).hasSize(2).allSatisfy(container -> {
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getSecurityContext().getPrivileged()).isNull();
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsKey("memory");
        });
        assertThat(pod.getVolumes())
                .filteredOn(volume -> volume.getSecret() != null)
                .singleElement()
                .satisfies(volume ->
                        assertThat(volume.getSecret().getDefaultMode()).isEqualTo(0400));
        assertThat(pod.getContainers().get(0).getVolumeMounts())
                .as("a key is seen only by the container that copies it")
                .noneMatch(mount -> mount.getName().equals("secrets"))
                .anyMatch(mount ->
                        mount.getName().equals("tmp") && mount.getMountPath().equals("/tmp"));
        assertThat(pod.getVolumes()).extracting(Volume::getHostPath).containsOnlyNulls();
    }

    @Test
    void nothing_goes_in_or_out_but_what_a_run_needs() throws IOException {
        Descriptors base = base();
        NetworkPolicy all = base.the(NetworkPolicy.class, "freshet-default");
        assertThat(all.getSpec().getPolicyTypes()).containsExactlyInAnyOrder("Ingress", "Egress");
        assertThat(all.getSpec().getIngress()).isEmpty();
        assertThat(all.getSpec().getEgress()).isEmpty();
        assertThat(all.getSpec().getPodSelector().getMatchLabels())
                .isEqualTo(Map.of("app.kubernetes.io/name", "freshet"));
        assertThat(base.pods())
                .allSatisfy(pod ->
                        assertThat(pod.getMetadata().getLabels()).containsEntry("app.kubernetes.io/name", "freshet"));

        NetworkPolicy coordinator = base.the(NetworkPolicy.class, "freshet-coordinator");
        assertThat(ports(coordinator.getSpec().getIngress().get(0).getPorts())).containsExactly("TCP 5550");
        assertThat(coordinator.getSpec().getEgress()).isEmpty();
        for (String[] pair : new String[][] {{"producer", "consumer"}, {"consumer", "producer"}}) {
            var policy =
                    base.the(NetworkPolicy.class, "freshet-" + pair[0] + "s").getSpec();
            assertThat(policy.getPodSelector().getMatchLabels()).containsEntry("app.kubernetes.io/component", pair[0]);
            assertThat(policy.getIngress()).singleElement().satisfies(rule -> {
                assertThat(ports(rule.getPorts())).containsExactly("TCP 1024-65535");
                assertThat(rule.getFrom().get(0).getPodSelector().getMatchLabels())
                        .containsEntry("app.kubernetes.io/component", pair[1]);
            });
            assertThat(policy.getEgress()).singleElement().satisfies(rule -> {
                assertThat(ports(rule.getPorts())).containsExactly("TCP 1024-65535");
                assertThat(rule.getTo().get(0).getPodSelector().getMatchLabels())
                        .containsEntry("app.kubernetes.io/component", pair[1]);
            });
        }
        var agents = base.the(NetworkPolicy.class, "freshet-agents").getSpec();
        assertThat(agents.getEgress()).hasSize(2);
        assertThat(ports(agents.getEgress().get(0).getPorts())).containsExactly("TCP 5550");
        assertThat(ports(agents.getEgress().get(1).getPorts())).containsExactly("UDP 53", "TCP 53");
    }

    private static List<String> ports(List<NetworkPolicyPort> ports) {
        return ports.stream()
                .map(port -> port.getProtocol() + " " + port.getPort().getIntVal()
                        + (port.getEndPort() == null ? "" : "-" + port.getEndPort()))
                .toList();
    }

    @Test
    void what_the_containers_run_are_commands_that_there_are() throws IOException {
        for (PodTemplateSpec pod : base().pods()) {
            String[] arguments = pod.getSpec().getContainers().get(0).getArgs().toArray(new String[0]);
            CommandLine.ParseResult parsed = new CommandLine(new Freshet()).parseArgs(arguments);
            assertThat(parsed.subcommand().commandSpec().name()).isIn("coordinator", "agent");
        }
        Service service = base().the(Service.class, "freshet-coordinator");
        assertThat(service.getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getPort()).isEqualTo(5550));
        Deployment coordinator = base().the(Deployment.class, "freshet-coordinator");
        assertThat(coordinator.getSpec().getTemplate().getMetadata().getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector())
                .containsAllEntriesOf(coordinator.getSpec().getSelector().getMatchLabels());
        assertThat(coordinator.getSpec().getStrategy().getType()).isEqualTo("Recreate");
    }

    @Test
    void the_overlay_of_a_run_has_its_counts_image_plan_keys_and_memory() throws Exception {
        Plan plan = plan("agents", "3", "consumers", "2", "size", "32MiB", "rate", "9/s", "duration", "10h");
        Descriptors rendered = rendered(plan, "registry.example:5000/team/freshet:0.1.0");

        assertThat(rendered.pods())
                .hasSize(3)
                .allSatisfy(DescriptorsTest::confined)
                .allSatisfy(pod -> {
                    assertThat(pod.getSpec().getContainers().get(0).getImage())
                            .isEqualTo("registry.example:5000/team/freshet:0.1.0");
                    assertThat(pod.getSpec().getInitContainers().get(0).getImage())
                            .isEqualTo("registry.example:5000/team/freshet:0.1.0");
                });
        assertThat(PlanYaml.write(plan))
                .isEqualTo(rendered.generated(ConfigMap.class, "freshet-plan")
                        .getData()
                        .get("plan.yaml"));
        job(rendered, "producer", 3, "p1.key", "p2.key", "p3.key");
        job(rendered, "consumer", 2, "c1.key", "c2.key");
        Secret coordinator = rendered.generated(Secret.class, "freshet-coordinator-keys");
        assertThat(coordinator.getData()).containsOnlyKeys("coordinator.key", "allowed");
        assertThat(text(coordinator, "allowed").lines().filter(line -> !line.startsWith("#")))
                .hasSize(5);

        Container producer = agent(rendered, "producer");
        assertThat(producer.getEnv().get(0).getValue()).contains("-XX:MaxDirectMemorySize=512m");
        assertThat(producer.getResources().getLimits().get("memory")).isEqualTo(new Quantity("1024Mi"));
        assertThat(agent(rendered, "consumer").getEnv().get(0).getValue()).contains("-XX:MaxDirectMemorySize=1024m");
        assertThat(rendered.the(Job.class, "freshet-producers").getSpec().getActiveDeadlineSeconds())
                .isGreaterThan(11 * 3600);
    }

    private static Container agent(Descriptors rendered, String role) {
        return rendered.the(Job.class, "freshet-" + role + "s")
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
    }

    private static void job(Descriptors rendered, String role, int count, String... keys) {
        Job job = rendered.the(Job.class, "freshet-" + role + "s");
        assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
        assertThat(job.getSpec().getCompletions()).isEqualTo(count);
        assertThat(job.getSpec().getParallelism()).isEqualTo(count);
        assertThat(job.getSpec().getBackoffLimitPerIndex()).isBetween(0, 3);
        PodSpec pod = job.getSpec().getTemplate().getSpec();
        assertThat(pod.getRestartPolicy()).isEqualTo("Never");
        assertThat(pod.getTopologySpreadConstraints())
                .singleElement()
                .satisfies(spread -> assertThat(spread.getTopologyKey()).isEqualTo("kubernetes.io/hostname"));
        Secret secret = rendered.generated(Secret.class, "freshet-" + role + "-keys");
        assertThat(secret.getData()).containsOnlyKeys(keys);
        assertThat(text(secret, keys[0])).contains("agent " + keys[0].replace(".key", ""), "secret ", "coordinator ");
        assertThat(pod.getVolumes().stream()
                        .filter(volume -> volume.getSecret() != null)
                        .toList())
                .singleElement()
                .satisfies(volume -> assertThat(volume.getSecret().getSecretName())
                        .isEqualTo(secret.getMetadata().getName()));
    }

    private static String text(Secret secret, String key) {
        return new String(Base64.getMimeDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
    }

    @Test
    void a_plan_without_consumers_of_ours_has_no_job_for_them() throws Exception {
        Descriptors rendered = rendered(plan("agents", "1", "consumers", "0"), "freshet@sha256:" + "0".repeat(64));
        assertThat(rendered.of(Job.class))
                .extracting(job -> job.getMetadata().getName())
                .containsExactly("freshet-producers");
        assertThat(agent(rendered, "producer").getImage()).isEqualTo("freshet@sha256:" + "0".repeat(64));
    }

    @Test
    void a_run_without_an_image_is_refused() {
        assertThatThrownBy(() -> new Overlay(RunRequest.launched(plan(), directory), null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--image");
    }
}
