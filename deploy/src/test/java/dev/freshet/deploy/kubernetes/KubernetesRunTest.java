package dev.freshet.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.coordinator.run.RunRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs on a cluster, with a stand-in for kubectl: it plays pods, their log and their files, or starts coordinator and agents as processes. What
 * a real API server makes of the descriptors is not shown here.
 */
@Timeout(120)
@Tag("once")
class KubernetesRunTest {
    private static final String RUNNING =
            "\"phase\": \"Running\", \"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]";

    @TempDir
    private Path directory;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private Path state;
    private Path out;

    @BeforeEach
    void stand_in() throws IOException {
        state = Files.createDirectory(directory.resolve("state"));
        out = directory.resolve("out");
        Files.copy(
                Path.of("src", "test", "kubernetes", "kubectl"),
                state.resolve("kubectl"),
                StandardCopyOption.COPY_ATTRIBUTES);
        pods(
                pod("coordinator", "k", RUNNING),
                pod("producer", "p1", RUNNING),
                pod("producer", "p2", RUNNING),
                pod("consumer", "c1", RUNNING));
    }

    @AfterEach
    void no_key_is_left() throws IOException {
        if (Files.exists(state.resolve("calls"))) {
            for (String call : calls()) {
                if (call.contains(" create ") || call.startsWith("create ")) {
                    assertThat(Path.of(call.replaceAll(".*--kustomize=(\\S+).*", "$1")))
                            .doesNotExist();
                }
            }
        }
    }

    private static String pod(String component, String name, String status) {
        return "{\"metadata\": {\"name\": \"freshet-" + name + "\", \"labels\": {\"app.kubernetes.io/component\": \""
                + component + "\"}}, \"status\": {" + status + "}}";
    }

    private void pods(String... pods) throws IOException {
        Files.writeString(state.resolve("pods.json"), "{\"items\": [" + String.join(", ", pods) + "]}");
    }

    private void log(String... lines) throws IOException {
        Files.write(state.resolve("log"), List.of(lines));
    }

    private void results(String name) throws IOException {
        Path agents =
                Files.createDirectories(state.resolve("results").resolve(name).resolve("agents"));
        Files.writeString(agents.resolveSibling("summary.json"), "{}");
        Files.writeString(agents.resolve("p1"), "recorded");
    }

    private static Plan plan(String duration) {
        PlanBuilder builder = new PlanBuilder();
        builder.set("--agents", "agents", "2");
        builder.set("--rate", "rate", "100/s");
        builder.set("--size", "size", "1KiB");
        builder.set("--duration", "duration", duration);
        builder.set("--warmup", "warmup", "0s");
        return builder.build();
    }

    private KubernetesRun run(Duration patience) {
        return run(plan("2s"), patience);
    }

    private KubernetesRun run(Plan plan, Duration patience) {
        return new KubernetesRun(
                RunRequest.launched(plan, out),
                new KubernetesRun.Target(
                        state.resolve("kubectl").toString(),
                        "lab",
                        "load",
                        "freshet:1",
                        DescriptorsTest.BASE,
                        patience),
                said::add,
                () -> {});
    }

    private FetchedRun carryOut() throws Exception {
        return run(Duration.ofSeconds(30)).carryOut();
    }

    private List<String> problems(Duration patience) {
        return catchThrowableOfType(ClusterUnusable.class, () -> run(patience).carryOut())
                .problems();
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(state.resolve("calls"));
    }

    private void deleted() throws IOException {
        assertThat(calls().subList(calls().size() - 2, calls().size()))
                .satisfiesExactly(
                        objects -> assertThat(objects)
                                .contains(
                                        "delete",
                                        "deployment.apps/freshet-coordinator",
                                        "job.batch/freshet-producers",
                                        "secret/"),
                        pods -> assertThat(pods).contains("delete pods", "--grace-period="));
    }

