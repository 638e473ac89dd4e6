package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as its users have it: unpacked somewhere, and started by {@code bin/freshet}. */
class DistributionIT {
    private static final String[] SMALL = {
        "run", "--agents", "1", "--rate", "50/s", "--size", "1KiB", "--duration", "1s", "--warmup", "0s"
    };

    /** What Java logs when a class of ours came from the class-data archive. */
    private static final String FROM_ARCHIVE = "dev.freshet.deploy.Freshet source: shared objects file (top)";

    @TempDir
    private Path directory;

    private Path top;

    @BeforeEach
    void unpack() throws Exception {
        top = Distribution.plain().unpack(directory);
    }

    /** Starts a command in a folder of its own, with the Java of this test. */
    private FreshetProcess start(Map<String, String> environment, List<String> command) throws IOException {
        Map<String, String> all = new HashMap<>(Map.of("JAVA_HOME", System.getProperty("java.home")));
        all.putAll(environment);
        return FreshetProcess.start(Files.createTempDirectory(directory, "work "), all, command);
    }

    private FreshetProcess freshet(Map<String, String> environment, String... arguments) throws IOException {
        return start(environment, command(top.resolve("bin/freshet"), arguments));
    }

    private static List<String> command(Path script, String... arguments) {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void succeeds(FreshetProcess freshet) throws InterruptedException {
        assertThat(freshet.exitCode()).as(freshet.stdout() + freshet.stderr()).isZero();
    }

    /** What it says in one line, having ended with exit code 2. */
    private static String refusal(FreshetProcess freshet) throws InterruptedException {
        assertThat(freshet.exitCode()).as(freshet.stdout() + freshet.stderr()).isEqualTo(2);
        assertThat(freshet.stderr().lines()).hasSize(1);
        return freshet.stderr();
    }

    private List<Path> added() throws IOException {
        try (Stream<Path> files = Files.list(top.resolve("lib"))) {
            return files.filter(file -> !file.toString().endsWith(".jar")).toList();
        }
    }

    @Test
    void it_runs_from_a_path_with_a_space_through_a_link_and_from_anywhere() throws Exception {
        Distribution.plain().unpack(directory.resolve("a folder"));
        Path link = Files.createSymbolicLink(directory.resolve("linked"), Path.of("a folder"));
        Path linkToLink = Files.createSymbolicLink(
                directory.resolve("freshet"), link.resolve(Distribution.top()).resolve("bin/freshet"));
        FreshetProcess version = start(Map.of(), command(linkToLink, "--version"));
        succeeds(version);
        assertThat(version.stdout())
                .isEqualTo("freshet " + System.getProperty("freshet.version") + " on Java " + Runtime.version() + "\n");

        FreshetProcess run = start(Map.of(), command(linkToLink, SMALL));
        succeeds(run);
        assertThat(new Results(run.results()).ledger("measured")).isEqualTo(50);
    }

    @Test
    void the_first_run_makes_the_class_data_archive_and_what_starts_no_agents_does_not() throws Exception {
        succeeds(freshet(Map.of(), "--version"));
        succeeds(freshet(Map.of(), "run", "--help"));
        succeeds(freshet(Map.of(), "run", "--dry-run"));
        assertThat(added()).isEmpty();

        succeeds(freshet(Map.of(), SMALL));
        assertThat(added()).hasSize(1);
        Path archive = added().get(0);
        assertThat(archive.getFileName().toString()).matches("classes-[0-9]+\\.jsa");
        FreshetProcess mapped = freshet(Map.of("FRESHET_JVM", "-Xlog:class+load:stdout"), "agent", "--help");
        succeeds(mapped);
        assertThat(mapped.stdout()).contains(FROM_ARCHIVE);
    }

    @Test
    void several_that_are_prepared_at_once_make_one_class_data_archive() throws Exception {
        List<FreshetProcess> together = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            together.add(freshet(Map.of(), "prepare"));
        }
        for (FreshetProcess freshet : together) {
            succeeds(freshet);
            assertThat(freshet.stderr()).isEmpty();
        }
        assertThat(added()).hasSize(1);
        assertThat(Files.size(added().get(0))).isPositive();
        Object made = Files.readAttributes(added().get(0), "unix:ino").get("ino");
        succeeds(freshet(Map.of(), "prepare"));
        assertThat(Files.readAttributes(added().get(0), "unix:ino").get("ino"))
                .as("one that is in place is not replaced")
                .isEqualTo(made);
    }

    @Test
    void an_installation_that_its_user_cannot_write_works_without_a_class_data_archive() throws Exception {
        List<String> asOther = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            Program.need("setpriv", "util-linux"); // nothing is read-only to root
            asOther.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        }
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(top.resolve("lib"), PosixFilePermissions.fromString("r-xr-xr-x"));
        Path out = Files.createDirectory(directory.resolve("out"));
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rwxrwxrwx"));

