package dev.freshet.coordinator.run;

import dev.freshet.common.control.BookCodec;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.plan.Role;
import dev.freshet.common.time.ClockFilter;
import dev.freshet.common.time.EpochClock;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.books.RunBooks;
import dev.freshet.coordinator.fleet.Fleet;
import dev.freshet.coordinator.fleet.FleetAgent;
import dev.freshet.coordinator.run.RunMachine.Effect;
import dev.freshet.coordinator.run.RunMachine.Event;
import dev.freshet.coordinator.run.RunMachine.Snapshot;
import dev.freshet.coordinator.run.RunMachine.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one run: feeds the {@link RunMachine} with what happens and does what it says. Owned by the coordinator's context; what touches
 * the disk is the {@link RunArchive}'s, on its own thread.
 */
final class RunDriver {
    private static final Logger LOG = LoggerFactory.getLogger(RunDriver.class);

    /** Clock exchanges that an offset rests on at least before a run may start. */
    private static final int EXCHANGES = 8;

    /** A clock known so well needs no more of them; agents that are still warming up answer slowly at first. */
    private static final double SYNCED_NANOS = 200_000;

    /** After so many the clock is as well known as it will be. */
    private static final int ENOUGH_EXCHANGES = 64;

    private static final int PING_SPACING_MILLIS = 2;

    private static final int AGENTS_A_PING = 10;

    /** From naming T0 to T0: the order must reach every agent, and its threads must be waiting. */
    private static final long START_LEAD_NANOS = 300_000_000L;

    private final Vertx vertx;
    private final Fleet fleet;
    private final EpochClock clock;
    private final RunRequest request;
    private final String id;
    private final RunListener listener;
    private final RunArchive archive;
    private final Map<String, Party> parties = new LinkedHashMap<>();
    private final Map<String, ToCoordinator.Bound> bound = new LinkedHashMap<>();
    private final Map<String, FleetAgent> members = new LinkedHashMap<>();
    private final Map<String, ToCoordinator.Finished> finished = new LinkedHashMap<>();
    private final Promise<RunResult> end = Promise.promise();
    private final List<String> filesMissing = new ArrayList<>();
    private Snapshot snapshot;
    private RunBooks books;
    private long t0Nanos;

    RunDriver(
            Vertx vertx, Fleet fleet, EpochClock clock, RunRequest request, RunArchive archive, RunListener listener) {
        this.vertx = vertx;
        this.fleet = fleet;
        this.clock = clock;
        this.request = request;
        this.id = archive.runId();
        this.archive = archive;
        this.listener = listener;
        Map<String, Role> roles = new LinkedHashMap<>();
        for (Party party : request.parties()) {
            parties.put(party.agent(), party);
            roles.put(party.agent(), party.role());
        }
        this.snapshot = Snapshot.planned(roles, request.plan().timing());
    }

    /** Begins, and completes when the run is over, however it ends. */
    Future<RunResult> begin() {
        step(new Event.Begin());
        fleet.agents().forEach(this::joined);
        return end.future().onComplete(over -> archive.close());
    }

    Snapshot snapshot() {
        return snapshot;
    }

    void joined(FleetAgent agent) {
        Party party = parties.get(agent.name());
        if (party == null) {
            return;
        }
        if (agent.role() != party.role()) {
            lost(agent.name(), "is a " + agent.role() + ", a " + party.role() + " was expected");
            return;
        }
        members.put(agent.name(), agent);
        event(
                "joined",
                agent.name(),
                "from " + agent.hello().host() + ", pid " + agent.hello().pid());
        step(new Event.Joined(agent.name()));
    }

    void stop(String reason) {
        event("stop", null, reason);
        archive.stopped();
        step(new Event.Stop(reason));
    }

    void lost(String agent, String reason) {
        if (!parties.containsKey(agent) || snapshot.state().isFinal()) {
            return;
        }
        Snapshot before = snapshot;
        step(new Event.Lost(agent, reason));
        if (snapshot != before) {
            event("lost", agent, reason);
            archive.abandonFiles(agent, reason);
            if (books != null) {
                books.lost(agent, Instant.now(), reason);
            }
        }
    }

    /** Takes a message of an agent of this run. */
    void received(FleetAgent agent, Envelope<ToCoordinator> envelope) {
        if (parties.containsKey(agent.name())) {
            envelope.message().handle(new Inbox(agent, envelope.attachments()));
        }
    }

