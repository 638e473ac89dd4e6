package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person finds on the way to a command: its help, and what the shell completes. */
class CommandsTest {
    @TempDir
    private Path directory;

    private static String printed(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            assertThat(Freshet.run(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void each_command_against_a_coordinator_shows_examples_and_how_to_name_it() {
        for (String command : List.of("status", "stop", "set-rate", "runs", "compare")) {
            assertThat(printed(command, "--help"))
                    .as(command)
                    .contains("Example", "freshet " + command, "--coordinator=URL", "FRESHET_COORDINATOR")
                    .contains("--token-file=FILE", "--tls-ca=FILE");
            assertThat(printed("--help")).contains("  " + command + " ");
        }
        assertThat(printed("run", "--help")).contains("--coordinator=URL", "--patience=TIME", "--token-file=FILE");
    }

    @Test
    void the_shell_completes_commands_and_their_options() throws Exception {
        Path script = Files.writeString(directory.resolve("completion"), printed("generate-completion"));
        assertThat(completed(script, "freshet", "set")).contains("set-rate");
        assertThat(completed(script, "freshet", "runs", "--co")).contains("--coordinator");
        assertThat(completed(script, "freshet", "status", "--w")).contains("--watch");
        assertThat(completed(script, "freshet", "run", "--tok")).contains("--token-file");
    }

    /** What bash would offer for the last word. */
    private static String completed(Path script, String... words) throws Exception {
        String command = "source '" + script + "'; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                + (words.length - 1) + "; _complete_freshet; echo \"${COMPREPLY[@]}\"";
        Program bash = Program.run("bash", "-c", command);
        assertThat(bash.exitCode()).as(bash.output()).isZero();
        return bash.output();
    }
}
