package dev.freshet.agent.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class StrangersTest {
    private final Strangers strangers = new Strangers("data port 5555");

    @Test
    void all_are_counted_and_the_first_one_has_a_line() {
        try (LoggedLines log = LoggedLines.of(Strangers.class)) {
            strangers.ended("here", "it was rude");
            strangers.ended("there", "it was rude as well");
            assertThat(strangers.count()).isEqualTo(2);
            assertThat(log.lines()).singleElement().asString().contains("from here to data port 5555", "it was rude");
        }
    }

    @Test
    void a_line_that_cannot_be_written_harms_nobody_and_is_made_up_for_by_the_next() {
        Logger logger = Logger.getLogger(Strangers.class.getName());
        Handler broken = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                throw new Error("too many open files");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.setUseParentHandlers(false);
        logger.addHandler(broken);
        strangers.ended("here", "it was rude");
        logger.removeHandler(broken);
        try (LoggedLines log = LoggedLines.of(Strangers.class)) {
            strangers.ended("there", "it was rude as well");
            assertThat(log.lines()).singleElement().asString().contains("from there", "; 2 so far");
        }
    }
}