    /** A clock exchange with an agent was completed. */
    void clockHeard(FleetAgent agent) {
        ClockFilter.Estimate estimate = agent.clock();
        if (snapshot.state() == RunState.SYNCING
                && estimate != null
                && estimate.exchanges() >= EXCHANGES
                && (estimate.errorNanos() <= SYNCED_NANOS || estimate.exchanges() >= ENOUGH_EXCHANGES)) {
            step(new Event.Synced(agent.name()));
        }
    }

    private void step(Event event) {
        Step step = RunMachine.step(snapshot, event);
        RunState before = snapshot.state();
        snapshot = step.next();
        if (snapshot.state() != before) {
            String detail = snapshot.state().isFinal() ? String.join("; ", snapshot.reasons()) : waitingFor();
            LOG.info("run {} is {}: {}", id, snapshot.state(), detail);
            event("state", null, snapshot.state() + (detail.isEmpty() ? "" : ": " + detail));
            listener.state(snapshot.state(), detail);
        }
        step.effects().forEach(this::apply);
    }

    private String waitingFor() {
        return switch (snapshot.state()) {
            case GATHERING -> "waiting for " + String.join(", ", snapshot.before(RunMachine.Stage.JOINED));
            case DRAINING -> "waiting for answers to " + String.join(", ", snapshot.before(RunMachine.Stage.FINISHED));
            default -> "";
        };
    }

    private void event(String kind, String agent, String text) {
        archive.event(clock.epochMicros(), kind, agent, text);
        listener.event(kind, agent, text);
    }

    private void apply(Effect effect) {
        if (effect instanceof Effect.Sync) {
            sync();
        } else if (effect instanceof Effect.Prepare) {
            parties.forEach((name, party) -> send(name, new ToAgent.Prepare(id, party.shard())));
        } else if (effect instanceof Effect.Connect) {
            parties.forEach((name, party) -> send(name, new ToAgent.Connect(id, peersOf(party))));
        } else if (effect instanceof Effect.Start) {
            start();
        } else if (effect instanceof Effect.StopAgents stop) {
            stop.agents().forEach(name -> send(name, new ToAgent.Stop(id, stop.reason())));
        } else if (effect instanceof Effect.Collect collect) {
            collect.agents().forEach(this::collect);
        } else if (effect instanceof Effect.Merge) {
            merge();
        } else if (effect instanceof Effect.Release release) {
            release.agents().forEach(name -> send(name, new ToAgent.Release(id)));
        } else if (effect instanceof Effect.Deadline deadline) {
            vertx.setTimer(
                    Math.max(1, deadline.nanos() / 1_000_000), timer -> step(new Event.TimeOut(deadline.state())));
        } else if (effect instanceof Effect.End && t0Nanos == 0) {
            archive.discard();
            end.complete(RunResult.withoutBooks(snapshot.state(), snapshot.reasons()));
        }
    }

    private void send(String agent, ToAgent message) {
        FleetAgent member = members.get(agent);
        if (member != null) {
            fleet.send(member, message);
        }
    }

    private void sync() {
        Deque<String> next = new ArrayDeque<>(parties.keySet());
        vertx.setPeriodic(1, PING_SPACING_MILLIS, timer -> {
            if (snapshot.state() != RunState.SYNCING) {
                vertx.cancelTimer(timer);
                return;
            }
            List<String> waiting = snapshot.before(RunMachine.Stage.SYNCED);
            for (int i = 0; i <= waiting.size() / AGENTS_A_PING; i++) { // few at a time: answers that queue are late
                next.addLast(next.removeFirst());
                if (waiting.contains(next.peekLast())) {
                    fleet.ping(members.get(next.peekLast()));
                }
            }
        });
    }

    private List<ToAgent.Peer> peersOf(Party party) {
        return parties.values().stream()
                .filter(other ->
                        party.serves().contains(other.agent()) || other.serves().contains(party.agent()))
                .map(other -> new ToAgent.Peer(
                        other.agent(),
                        other.shard(),
                        bound.get(other.agent()).endpoints(),
                        bound.get(other.agent()).startEndpoint()))
                .toList();
    }

