package dev.freshet.coordinator.run;

import dev.freshet.common.InputException;
import dev.freshet.common.control.BookCodec;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.measure.Ledger;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.plan.Role;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.time.Timetable;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.books.RunAccount;
import dev.freshet.coordinator.books.RunBooks;
import dev.freshet.coordinator.fleet.Fleet;
import dev.freshet.coordinator.fleet.FleetAgent;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.intervals.LiveRows;
import dev.freshet.coordinator.results.AgentFacts;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunMachine.Step;
import dev.freshet.coordinator.run.RunSnapshot.Stage;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one run: feeds the {@link RunMachine} with what happens and does what it says. Owned by the coordinator's context; what touches
 * the disk is the {@link RunArchive}'s, on its own thread.
 */
final class RunDriver {
    private static final Logger LOG = LoggerFactory.getLogger(RunDriver.class);

    /** From naming T0 to T0: the order must reach every agent, and its threads must be waiting. */
    private static final long START_LEAD_NANOS = 300_000_000L;

    private final Vertx vertx;
    private final Fleet fleet;
    private final EpochClock clock;
    private final RunRequest request;
    private final String id;
    private final RunListener listener;
    private final RunArchive archive;
    private final Map<String, Role> roles;
    private final RunParties parties;
    private final Map<String, FleetAgent> members = new LinkedHashMap<>();
    private final Map<String, ToCoordinator.Finished> finished = new LinkedHashMap<>();
    private final ClockSync clocks;
    private final Promise<RunResult> end = Promise.promise();
    private final Effects effects = new Effects();
    private final List<String> filesMissing = new ArrayList<>();
    private final RunWatch watch;
    private RunSnapshot snapshot;
    private RunResult result;
    private RunBooks books;
    private LiveRows liveRows;
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
        this.clocks = new ClockSync(vertx, fleet);
        this.roles = request.roles();
        this.parties = new RunParties(request);
        this.watch = new RunWatch(id, request.plan(), archive.startedAt());
        this.snapshot = RunSnapshot.planned(roles, request.plan().timing(), request.patienceNanos());
    }

    /** Begins, and completes when the run is over, however it ends. */
    Future<RunResult> begin() {
        listener.begun(id, request.plan());
        step(new RunEvent.Begin());
        fleet.agents().forEach(this::joined);
        return end.future().onComplete(over -> archive.close());
    }

    String id() {
        return id;
    }

    /** Where it stands, or how it ended. */
    RunStatus status() {
        RunStatus status = watch.status(snapshot, books, parties.rates(), t0Nanos, clock.epochNanos());
        return result == null || result.summary() == null ? status : RunStatus.of(result.summary(), status.progress());
    }

    /** The agents that have joined it, lost ones included. */
    List<RunMember> members() {
        Map<String, Ledger> ledgers = books == null ? Map.of() : books.soFar().ledgers();
        return members.values().stream()
                .map(agent -> new RunMember(
                        agent,
                        parties.endpointsOf(agent.name()),
                        ledgers.get(agent.name()),
                        snapshot.losses().get(agent.name())))
                .toList();
    }

    boolean isOver() {
        return end.future().isComplete();
    }

    void joined(FleetAgent agent) {
        Role role = roles.get(agent.name());
        if (role == null) {
            return;
        }
        if (agent.role() != role) {
            lost(agent.name(), "is a " + agent.role() + ", a " + role + " was expected");
            return;
        }
        members.put(agent.name(), agent);
        event(
                "joined",
                agent.name(),
                "from " + agent.hello().host() + ", pid " + agent.hello().pid());
        step(new RunEvent.Joined(agent.name(), agent.hello().host()));
    }

    void stop(String reason) {
        event("stop", null, reason);
        archive.stopped();
        step(new RunEvent.Stop(reason));
    }

    /**
     * Changes the rate of all producers together, from the same moment on for all.
     *
     * @return the moment, seconds after T0; fails with {@link InputException} if the rate cannot be changed so, or not any more
     */
    Future<Integer> adjust(Rate rate) {
        if (snapshot.state() != RunState.RUNNING) {
            return Future.failedFuture(new InputException(
                    "rate: it can be changed while messages are sent, and the run is " + snapshot.state()));
        }
        try {
            for (Party producer : parties.change(rate, clock.epochNanos() - t0Nanos)) {
                books.changed(producer);
                Timetable.Piece piece = producer.timetable().last();
                send(producer.agent(), new ToAgent.Adjust(id, piece.fromIndex(), piece.fromNanos(), piece.schedule()));
            }
        } catch (InputException e) {
            return Future.failedFuture(e);
        }
        liveRows = newLiveRows();
        RateSteps.Step step = parties.rates().last();
        event("rate", null, step.rate() + " from second " + step.fromInterval() + " on");
        return Future.succeededFuture(step.fromInterval());
    }

    void lost(String agent, String reason) {
        if (roles.containsKey(agent)) {
            step(new RunEvent.Lost(agent, reason));
        }
    }

    /** Takes a message of an agent of this run. */
    void received(FleetAgent agent, Envelope<ToCoordinator> envelope) {
        if (roles.containsKey(agent.name())) {
            envelope.message().handle(new Inbox(agent, envelope.attachments()));
        }
    }

    /** A clock exchange with an agent was completed. */
    void clockHeard(FleetAgent agent) {
        if (snapshot.state() == RunState.SYNCING && ClockSync.isKnown(agent)) {
            step(new RunEvent.Synced(agent.name()));
        }
    }

    private void step(RunEvent event) {
        Step step = RunMachine.step(snapshot, event);
        RunSnapshot before = snapshot;
        snapshot = step.next();
        tellLosses(before);
        tellState(before);
        step.effects().forEach(effect -> effect.handle(effects));
    }

    /** Before any effect: what merges must know who is lost. */
    private void tellLosses(RunSnapshot before) {
        for (String agent : snapshot.stages().keySet()) {
            if (snapshot.stages().get(agent) == Stage.LOST && before.stages().get(agent) != Stage.LOST) {
                String reason = snapshot.losses().get(agent);
                event("lost", agent, reason);
                archive.abandonFiles(agent, reason);
                if (books != null) {
                    books.lost(agent, Instant.ofEpochSecond(0, clock.epochNanos()), reason);
                }
            }
        }
    }

    private void tellState(RunSnapshot before) {
        if (snapshot.state() == before.state()) {
            return;
        }
        String detail = snapshot.state().isFinal() ? String.join("; ", snapshot.reasons()) : waitingFor();
        LOG.info("run {} is {}: {}", id, snapshot.state(), detail);
        event("state", null, snapshot.state() + (detail.isEmpty() ? "" : ": " + detail));
        tellState(detail);
    }

    private void tellState(String detail) {
        watch.waitsFor(snapshot.state().isFinal() ? "" : detail);
        listener.state(snapshot.state(), detail);
    }

    private String waitingFor() {
        return switch (snapshot.state()) {
            case GATHERING -> "waiting for " + String.join(", ", snapshot.before(Stage.JOINED));
            case DRAINING -> "waiting for answers to " + String.join(", ", snapshot.before(Stage.FINISHED));
            default -> "";
        };
    }

    private void event(String kind, String agent, String text) {
        EventLine line = EventLine.at(Instant.EPOCH.plusNanos(clock.epochNanos()), kind, agent, text);
        archive.event(line);
        listener.event(line);
    }

    /** Does what the machine says. */
    private final class Effects implements RunEffect.Handler {
        @Override
        public void on(RunEffect.PlanShards plan) {
            planShards();
        }

        @Override
        public void on(RunEffect.Sync sync) {
            clocks.begin(RunDriver.this::waitedForClocks, members::get);
        }

        @Override
        public void on(RunEffect.Prepare prepare) {
            parties.all().forEach(party -> send(party.agent(), new ToAgent.Prepare(id, party.shard())));
        }

        @Override
        public void on(RunEffect.Connect connect) {
            for (Party party : parties.all()) {
                String problem = parties.unreachable(
                        party, name -> members.get(name).hello().host());
                if (problem != null) {
                    lost(party.agent(), problem);
                    return;
                }
            }
            tellWhereToConnect();
            parties.all().forEach(party -> send(party.agent(), new ToAgent.Connect(id, parties.peersOf(party))));
        }

        @Override
        public void on(RunEffect.Start start) {
            nameT0();
        }

        @Override
        public void on(RunEffect.StopAgents stop) {
            stop.agents().forEach(name -> send(name, new ToAgent.Stop(id, stop.reason())));
        }

        @Override
        public void on(RunEffect.Collect collect) {
            collect.agents().forEach(RunDriver.this::collect);
        }

        @Override
        public void on(RunEffect.Merge merge) {
            mergeResults();
        }

        @Override
        public void on(RunEffect.Release release) {
            release.agents().forEach(name -> send(name, new ToAgent.Release(id)));
        }

        @Override
        public void on(RunEffect.Deadline deadline) {
            vertx.setTimer(
                    Math.max(1, deadline.nanos() / 1_000_000), timer -> step(new RunEvent.TimeOut(deadline.state())));
        }

        @Override
        public void on(RunEffect.End ended) {
            if (books == null) { // it ended before T0: there is nothing to keep
                archive.discard();
                end.complete(RunResult.withoutBooks(snapshot.state(), snapshot.reasons()));
            }
        }
    }

    /** Whoever runs consumers that are not ours learns what each of them has to connect to, and how long that is waited for. */
    private void tellWhereToConnect() {
        Map<String, String> connections = parties.connections();
        if (connections.isEmpty()) {
            return;
        }
        connections.forEach((producer, connection) -> event("connect", producer, connection));
        String all = connections.entrySet().stream()
                .map(one -> one.getKey() + ": " + one.getValue())
                .collect(Collectors.joining("; "));
        String patience = Durations.format(request.plan().consumerPatience());
        tellState("waiting up to " + patience + " for consumers: " + all);
    }

    private void planShards() {
        try {
            String weights = parties.plan(request.producers().stream()
                    .map(name -> members.get(name).link())
                    .toList());
            if (weights != null) {
                event("weights", null, weights);
            }
        } catch (InputException e) {
            step(new RunEvent.Unplannable(e.getMessage()));
        }
    }

    private void send(String agent, ToAgent message) {
        FleetAgent member = members.get(agent);
        if (member != null) {
            fleet.send(member, message);
        }
    }

    private List<String> waitedForClocks() {
        return snapshot.state() == RunState.SYNCING ? snapshot.before(Stage.SYNCED) : List.of();
    }

    private void nameT0() {
        t0Nanos = clock.epochNanos() + START_LEAD_NANOS;
        books = new RunBooks(request.plan().timing(), parties.all(), t0Nanos / 1000, this::row);
        liveRows = newLiveRows();
        archive.started(t0Nanos / 1000);
        clocks.atT0(members.values());
        Map<String, Long> t0s =
                new LinkedHashMap<>(); // each agent's own is told to its consumer, too, and must be the same
        roles.keySet().forEach(name -> t0s.put(name, members.get(name).toAgentClock(t0Nanos)));
        for (Party party : parties.all()) {
            Map<String, Long> producers = party.serves().stream().collect(Collectors.toMap(name -> name, t0s::get));
            send(party.agent(), new ToAgent.Start(id, t0s.get(party.agent()), producers));
        }
        event("t0", null, "all start at " + Instant.ofEpochSecond(0, t0Nanos));
        long sendingOverMillis = (START_LEAD_NANOS + request.plan().timing().sendingNanos()) / 1_000_000 + 1;
        vertx.setTimer(sendingOverMillis, timer -> step(new RunEvent.SendingOver()));
    }

    private LiveRows newLiveRows() {
        return new LiveRows(
                parties.rates(), parties.all(), name -> members.get(name).clock());
    }

    private void row(IntervalRow row) {
        LiveRow figures = liveRows.of(row);
        archive.row(row, figures);
        listener.row(figures);
    }

    private void collect(String agent) {
        FleetAgent member = members.get(agent); // looked up here: requests leave from the archive's thread
        archive.collect(agent, finished.get(agent).files(), request -> fleet.send(member, request))
                .onSuccess(problem -> {
                    if (problem != null) {
                        filesMissing.add(agent + ": " + problem);
                        event("files", agent, problem);
                    }
                    step(new RunEvent.Collected(agent));
                });
    }

    private void mergeResults() {
        List<AgentFacts> facts =
                roles.keySet().stream().map(members::get).map(this::facts).toList();
        RunAccount account = books.account();
        List<String> shortcomings = new ArrayList<>(filesMissing);
        lossesAfterTheBooksWereClosed(account).forEach(shortcomings::add);
        archive.merge(account, parties.rates(), facts, snapshot, shortcomings, this::merging)
                .onComplete(merged -> {
                    result = merged.result();
                    if (merged.failed()) {
                        watch.unwritten(String.valueOf(merged.cause().getMessage()));
                    }
                    step(new RunEvent.Merged());
                    if (merged.succeeded()) {
                        end.complete(merged.result());
                    } else {
                        LOG.error("the results of run {} cannot be written", id, merged.cause());
                        end.fail(merged.cause());
                    }
                });
    }

    private void merging(double share) {
        watch.merged(share);
        listener.merging(share);
    }

    /** An agent that had finished when it was lost has whole books, which say nothing of it; but its files may be missing. */
    private List<String> lossesAfterTheBooksWereClosed(RunAccount account) {
        return snapshot.losses().entrySet().stream()
                .filter(lost -> account.agents().get(lost.getKey()).loss() == null)
                .map(lost -> snapshot.named(lost.getKey()) + ": " + lost.getValue())
                .toList();
    }

    private AgentFacts facts(FleetAgent member) {
        return new AgentFacts(
                member.name(),
                member.hello().host(),
                member.link().interfaceName(),
                member.link().speedBitsPerSecond(),
                parties.endpointsOf(member.name()),
                member.hello().cores(),
                clocks.overRun(member),
                finished.get(member.name()));
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
                parties.bound(agent.name(), message);
                step(new RunEvent.Bound(agent.name()));
            }
        }

        @Override
        public void on(ToCoordinator.Prepared prepared) {
            if (!isOurs(prepared.run())) {
                return;
            }
            if (parties.hasBound(agent.name())) {
                step(new RunEvent.Prepared(agent.name()));
            } else {
                lost(agent.name(), "says that it is prepared, but has bound nothing");
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
            step(new RunEvent.Finished(agent.name()));
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
