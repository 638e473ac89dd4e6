package dev.freshet.common.control;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.freshet.common.Printable;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import java.util.List;
import java.util.Map;

/** What an agent sends to the coordinator. Each record is one message; its simple name is the name on the wire. */
public sealed interface ToCoordinator {
    /** The longest words for a person that are taken over; what is shown of an agent is made printable here, where it comes in. */
    int MAX_WORDS = 1_000;

    /** The longest name of a host (RFC 1035). */
    int MAX_HOST = 253;

    /** One method for each message: a forgotten one does not compile. */
    interface Handler {
        void on(Hello hello);

        void on(Pong pong);

        void on(Bound bound);

        void on(Prepared prepared);

        void on(Progress progress);

        void on(Finished finished);

        void on(Chunk chunk);

        void on(Failed failed);

        void on(Goodbye goodbye);
    }

    void handle(Handler handler);

    /**
     * First, and again until it is answered.
     *
     * @param name the agent's name in the fleet: letters, digits, dot, dash and underscore
     * @param incarnation drawn at each start of the process, so that a restarted agent is not taken for its predecessor
     * @param labels what {@code --label} gave
     * @param cores processors the agent may use
     * @param runInProgress the run it is still busy with, or null
     */
    record Hello(
            String name,
            String incarnation,
            String host,
            long pid,
            String version,
            Role role,
            Map<String, String> labels,
            List<Interface> interfaces,
            int cores,
            String runInProgress)
            implements ToCoordinator {
        public Hello {
            name = Printable.line(requireNonNull(name, "name is missing"), MAX_HOST);
            requireNonNull(incarnation, "incarnation is missing");
            host = Printable.line(requireNonNull(host, "host is missing"), MAX_HOST);
            version = Printable.line(requireNonNull(version, "version is missing"), MAX_HOST);
            requireNonNull(role, "role is missing");
            labels = Map.copyOf(requireNonNull(labels, "labels is missing"));
            interfaces = List.copyOf(requireNonNull(interfaces, "interfaces is missing"));
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** A network interface that the agent is bound to: name, address, and speed in bits per second (null where the system does not know). */
    record Interface(String name, String address, Long speedBitsPerSecond) {
        public Interface {
            requireNonNull(name, "name is missing");
            requireNonNull(address, "address is missing");
        }
    }

    /** Answers Ping: t1 as it came, t2 and t3 on the agent's clock, nanoseconds since the epoch. */
    record Pong(long seq, long t1Nanos, long t2Nanos, long t3Nanos) implements ToCoordinator {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Answers Prepare: what was bound, with the ports that were taken; the members are those of {@link ToAgent.Peer}. */
    record Bound(String run, List<String> endpoints, String startEndpoint) implements ToCoordinator {
        public Bound {
            requireNonNull(run, "run is missing");
            endpoints = List.copyOf(requireNonNull(endpoints, "endpoints is missing"));
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Answers Connect: handshakes done, every subscription seen. */
    record Prepared(String run) implements ToCoordinator {
        public Prepared {
            requireNonNull(run, "run is missing");
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * One interval, as soon as it is over; also while draining. Intervals come in order, none is left out, none comes twice.
     *
     * @param interval seconds since T0
     * @param entries the books of this interval; histograms travel as attachments
     * @param network counters of the interface, those of the first Progress from before T0; null before the first sample
     */
    record Progress(String run, int interval, List<BookEntry> entries, NetworkSample network, HostSample host)
            implements ToCoordinator {
        public Progress {
            requireNonNull(run, "run is missing");
            entries = List.copyOf(requireNonNull(entries, "entries is missing"));
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Counts and histograms of one producer's messages in one phase: the producer's own view, or a consumer's.
     *
     * @param producer whose messages
     * @param histograms what the attachments hold, in their order across all entries
     */
    record BookEntry(String producer, Phase phase, Counts counts, List<HistogramEntry> histograms) {
        public BookEntry {
            requireNonNull(producer, "producer is missing");
            requireNonNull(phase, "phase is missing");
            requireNonNull(counts, "counts is missing");
            histograms = List.copyOf(requireNonNull(histograms, "histograms is missing"));
        }
    }

    /**
     * @param metric null if the sender times what this side does not know
     * @param negative whether the attachment holds magnitudes of values below zero
     * @param values how many it holds
     */
    record HistogramEntry(Metric metric, boolean negative, long values) {}

    /** The interface's counters as the system has them, at a moment of the agent's clock in microseconds since the epoch. */
    record NetworkSample(
            long atMicros,
            long bytesSent,
            long bytesRecv,
            long packetsSent,
            long packetsRecv,
            long errIn,
            long errOut,
            long dropIn,
            long dropOut) {}

    /**
     * What the process did to its host in this interval.
     *
     * @param cpuShare processor seconds a second, of the process; may exceed 1
     * @param gcMillis time in garbage collection
     * @param residentBytes memory resident, or null where the system does not tell
     */
    record HostSample(double cpuShare, long gcMillis, Long residentBytes) {}

    /**
     * After the last Progress, on the same ordered channel.
     *
     * @param intervals how many Progress there were
     * @param totals the sums that the intervals must come to; their histogram entries have no attachments
     * @param firstSendNanos when the first message went out, on the agent's clock; null for a consumer or if none did
     * @param t0Nanos the T0 it was given, on the agent's clock
     * @param wallDriftNanos how far the wall clock moved away from the run's clock during the run
     * @param network the interface's counters after the last message, or null; with those of the first Progress, taken before T0, they bracket
     *     all that was sent
     * @param files what can be collected
     * @param notes what a person should know, in words: each becomes a reason in the verdict
     */
    record Finished(
            String run,
            int intervals,
            List<BookEntry> totals,
            Long firstSendNanos,
            long t0Nanos,
            long wallDriftNanos,
            NetworkSample network,
            List<SpooledFile> files,
            List<String> notes)
            implements ToCoordinator {
        public Finished {
            requireNonNull(run, "run is missing");
            totals = List.copyOf(requireNonNull(totals, "totals is missing"));
            files = List.copyOf(requireNonNull(files, "files is missing"));
            notes = requireNonNull(notes, "notes is missing").stream()
                    .map(note -> Printable.line(note, MAX_WORDS))
                    .toList();
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** A file kept until Release. {@code crc32c} is of the whole. */
    record SpooledFile(String name, long sizeBytes, long crc32c) {
        public SpooledFile {
            requireNonNull(name, "name is missing");
        }
    }

    /** Answers Collect; the bytes are the attachment. */
    record Chunk(String run, String file, long offset) implements ToCoordinator {
        public Chunk {
            requireNonNull(run, "run is missing");
            requireNonNull(file, "file is missing");
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** The shard cannot be done, and why, in words for a person. */
    record Failed(String run, String reason) implements ToCoordinator {
        public Failed {
            reason = Printable.line(requireNonNullElse(reason, "no reason was given"), MAX_WORDS);
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** The process ends of its own will. */
    record Goodbye(String reason) implements ToCoordinator {
        public Goodbye {
            reason = Printable.line(requireNonNullElse(reason, "no reason was given"), MAX_WORDS);
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }
}
