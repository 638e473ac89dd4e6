package dev.freshet.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.freshet.coordinator.web.WebOptions;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(120)
class CoordinatorCloseTest {
    private static final int CLOSES = 12;

    @TempDir
    Path results;

    private WebOptions onLoopback() {
        return ServedCoordinator.options(InetAddress.getLoopbackAddress(), null, null, results);
    }

    /** That it serves, or that it cannot as it is closed. */
    private String servedBy(Coordinator coordinator) {
        try {
            return coordinator.serve(onLoopback());
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    @Test
    void one_that_is_closed_while_its_page_opens_says_nothing_of_it() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        root.addAppender(log);
        try {
            for (int i = 0; i < CLOSES; i++) {
                Coordinator coordinator = new Coordinator("127.0.0.1", 0, "test", null);
                CompletableFuture<String> served = CompletableFuture.supplyAsync(() -> servedBy(coordinator));
                LockSupport.parkNanos(i * 2_000_000L); // each time at another moment of it
                coordinator.close();
                assertThat(served.join()).matches("http://127.0.0.1:[0-9]+/|the coordinator is closed");
            }
        } finally {
            root.detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }

    @Test
    void one_that_is_closed_serves_nothing_any_more() {
        Coordinator coordinator = new Coordinator("127.0.0.1", 0, "test", null);
        coordinator.close();
        assertThatThrownBy(() -> coordinator.serve(onLoopback()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the coordinator is closed");
    }
}
