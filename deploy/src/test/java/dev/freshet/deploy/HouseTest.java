package dev.freshet.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The house: who may know whom. What is written here is the whole map; an arrow that is not here fails the build. */
class HouseTest {
    private static final String BASE = "dev.freshet.";

    /** Each package with the packages that it knows. {@code mvn -pl deploy test -Dtest=HouseTest} shows a difference. */
    private static final String MAP = """
            agent.consumer -> agent.run common common.control common.measure common.plan common.time common.wire common.zmq
            agent.monitor -> common common.control common.time
            agent.producer -> agent.run common common.control common.measure common.plan common.time common.wire common.zmq
            """;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.freshet");

    @Test
    void modules_know_only_whom_they_may_know() {
        noClasses()
                .that()
                .resideInAPackage("..common..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.freshet.agent..",
                        "dev.freshet.coordinator..",
                        "dev.freshet.deploy..",
                        "io.vertx..",
                        "picocli..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.freshet.agent..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.freshet.coordinator..", "dev.freshet.deploy..", "io.vertx..", "picocli..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.freshet.coordinator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.freshet.agent..", "dev.freshet.deploy..", "picocli..")
                .check(CLASSES);
    }
}
