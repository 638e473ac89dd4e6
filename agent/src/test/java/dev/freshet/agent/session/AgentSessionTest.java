package dev.freshet.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.monitor.NetworkInterfaces;
import dev.freshet.agent.run.Recording;
import dev.freshet.agent.run.RunEvents;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator.Bound;
import dev.freshet.common.control.ToCoordinator.Chunk;
import dev.freshet.common.control.ToCoordinator.Failed;
import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.control.ToCoordinator.Goodbye;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.control.ToCoordinator.Pong;
import dev.freshet.common.control.ToCoordinator.SpooledFile;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.time.Timetable;
import dev.freshet.common.units.Rate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AgentSessionTest {
    private static final Shard SHARD =
            new Shard.Consuming("c1", List.of(), 0, 0, 1, 1000, new Timing(0, 1_000_000_000L, 1_000_000_000L));

    @TempDir
    Path spool;

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final BlockingQueue<ScriptedRun> runs = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> served = new CompletableFuture<>();
    private boolean releasedAtOnce = true;
    private AgentSession session;

    private void begin() {
        dialOut();
        coordinator.welcome();
    }

    private void dialOut() {
        AgentIdentity identity = new AgentIdentity(
                "c1", Role.CONSUMER, "here", Map.of(), NetworkInterfaces.resolve("-i", null), "1", "i1");
        session = new AgentSession(
                identity, coordinator.endpoint(), null, EpochClock.anchored(), this::newRun, false, spool);
        Thread thread = new Thread(() -> served.complete(session.serve()));
        thread.setDaemon(true);
        thread.start();
    }

    private ScriptedRun newRun(Shard shard, Path directory, RunEvents events) {
        ScriptedRun run = new ScriptedRun(directory, events, releasedAtOnce);
        runs.add(run);
        return run;
    }

    @AfterEach
    void end() throws Exception {
        session.close();
        served.get(20, TimeUnit.SECONDS);
        coordinator.close();
    }

    private ScriptedRun prepare(String id) throws InterruptedException {
        coordinator.send(new ToAgent.Prepare(id, SHARD));
        assertThat(coordinator.await(Bound.class).run()).isEqualTo(id);
        return runs.poll(10, TimeUnit.SECONDS);
    }

    private static void awaitReleased(ScriptedRun run) throws InterruptedException {
        assertThat(run.released.await(20, TimeUnit.SECONDS))
                .as("released within 20 s")
                .isTrue();
    }

    private static RunEvents.Result result(List<Recording> files) {
        return new RunEvents.Result(0, List::of, null, files, List.of());
    }

    @Test
    void a_run_that_failed_is_released_and_the_next_one_is_taken() throws Exception {
        begin();
        ScriptedRun first = prepare("r1");
        first.events.failed("out of luck");
        assertThat(coordinator.await(Failed.class)).isEqualTo(new Failed("r1", "out of luck"));
        awaitReleased(first);
        prepare("r2");
    }

    @Test
    void a_handler_that_fails_ends_its_run_and_not_the_agent() throws Exception {
        begin();
        ScriptedRun first = prepare("r1");
        coordinator.send(new ToAgent.Connect("r1", List.of()));
        Failed failed = coordinator.await(Failed.class);
        assertThat(failed.run()).isEqualTo("r1");
        assertThat(failed.reason()).contains("no peers, please");
        awaitReleased(first);
        prepare("r2");
    }

    @Test
    void a_change_of_the_rate_reaches_the_run_that_it_is_meant_for() throws Exception {
        begin();
        ScriptedRun run = prepare("r1");
        Schedule schedule = Schedule.of(Rate.perSecond(50));
        coordinator.send(new ToAgent.Adjust("r0", 30, 3_000_000_000L, schedule));
        coordinator.send(new ToAgent.Adjust("r1", 20, 2_000_000_000L, schedule));
        assertThat(run.adjusted.poll(10, TimeUnit.SECONDS))
                .isEqualTo(new Timetable.Piece(20, 2_000_000_000L, schedule));
        assertThat(run.adjusted).isEmpty();
    }

    @Test
    void a_run_that_has_missed_a_change_of_the_rate_fails_and_says_so() throws Exception {
        begin();
        ScriptedRun run = prepare("r1");
        coordinator.send(new ToAgent.Adjust("r1", 0, 2_000_000_000L, Schedule.of(Rate.perSecond(50))));
        assertThat(coordinator.await(Failed.class))
                .isEqualTo(new Failed("r1", "the rate cannot be changed: a change was missed"));
        awaitReleased(run);
    }

    @Test
    void a_run_that_is_slow_to_release_holds_up_the_next_one_but_not_the_link() throws Exception {
        releasedAtOnce = false;
        begin();
        ScriptedRun first = prepare("r1");
        coordinator.send(new ToAgent.Release("r1"));
        coordinator.send(new ToAgent.Prepare("r2", SHARD));
        coordinator.send(new ToAgent.Prepare("r3", SHARD));
        assertThat(coordinator.await(Failed.class).run()).isEqualTo("r3");
        coordinator.send(new ToAgent.Ping(7, 0));
        assertThat(coordinator.await(Pong.class).seq()).isEqualTo(7);
        assertThat(runs).isEmpty();

        first.mayBeReleased.countDown();
        assertThat(coordinator.await(Bound.class).run()).isEqualTo("r2");
        ScriptedRun second = runs.poll(10, TimeUnit.SECONDS);
        second.mayBeReleased.countDown();
    }

    @Test
    void a_run_that_still_waits_is_given_up_when_it_is_released() throws Exception {
        releasedAtOnce = false;
        begin();
        ScriptedRun first = prepare("r1");
        coordinator.send(new ToAgent.Release("r1"));
        coordinator.send(new ToAgent.Prepare("r2", SHARD));
        coordinator.send(new ToAgent.Release("r2"));
        coordinator.send(new ToAgent.Prepare("r3", SHARD));
        coordinator.send(new ToAgent.Ping(7, 0));
        coordinator.await(Pong.class); // all of that has arrived
        first.mayBeReleased.countDown();
        assertThat(coordinator.await(Bound.class).run()).isEqualTo("r3");
        runs.poll(10, TimeUnit.SECONDS).mayBeReleased.countDown();
    }

    @Test
    void closing_says_goodbye_and_leaves_nothing_behind() throws Exception {
        begin();
        ScriptedRun run = prepare("r1");
        Files.writeString(run.directory.resolve("measurements.csv"), "a,b\n");
        session.close();
        assertThat(run.released.getCount()).isZero();
        assertThat(run.directory.getParent()).isEqualTo(spool);
        assertThat(spool).isEmptyDirectory();
        coordinator.await(Goodbye.class);
    }

    @Test
    void an_agent_that_was_forgotten_ends_its_run_and_introduces_itself_again() throws Exception {
        begin();
        ScriptedRun run = prepare("r1");
        for (int i = 0; i < 3; i++) { // one for each message that was on its way
            coordinator.send(new ToAgent.Refuse("say Hello first"));
        }
        awaitReleased(run);
        assertThat(coordinator.welcome().runInProgress()).isNull();
        prepare("r2");
        assertThat(served).isNotDone();
    }

    @Test
    void a_refusal_of_the_introduction_is_final() throws Exception {
        dialOut();
        coordinator.await(Hello.class);
        coordinator.send(new ToAgent.Refuse("the name is taken"));
        assertThat(served.get(20, TimeUnit.SECONDS)).isEqualTo("the name is taken");
    }

    @Test
    void a_coordinator_that_refuses_every_later_introduction_is_believed_in_the_end() throws Exception {
        begin();
        coordinator.send(new ToAgent.Refuse("say Hello first"));
        while (coordinator.hasMore(3_000)) { // an agent waits 2 s at most before it introduces itself again
            coordinator.send(new ToAgent.Refuse("the name is taken"));
        }
        assertThat(served.get(20, TimeUnit.SECONDS)).isEqualTo("the name is taken");
    }

    @Test
    void what_was_recorded_is_delivered_and_nothing_else() throws Exception {
        begin();
        ScriptedRun run = prepare("r1");
        Path written = Files.writeString(run.directory.resolve("measurements.csv"), "a,b\n");
        run.events.finished(result(List.of(Recording.of(written))));
        Finished finished = coordinator.await(Finished.class);
        assertThat(finished.files()).extracting(SpooledFile::name).containsExactly("measurements.csv", "network.csv");
        coordinator.send(new ToAgent.Collect("r1", "measurements.csv", 1, 100));
        assertThat(coordinator.await(Chunk.class)).isEqualTo(new Chunk("r1", "measurements.csv", 1));
        assertThat(coordinator.attachments().get(0)).asString().isEqualTo(",b\n");

        coordinator.send(new ToAgent.Collect("r1", "../../../../etc/passwd", 0, 100));
        assertThat(coordinator.await(Failed.class).reason()).contains("not among the files");
    }

    @Test
    void a_recording_that_is_gone_is_a_note_and_the_run_is_finished() throws Exception {
        begin();
        ScriptedRun run = prepare("r1");
        run.events.finished(result(List.of(new Recording(run.directory.resolve("lost.csv"), 7, 7))));
        Finished finished = coordinator.await(Finished.class);
        assertThat(finished.files()).extracting(SpooledFile::name).containsExactly("network.csv");
        assertThat(finished.notes()).containsExactly("lost.csv cannot be read, and is not delivered");
    }
}