    @Test
    void a_run_is_made_followed_fetched_and_deleted() throws Exception {
        log("GATHERING", "   1 s measured", "freshet: result 1 /results/20261124-run");
        results("20261124-run");
        FetchedRun run = carryOut();
        assertThat(run).isEqualTo(new FetchedRun(1, out.resolve("20261124-run")));
        assertThat(run.directory().resolve("agents/p1")).hasContent("recorded");
        try (Stream<Path> all = Files.list(out)) {
            assertThat(all).containsExactly(run.directory());
        }
        assertThat(said).containsSequence("GATHERING", "   1 s measured").noneMatch(line -> line.contains("result 1"));
        assertThat(calls()).allMatch(call -> call.startsWith("--context=lab --namespace=load "));
        assertThat(state.resolve("mode")).hasContent("700");
        String commands = String.join("\n", calls());
        for (Path key :
                List.of(state.resolve("overlay/keys/coordinator.key"), state.resolve("overlay/keys/agents/p1.key"))) {
            String secret = Files.readAllLines(key).stream()
                    .filter(line -> line.startsWith("secret "))
                    .findFirst()
                    .orElseThrow();
            assertThat(commands).doesNotContain(secret.substring(7));
        }
        deleted();
    }

    @Test
    void a_connection_to_the_log_that_breaks_loses_and_repeats_no_line() throws Exception {
        Files.writeString(state.resolve("cut"), "2");
        log("one", "two", "three", "freshet: result 3 -");
        assertThat(carryOut()).isEqualTo(new FetchedRun(3, null));
        assertThat(said.stream().filter(line -> !line.startsWith("freshet:"))).containsExactly("one", "two", "three");
    }

    @Test
    void an_image_that_cannot_be_pulled_is_named_at_once() throws Exception {
        String waiting =
                "\"phase\": \"Pending\", \"initContainerStatuses\": [{\"name\": \"key\", \"state\": {\"waiting\": {\"reason\":"
                        + " \"ImagePullBackOff\", \"message\": \"Back-off pulling image \\\"freshet:1\\\"\"}}}]";
        pods(
                pod("coordinator", "k", RUNNING),
                pod("producer", "p1", waiting),
                pod("producer", "p2", RUNNING),
                pod("consumer", "c1", RUNNING));
        assertThat(problems(Duration.ofHours(1)))
                .containsExactly("pod freshet-p1: ImagePullBackOff: Back-off pulling image \"freshet:1\"");
        deleted();
    }

