package dev.freshet.agent.session;

import dev.freshet.agent.monitor.HostMonitor;
import dev.freshet.agent.monitor.InterfaceMonitor;
import dev.freshet.agent.run.Recording;
import dev.freshet.agent.run.RunEvents;
import dev.freshet.agent.run.RunFactory;
import dev.freshet.agent.run.ShardRun;
import dev.freshet.common.control.BookCodec;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.control.ToCoordinator.BookEntry;
import dev.freshet.common.control.ToCoordinator.NetworkSample;
import dev.freshet.common.control.ToCoordinator.SpooledFile;
import dev.freshet.common.time.EpochClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run as the session sees it: passes the coordinator's orders to the {@link ShardRun}, and what that tells back to the link, with the
 * samples of interface and host beside it. Owned by the link's thread; the {@link RunEvents} come from the run's threads and are posted.
 */
final class SessionRun implements RunEvents {
    private static final Logger LOG = LoggerFactory.getLogger(SessionRun.class);
    private static final String NETWORK = "network.csv";

    private final String id;
    private final ControlLink link;
    private final EpochClock clock;
    private final SpooledFiles spool;
    private final InterfaceMonitor network;
    private final HostMonitor host = new HostMonitor();
    private final ShardRun run;
    private final Consumer<SessionRun> whenFailed;
    private final Map<String, Path> files = new HashMap<>(); // by the names in Finished: nothing else is served
    private final ChunkReader chunks = new ChunkReader();
    private final long wallDriftAtStartNanos;
    private long t0Nanos;

    /**
     * @param spoolParent where the run's recordings get a directory
     * @param whenFailed told on the link's thread, after the coordinator
     * @throws RuntimeException if the shard cannot be taken; nothing is left behind then
     */
    SessionRun(
            ToAgent.Prepare prepare,
            AgentIdentity identity,
            Path spoolParent,
            ControlLink link,
            EpochClock clock,
            RunFactory factory,
            Consumer<SessionRun> whenFailed) {
        this.id = prepare.run();
        this.link = link;
        this.clock = clock;
        this.whenFailed = whenFailed;
        this.spool = new SpooledFiles(spoolParent, identity.name());
        this.network = new InterfaceMonitor(
                identity.network().name(), spool.directory().resolve(NETWORK), clock);
        this.wallDriftAtStartNanos = clock.wallMinusAnchoredNanos();
        network.start();
        try {
            this.run = factory.create(prepare.shard(), spool.directory(), this);
        } catch (RuntimeException | Error e) {
            network.close();
            spool.delete();
            throw e;
        }
    }

    String id() {
        return id;
    }

    void bind() {
        run.bind();
    }

    void connect(List<ToAgent.Peer> peers) {
        run.connect(peers);
    }

    void start(ToAgent.Start start) {
        t0Nanos = start.t0Nanos();
        run.start(t0Nanos, start.producersT0Nanos());
    }

    /** A producer that cannot go on so would send what nobody asked for: that is the end of its part. */
    void adjust(ToAgent.Adjust adjust) {
        try {
            run.adjust(adjust.piece());
        } catch (IllegalArgumentException e) {
            fail("the rate cannot be changed: " + e.getMessage());
        }
    }

    void stop(String reason) {
        run.stop(reason);
    }

    /** Sends what the credit allows; the coordinator asks again from where it has got to. */
    void collect(ToAgent.Collect collect) {
        Path file = files.get(collect.file());
        if (file == null) {
            fail("asked for " + collect.file() + ", which is not among the files of this run");
            return;
        }
        try {
            chunks.read(
                    file,
                    collect.offset(),
                    collect.creditBytes(),
                    (offset, bytes) -> link.send(new ToCoordinator.Chunk(id, collect.file(), offset), List.of(bytes)));
        } catch (IOException e) {
            fail("cannot read " + collect.file() + ": " + e.getMessage());
        }
    }

    /** Tells the coordinator that this run is over, and why, then the session: on the link's thread. */
    void fail(String reason) {
        link.send(new ToCoordinator.Failed(id, reason), List.of());
        whenFailed.accept(this);
    }

    /** Ends all that this run has, in a thread of its own, as it may take some seconds; the future is done when it has ended. */
    CompletableFuture<Void> release() {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        run.release();
                        network.close();
                    } finally {
                        spool.delete();
                    }
                },
                task -> new Thread(task, "release").start());
    }

    @Override
    public void bound(List<String> endpoints, String startEndpoint) {
        post(new ToCoordinator.Bound(id, endpoints, startEndpoint));
    }

    @Override
    public void prepared() {
        System.gc(); // what preparing left is not to be collected while the run is measured
        post(new ToCoordinator.Prepared(id));
    }

    @Override
    public void failed(String reason) {
        link.execute(() -> fail(reason));
    }

    private void post(ToCoordinator message) {
        link.execute(() -> link.send(message, List.of()));
    }

    @Override
    public void interval(int interval, Report report) {
        link.execute(
                () -> { // adding up and encoding takes a moment, which the recording threads do not have
                    List<byte[]> attachments = new ArrayList<>();
                    List<BookEntry> encoded = encode(report.entries(), attachments);
                    report.giveBack();
                    NetworkSample sample = interval == 0 ? network.first() : network.latest();
                    link.send(new ToCoordinator.Progress(id, interval, encoded, sample, host.sample()), attachments);
                });
    }

    private static List<BookEntry> encode(List<Entry> entries, List<byte[]> attachments) {
        return entries.stream()
                .filter(entry -> !entry.book().isEmpty())
                .map(entry -> BookCodec.encode(entry.producer(), entry.phase(), entry.book(), attachments))
                .toList();
    }

    @Override
    public void finished(Result result) {
        long wallDriftNanos = clock.wallMinusAnchoredNanos() - wallDriftAtStartNanos;
        new Thread(() -> closeBooks(result, wallDriftNanos), "last-sample").start(); // which takes its time
    }

    /** The recordings may be in a state that nobody thought of; that the run is finished is told all the same. */
    private void closeBooks(Result result, long wallDriftNanos) {
        try {
            network.close();
            List<String> notes = new ArrayList<>(result.notes());
            if (network.problem() != null) {
                notes.add(network.problem());
            }
            List<Recording> recordings = readable(result.files(), notes);
            link.execute(() -> {
                recordings.forEach(recording -> files.put(recording.name(), recording.path()));
                link.send(
                        new ToCoordinator.Finished(
                                id,
                                result.intervals(),
                                encode(result.totals().get(), null),
                                result.firstSendNanos(),
                                t0Nanos,
                                wallDriftNanos,
                                network.latest(),
                                recordings.stream()
                                        .map(file -> new SpooledFile(file.name(), file.sizeBytes(), file.crc32c()))
                                        .toList(),
                                notes),
                        List.of());
            });
        } catch (RuntimeException | Error e) {
            LOG.error("run {} cannot be finished", id, e);
            failed("cannot be finished: " + e);
        }
    }

    private List<Recording> readable(List<Recording> recorded, List<String> notes) {
        List<Recording> readable = new ArrayList<>();
        for (Recording recording : recorded) {
            if (Files.isReadable(recording.path())) {
                readable.add(recording);
            } else {
                notes.add(recording.name() + " cannot be read, and is not delivered");
            }
        }
        try {
            readable.add(Recording.of(spool.directory().resolve(NETWORK)));
        } catch (IOException e) {
            notes.add(NETWORK + " cannot be read, and is not delivered: " + e);
        }
        return readable;
    }
}
