package dev.freshet.deploy.doctor.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class SystemCommandsTest {
    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void a_command_that_does_not_answer_is_ended() {
        Commands.Answer answer = new SystemCommands(200).run("sleep", "600");
        assertThat(answer.problem()).isEqualTo("sleep did not answer within 200 ms");
        assertThat(ProcessHandle.current()
                        .children()
                        .filter(child -> child.info().commandLine().orElse("").endsWith("sleep 600"))
                        .filter(child -> child.onExit()
                                        .completeOnTimeout(null, 10, TimeUnit.SECONDS)
                                        .join()
                                == null))
                .as("children that live on")
                .isEmpty();
    }

    @Test
    void a_command_that_is_not_there_or_fails_says_so() {
        Commands commands = new SystemCommands(10_000);
        assertThat(commands.run("no-such-command").problem()).isEqualTo("no-such-command is not installed");
        assertThat(commands.run("sh", "-c", "echo broken >&2; exit 3").problem())
                .isEqualTo("sh failed (3): broken");
        assertThat(commands.run("sh", "-c", "echo fine")).isEqualTo(Commands.Answer.of("fine\n"));
    }
}
