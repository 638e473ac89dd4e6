package dev.freshet.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The house: who may know whom. {@code docs/architecture.md} shows the map of all packages, and this test holds it against the classes; an
 * arrow that is not on the map fails the build, and so does one on the map that nobody uses.
 */
class HouseTest {
    private static final String BASE = "dev.freshet.";
    private static final Path MAP = Path.of("..", "docs", "architecture.md");

    /** Where ZeroMQ's sockets may be touched: few, named classes. */
    private static final Set<String> SOCKET_OWNERS = Set.of(
            "common.zmq.SafeContext",
            "common.zmq.BoundedMessages",
            "common.zmq.CurveKeys",
            "common.zmq.Doorkeeper",
            "common.zmq.Gate",
            "common.zmq.GuardedAllocator",
            "common.zmq.Mailbox",
            "common.zmq.WakeUp",
            "agent.session.ControlLink",
            "agent.session.Dial",
            "agent.producer.JeromqPublisher",
            "agent.producer.MessageRing",
            "agent.producer.SharedFrame",
            "agent.producer.StartServer",
            "agent.consumer.StartCall",
            "coordinator.channel.ControlChannel");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes") && !location.contains("-tests.jar"))
            .importPackages("dev.freshet");

    @Test
    void the_map_of_packages_is_the_one_that_the_documentation_shows() throws IOException {
        TreeMap<String, Set<String>> arrows = new TreeMap<>();
        for (JavaClass from : CLASSES) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                String to = dependency.getTargetClass().getPackageName();
                if (to.startsWith("dev.freshet") && !to.equals(from.getPackageName())) {
                    arrows.computeIfAbsent(room(from.getPackageName()), name -> new TreeSet<>())
                            .add(room(to));
                }
            }
        }
        String map = arrows.entrySet().stream()
                .map(room -> room.getKey() + " -> " + String.join(" ", room.getValue()))
                .collect(Collectors.joining("\n"));
        assertThat(Files.readString(MAP))
                .as("docs/architecture.md shows the map of packages")
                .contains("```\n" + map + "\n```");
    }

    private static String room(String packageName) {
        return packageName.substring(BASE.length());
    }

    @Test
    void modules_know_only_whom_they_may_know() {
        noDependency(
                "dev.freshet.common..", "dev.freshet.agent..", "dev.freshet.coordinator..", "dev.freshet.deploy..");
        noDependency("dev.freshet.agent..", "dev.freshet.coordinator..", "dev.freshet.deploy..");
        noDependency("dev.freshet.coordinator..", "dev.freshet.agent..", "dev.freshet.deploy..");
    }

    @Test
    void no_two_packages_know_each_other() {
        slices().matching("dev.freshet.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void libraries_stay_in_their_rooms() {
        noDependency("dev.freshet.common..", "io.vertx..", "picocli..", "org.slf4j..", "oshi..");
        noDependency("dev.freshet.agent..", "io.vertx..", "picocli..");
        noDependency("dev.freshet.coordinator..", "picocli..", "oshi..");
        noDependency("dev.freshet.coordinator.books..", "io.vertx..");
        noDependency("dev.freshet.coordinator.results..", "io.vertx..");
        noDependency("dev.freshet.deploy..", "io.vertx..", "oshi..");
    }

    private static void noDependency(String from, String... to) {
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(to)
                .check(CLASSES);
    }

    @Test
    void sockets_are_touched_by_few_named_classes() {
        Set<String> touching = CLASSES.stream()
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                dependency.getTargetClass().getPackageName().matches("(org\\.zeromq|zmq)(\\..*)?")))
                .map(type -> type.getName().substring(BASE.length()).replaceAll("\\$.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(touching).isEqualTo(new TreeSet<>(SOCKET_OWNERS));
    }
}
