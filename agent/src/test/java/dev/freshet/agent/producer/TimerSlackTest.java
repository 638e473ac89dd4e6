package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TimerSlackTest {
    private static String slackNanos() {
        try {
            String thread = Files.readSymbolicLink(Path.of("/proc/thread-self"))
                    .getFileName()
                    .toString();
            return Files.readString(Path.of("/proc", thread, "timerslack_ns")).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void the_calling_thread_has_the_least_and_no_other() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/timerslack_ns")), "this is Linux");
        String before = slackNanos();
        String ofOther = CompletableFuture.supplyAsync(
                        () -> {
                            TimerSlack.least();
                            return slackNanos();
                        },
                        task -> new Thread(task).start())
                .get();
        assertThat(ofOther).isEqualTo("1");
        assertThat(slackNanos()).isEqualTo(before);
    }
}