    private void start() {
        t0Nanos = clock.epochNanos() + START_LEAD_NANOS;
        books = new RunBooks(request.plan().timing(), List.copyOf(parties.values()), t0Nanos / 1000, this::row);
        archive.started(t0Nanos / 1000);
        parties.keySet()
                .forEach(name ->
                        send(name, new ToAgent.Start(id, members.get(name).toAgentClock(t0Nanos))));
        event("t0", null, "all start at " + Instant.ofEpochSecond(0, t0Nanos));
        long sendingOverMillis = (START_LEAD_NANOS + request.plan().timing().sendingNanos()) / 1_000_000 + 1;
        vertx.setTimer(sendingOverMillis, timer -> step(new Event.SendingOver()));
    }

    private void row(IntervalRow row) {
        archive.row(row);
        listener.row(row);
    }

    private void collect(String agent) {
        archive.collect(agent, finished.get(agent).files(), request -> send(agent, request))
                .onComplete(problem -> {
                    if (problem.result() != null) {
                        filesMissing.add(agent + ": " + problem.result());
                        event("files", agent, problem.result());
                    }
                    step(new Event.Collected(agent));
                });
    }

    private void merge() {
        List<RunArchive.Member> facts = parties.keySet().stream()
                .map(members::get)
                .map(member -> new RunArchive.Member(
                        member.hello(), member.clock(), bound.get(member.name()), finished.get(member.name())))
                .toList();
        archive.merge(books.account(), facts, snapshot, filesMissing, listener::merging)
                .onComplete(merged -> {
                    step(new Event.Merged());
                    if (merged.succeeded()) {
                        end.complete(merged.result());
                    } else {
                        LOG.error("the results of run {} cannot be written", id, merged.cause());
                        end.fail(merged.cause());
                    }
                });
    }

    /** The messages of one agent. */
    private final class Inbox implements ToCoordinator.Handler {
        private final FleetAgent agent;
        private final List<byte[]> attachments;

        Inbox(FleetAgent agent, List<byte[]> attachments) {
            this.agent = agent;
            this.attachments = attachments;
        }

        private boolean isOurs(String run) {
            if (!id.equals(run)) {
                LOG.warn("{} speaks of run {}, which is not {}", agent.name(), run, id);
            }
            return id.equals(run);
        }

        @Override
        public void on(ToCoordinator.Hello hello) {
            throw new IllegalStateException("the fleet answers Hello");
        }

        @Override
        public void on(ToCoordinator.Pong pong) {
            throw new IllegalStateException("the fleet takes Pong");
        }

        @Override
        public void on(ToCoordinator.Bound message) {
            if (isOurs(message.run())) {
                bound.put(agent.name(), message);
                step(new Event.Bound(agent.name()));
            }
        }

        @Override
        public void on(ToCoordinator.Prepared prepared) {
            if (isOurs(prepared.run())) {
                step(new Event.Prepared(agent.name()));
            }
        }

        @Override
        public void on(ToCoordinator.Progress progress) {
            if (!isOurs(progress.run()) || books == null) {
                return;
            }
            try {
                books.add(agent.name(), progress, BookCodec.decode(progress.entries(), attachments));
            } catch (IllegalArgumentException e) {
                lost(agent.name(), "its report makes no sense: " + e.getMessage());
            }
        }

        @Override
        public void on(ToCoordinator.Finished message) {
            if (!isOurs(message.run()) || books == null) {
                return;
            }
            try {
                books.finished(agent.name(), message);
            } catch (IllegalArgumentException e) {
                lost(agent.name(), "its totals make no sense: " + e.getMessage());
                return;
            }
            finished.put(agent.name(), message);
            message.notes().forEach(note -> event("note", agent.name(), note));
            step(new Event.Finished(agent.name()));
        }

        @Override
        public void on(ToCoordinator.Chunk chunk) {
            if (isOurs(chunk.run()) && attachments.size() == 1) {
                archive.chunk(agent.name(), chunk, attachments.get(0));
            }
        }

        @Override
        public void on(ToCoordinator.Failed failed) {
            if (isOurs(failed.run())) {
                lost(agent.name(), failed.reason());
            }
        }

        @Override
        public void on(ToCoordinator.Goodbye goodbye) {
            lost(agent.name(), "said goodbye: " + goodbye.reason());
        }
    }
}