    @Test
    void a_pod_that_no_node_takes_is_waited_for_and_then_named_with_those_that_are_not_there() throws Exception {
        String pending =
                "\"phase\": \"Pending\", \"conditions\": [{\"type\": \"PodScheduled\", \"status\": \"False\", \"reason\":"
                        + " \"Unschedulable\", \"message\": \"0/3 nodes are available: 3 Insufficient cpu.\"}]";
        pods(pod("coordinator", "k", RUNNING), pod("producer", "p1", RUNNING), pod("producer", "p2", pending));
        assertThat(problems(Duration.ofSeconds(2)))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo(
                                        "pod freshet-p2: Unschedulable: 0/3 nodes are available: 3 Insufficient cpu."),
                        line -> assertThat(line).contains("0 of 1 pods of job/freshet-consumers"));
        assertThat(said).anyMatch(line -> line.contains("waiting for pod freshet-p2: Unschedulable"));
        deleted();
    }

    @Test
    void a_coordinator_that_was_started_again_is_named_with_how_it_ended() throws Exception {
        pods(pod(
                "coordinator",
                "k",
                RUNNING + ", \"containerStatuses\": [{\"name\": \"coordinator\", \"restartCount\": 1, \"state\":"
                        + " {\"running\": {}}, \"lastState\": {\"terminated\": {\"exitCode\": 70}}}]"));
        assertThat(problems(Duration.ofHours(1)).get(0)).contains("freshet-k", "status 70", "started again");
        deleted();
    }

    @Test
    void an_agent_that_failed_and_was_replaced_is_no_problem() throws Exception {
        pods(
                pod("coordinator", "k", RUNNING),
                pod("producer", "p1", "\"phase\": \"Failed\""),
                pod("producer", "p1-again", RUNNING),
                pod("producer", "p2", RUNNING),
                pod("consumer", "c1", RUNNING));
        log("freshet: result 0 -");
        assertThat(carryOut().exitCode()).isZero();
    }

    @Test
    void an_interruption_while_pods_are_waited_for_deletes_them() throws Exception {
        pods(pod("coordinator", "k", "\"phase\": \"Pending\""));
        KubernetesRun run = run(Duration.ofHours(1));
        CompletableFuture<FetchedRun> ended = start(run);
        await("waiting for");
        run.interrupt();
        assertThat(ended.get(30, TimeUnit.SECONDS)).isNull();
        deleted();
    }

    @Test
    void an_interrupted_run_ends_in_order_and_its_books_are_fetched() throws Exception {
        log("   1 s measured");
        Files.writeString(state.resolve("last"), "STOPPED\nfreshet: result 130 /results/part\n");
        results("part");
        KubernetesRun run = run(Duration.ofSeconds(30));
        CompletableFuture<FetchedRun> ended = start(run);
        await("   1 s measured");
        run.interrupt();
        assertThat(ended.get(30, TimeUnit.SECONDS)).isEqualTo(new FetchedRun(130, out.resolve("part")));
        assertThat(said).contains("STOPPED");
        deleted();
    }

    @Test
    void a_run_beside_another_is_refused_and_touches_nothing() throws Exception {
        Files.writeString(state.resolve("found"), "deployment.apps/freshet-coordinator\n");
        assertThat(problems(Duration.ofSeconds(1)).get(0))
                .contains("another run", "deployment.apps/freshet-coordinator");
        assertThat(calls()).hasSize(1);
    }

    @Test
    void results_that_do_not_come_whole_stay_in_the_cluster_and_that_is_said() throws Exception {
        log("freshet: result 0 /results/gone");
        Files.createDirectory(state.resolve("results"));
        assertThat(problems(Duration.ofSeconds(30)).get(0)).contains("/results/gone", "kubectl cp", "kubectl delete");
        assertThat(calls()).noneMatch(call -> call.contains("delete"));
        try (Stream<Path> all = Files.list(out)) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void a_result_line_with_a_path_of_its_own_is_no_result_line() throws Exception {
        log("freshet: result 0 /results/../etc", "freshet: result 0 /results/.x", "freshet: result 0 -");
        assertThat(carryOut().directory()).isNull();
        assertThat(said).contains("freshet: result 0 /results/../etc");
    }

    @Test
    void a_cluster_that_refuses_is_quoted() throws Exception {
        Files.delete(state.resolve("pods.json"));
        assertThat(problems(Duration.ofSeconds(30)).get(0)).contains("pods.json");
        assertThatThrownBy(() -> new KubernetesRun(
                                RunRequest.launched(plan("2s"), out),
                                new KubernetesRun.Target(
                                        directory.resolve("none").toString(),
                                        null,
                                        null,
                                        "x",
                                        DescriptorsTest.BASE,
                                        Duration.ofSeconds(1)),
                                said::add,
                                () -> {})
                        .carryOut())
                .isInstanceOf(ClusterUnusable.class)
                .hasMessageContaining("none");
    }

    @Test
    void the_keys_plan_and_commands_carry_a_real_run() throws Exception {
        real();
        FetchedRun run = carryOut();
        assertThat(run.exitCode()).as(String.join("\n", said)).isZero();
        assertThat(Files.readString(run.directory().resolve("summary.json"))).contains("\"balanced\" : true");
        deleted();
    }

    @Test
    void a_real_run_that_is_interrupted_keeps_its_books() throws Exception {
        real();
        KubernetesRun run = run(plan("600s"), Duration.ofSeconds(30));
        CompletableFuture<FetchedRun> ended = start(run);
        await("   1 s measured");
        run.interrupt();
        FetchedRun fetched = ended.get(60, TimeUnit.SECONDS);
        assertThat(fetched.exitCode()).as(String.join("\n", said)).isEqualTo(130);
        assertThat(Files.readString(fetched.directory().resolve("summary.json")))
                .contains("\"state\" : \"stopped\"");
    }

    /** Has the stand-in start coordinator and agents as processes of this machine. */
    private void real() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(state.resolve("port"), String.valueOf(free.getLocalPort()));
        }
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dio.netty.noUnsafe=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.freshet.deploy.Freshet"));
        Files.writeString(state.resolve("freshet"), command.stream().collect(Collectors.joining(" ")));
    }

    private static CompletableFuture<FetchedRun> start(KubernetesRun run) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return run.carryOut();
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
    }

    private void await(String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (said.stream().noneMatch(line -> line.contains(text))) {
            assertThat(System.nanoTime())
                    .as("waited in vain for '" + text + "': " + said)
                    .isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
