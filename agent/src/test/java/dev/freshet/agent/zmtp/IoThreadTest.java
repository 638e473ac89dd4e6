package dev.freshet.agent.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IoThreadTest {
    private final AtomicReference<Throwable> death = new AtomicReference<>();
    private final CountDownLatch died = new CountDownLatch(1);
    private final IoThread io = new IoThread("test-io", error -> {
        death.set(error);
        died.countDown();
    });

    /** Finds its socket closed under it when it is called, as if another thread had done it just then. */
    private static final class Stumbling implements IoThread.Handler {
        final Pipe pipe;
        final CountDownLatch called = new CountDownLatch(1);
        SelectionKey key;

        Stumbling() throws IOException {
            pipe = Pipe.open();
        }

        void register(IoThread io) {
            try {
                key = io.register(pipe.source(), SelectionKey.OP_READ, this);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void stumble() {
            called.countDown();
            try {
                pipe.source().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            key.interestOps(SelectionKey.OP_READ);
        }

        @Override
        public void ready(SelectionKey ready) {
            stumble();
        }

        @Override
        public void look(long nowNanos) {
            stumble();
        }
    }

    @Test
    void a_socket_that_another_thread_closes_in_the_middle_of_things_does_not_end_the_io_thread() throws Exception {
        Stumbling atOnce = new Stumbling();
        Stumbling atTheNextLook = new Stumbling();
        io.post(() -> atOnce.register(io));
        atOnce.pipe.sink().write(ByteBuffer.allocate(1));
        assertThat(atOnce.called.await(10, TimeUnit.SECONDS)).isTrue();
        io.post(() -> atTheNextLook.register(io));
        assertThat(atTheNextLook.called.await(10, TimeUnit.SECONDS)).isTrue();
        CountDownLatch lives = new CountDownLatch(1);
        io.post(lives::countDown);
        assertThat(lives.await(10, TimeUnit.SECONDS)).isTrue();
        io.close();
        assertThat(death.get()).isNull();
    }

    @Test
    void an_exception_of_a_task_ends_the_thread_and_is_told() throws Exception {
        io.post(() -> {
            throw new IllegalStateException("as it was to be");
        });
        assertThat(died.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(death.get()).hasMessage("as it was to be");
        io.close();
    }

    @Test
    void closing_closes_the_sockets_that_are_registered() throws Exception {
        Stumbling handler = new Stumbling();
        CountDownLatch registered = new CountDownLatch(1);
        io.post(() -> {
            handler.register(io);
            registered.countDown();
        });
        assertThat(registered.await(10, TimeUnit.SECONDS)).isTrue();
        io.close();
        assertThat(handler.pipe.source().isOpen()).isFalse();
        assertThat(death.get()).isNull();
    }
}