        List<String> prepare = new ArrayList<>(asOther);
        prepare.addAll(command(top.resolve("bin/freshet"), "prepare"));
        FreshetProcess prepared = start(Map.of(), prepare);
        succeeds(prepared);
        assertThat(prepared.stderr()).contains("cannot be written", "starts more slowly");

        List<String> run = new ArrayList<>(asOther);
        run.addAll(command(top.resolve("bin/freshet"), SMALL));
        run.addAll(List.of("--out", out.toString()));
        succeeds(start(Map.of(), run));
        assertThat(added()).isEmpty();
    }

    @Test
    void options_from_the_environment_win_over_its_own() throws Exception {
        FreshetProcess freshet = freshet(
                Map.of("FRESHET_JVM", "-Xmx64m  -XX:+UseParallelGC -XX:+PrintCommandLineFlags -Da=*"), "--version");
        succeeds(freshet);
        assertThat(freshet.stdout())
                .contains("-XX:MaxHeapSize=67108864", "-XX:+UseParallelGC")
                .doesNotContain("UseSerialGC");
    }

    @Test
    void it_tells_java_where_it_is_installed() throws Exception {
        FreshetProcess freshet = freshet(Map.of("FRESHET_JVM", "-XshowSettings:properties"), "--version");
        succeeds(freshet);
        assertThat(freshet.stderr()).contains("freshet.home = " + top.toRealPath() + "\n");
    }

    @Test
    void a_java_that_is_missing_or_too_old_is_named_in_one_line() throws Exception {
        Map<String, String> noJava = Map.of("JAVA_HOME", "", "PATH", tools().toString());
        assertThat(refusal(freshet(noJava, "--version"))).contains("Java 17 or newer", "none on the PATH");
        assertThat(refusal(freshet(Map.of("JAVA_HOME", "/nowhere"), "--version")))
                .contains("Java 17 or newer", "JAVA_HOME", "'/nowhere'");
        for (String old : List.of("11.0.2", "1.8.0_392")) {
            Path java = javaThatSays(old);
            assertThat(refusal(freshet(Map.of("JAVA_HOME", java.toString()), "--version")))
                    .contains("Java 17 or newer", java + "/bin/java", "is " + old);
        }
    }

    private Path javaThatSays(String version) throws IOException {
        Path home = Files.createTempDirectory(directory, "java");
        script(
                Files.createDirectory(home.resolve("bin")).resolve("java"),
                "echo 'openjdk version \"" + version + "\" 2019-01-15' >&2");
        return home;
    }

    private static void script(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A folder with what {@code bin/freshet} calls, and nothing else: no Java above all. */
    private Path tools() throws IOException {
        Path tools = Files.createDirectory(directory.resolve("tools"));
        for (String name : "cat cksum cut dirname ln mktemp mv readlink rm sed tail".split(" ")) {
            Path installed = Stream.of("/usr/bin", "/bin")
                    .map(folder -> Path.of(folder, name))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + name + " here"));
            script(tools.resolve(name), "exec " + installed + " \"$@\"");
        }
        return tools;
    }

    @Test
    void with_a_runtime_a_fleet_runs_where_there_is_no_java() throws Exception {
        Optional<Distribution> distribution = Distribution.withRuntime();
        if (distribution.isEmpty()) {
            Program.missing("a build with -Pruntime");
        }
        Path self = distribution.orElseThrow().unpack(directory.resolve("self-contained"));
        Map<String, String> noJava = Map.of("JAVA_HOME", "", "PATH", tools().toString());
        FreshetProcess prepared = start(noJava, command(self.resolve("bin/freshet"), "prepare"));
        succeeds(prepared);
        assertThat(prepared.stderr()).as("a class-data archive is made").isEmpty();
        FreshetProcess mapped = start(
                Map.of("FRESHET_JVM", "-Xlog:class+load:stdout"), command(self.resolve("bin/freshet"), "--version"));
        succeeds(mapped);
        assertThat(mapped.stdout()).contains(FROM_ARCHIVE);
        FreshetProcess run = start(noJava, command(self.resolve("bin/freshet"), SMALL));
        succeeds(run);
        assertThat(new Results(run.results()).ledger("measured")).isEqualTo(50);
    }

    @Test
    void shellcheck_finds_nothing_in_the_scripts() throws Exception {
        Program.need("shellcheck", "shellcheck");
        List<String> shellcheck = new ArrayList<>(List.of("shellcheck", "../freshet"));
        try (Stream<Path> files = Files.walk(top)) {
            files.filter(file -> file.endsWith("bin/freshet") || file.toString().endsWith(".sh"))
                    .forEach(file -> shellcheck.add(file.toString()));
        }
        assertThat(shellcheck).hasSizeGreaterThan(2);
        Program found = Program.run(shellcheck);
        assertThat(found.exitCode()).as(found.output()).isZero();
    }
}
