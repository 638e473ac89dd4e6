package dev.freshet.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.Role;
import dev.freshet.common.zmq.SafeContext;
import dev.freshet.coordinator.fleet.Fleet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A coordinator whose context gets nothing done for longer than a lease, as on a machine with more to do than processors. */
@Timeout(60)
@Tag("once")
class BusyCoordinatorTest {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final long BUSY_NANOS = (Fleet.LEASE_MILLIS + 1_000) * 1_000_000;

    @TempDir
    private Path results;

    private final Coordinator coordinator = new Coordinator("127.0.0.1", 0, "test", null);
    private final SafeContext context = new SafeContext("test-agent", error -> {});
    private final ZMQ.Socket agent = context.socket(SocketType.DEALER, ControlCodec.MAX_FRAME_BYTES);

    private void send(ToCoordinator message) {
        List<byte[]> frames = ControlCodec.encode(message, List.of());
        for (int i = 0; i < frames.size(); i++) {
            agent.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
        }
    }

    private ToAgent receive() throws ControlCodec.Refusal {
        List<byte[]> frames = new ArrayList<>();
        frames.add(agent.recv());
        assertThat(frames.get(0)).as("a message within the patience").isNotNull();
        while (agent.hasReceiveMore()) {
            frames.add(agent.recv());
        }
        return ControlCodec.decodeToAgent(frames).message();
    }

    /** Answers pings for so long, and nothing else may come: who is lost is refused. */
    private void answerPings(long durationNanos) throws ControlCodec.Refusal {
        long begin = System.nanoTime();
        long last = begin;
        while (last - begin < durationNanos) {
            ToAgent.Ping ping = (ToAgent.Ping) receive();
            long now = System.nanoTime();
            assertThat(now - last).as("nanoseconds without a ping").isLessThan(Fleet.LEASE_MILLIS * 1_000_000);
            last = now;
            send(new ToCoordinator.Pong(ping.seq(), ping.t1Nanos(), ping.t1Nanos(), ping.t1Nanos()));
        }
    }

    /** Has the context wait until it is let go. What was asked for in vain is told on the context. */
    private void occupy(CountDownLatch letGo) {
        CompletableFuture<Void> occupied = new CompletableFuture<>();
        coordinator
                .gather(new PlanBuilder().build(), results, Duration.ofMillis(1))
                .whenComplete((chosen, missing) -> {
                    occupied.complete(null);
                    try {
                        letGo.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        occupied.orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).join();
    }

    @Test
    void still_pings_its_agents_and_does_not_take_them_for_lost_afterwards() throws Exception {
        try {
            agent.setIdentity("p1/one".getBytes(StandardCharsets.US_ASCII));
            agent.setReceiveTimeOut(PATIENCE_MILLIS);
            agent.connect(coordinator.endpoint());
            send(new ToCoordinator.Hello("p1", "one", "here", 1, "test", Role.PRODUCER, Map.of(), List.of(), 1, null));
            assertThat(receive()).isInstanceOf(ToAgent.Welcome.class);
            CountDownLatch letGo = new CountDownLatch(1);
            occupy(letGo);
            answerPings(BUSY_NANOS);
            letGo.countDown();
            answerPings(TimeUnit.SECONDS.toNanos(1));
        } finally {
            coordinator.close();
            context.close();
        }
    }
}
