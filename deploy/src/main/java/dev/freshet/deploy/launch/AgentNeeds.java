package dev.freshet.deploy.launch;

import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * What an agent of a plan needs of its Java virtual machine. Bounds, not reservations.
 *
 * @param heapBytes the largest Java heap
 * @param directBytes the most that message buffers may take
 * @param messagesPerSecond what it will send or receive, about
 */
public record AgentNeeds(long heapBytes, long directBytes, double messagesPerSecond) {
    private static final long HEAP_BYTES = 96L << 20;

    /** Garbage of more than a minute, as a run makes little and keeps none of it: a short run is not interrupted to collect it. */
    private static final long NURSERY_BYTES = 32L << 20;

    /** Beside an optimizing compiler, which needs the memory for itself. */
    private static final long SMALL_NURSERY_BYTES = 8L << 20;

    /** Queues and receive buffers take a few MiB; those of the reference engine hold 64 MiB, or a few messages if those are larger. */
    private static final long BUFFER_BYTES = 256L << 20;

    private static final int LARGE_MESSAGES = 8;

    /**
     * Below this the optimizing compiler takes more than it gives: it costs each process some two processor seconds just when the run begins,
     * and on a machine with as many agents as cores those are missing to the messages.
     */
    private static final double OPTIMIZING_FROM_PER_SECOND = 5_000;

    /**
     * Where the JDK's selector calls us, JeroMQ's its connections, and the control channel both JSON and JeroMQ. Without these borders the whole way
     * of a message becomes one method, now and then, of {@code EPollSelectorImpl} for example: 30 MB of the compiler's memory at a blow.
     */
    static final List<String> COMPILED_APART = List.of(
            "dev/freshet/agent/zmtp/IoThread.dispatch",
            "dev/freshet/agent/zmtp/Subscriber.dispatch",
            "dev/freshet/common/control/ControlCodec.encode",
            "zmq/SocketBase.send",
            "zmq/io/StreamEngine.inEvent",
            "zmq/io/StreamEngine.outEvent");

    /** What an agent of a role needs that is to send or receive so many messages a second. */
    public static AgentNeeds of(Plan plan, Role role, double messagesPerSecond) {
        long connections = (long) plan.channels() * (role == Role.PRODUCER ? 1 : plan.agents());
        return new AgentNeeds(
                HEAP_BYTES,
                BUFFER_BYTES + LARGE_MESSAGES * plan.sizes().maxSizeBytes() * connections,
                messagesPerSecond);
    }

    /** The options that give it just that. */
    public List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of(
                "-Xms" + megabytes(heapBytes),
                "-Xmx" + megabytes(heapBytes),
                "-Xmn" + megabytes(optimizing() ? SMALL_NURSERY_BYTES : NURSERY_BYTES),
                "-XX:SurvivorRatio=14",
                "-XX:MaxDirectMemorySize=" + megabytes(directBytes),
                "-XX:MaxTenuringThreshold=1", // what has outlived one of them stays, and is not copied by the next
                "-XX:+UseSerialGC", // the smallest footprint, and its pauses are short on a heap of this size
                "-XX:ReservedCodeCacheSize=48m",
                "-Xss512k",
                "-XX:+ExitOnOutOfMemoryError"));
        if (optimizing()) { // of methods larger than that, the compiler's own memory would be a sixth of the process
            options.addAll(
                    List.of("-XX:MaxNodeLimit=20000", "-XX:NodeLimitFudgeFactor=1000", "-XX:CompileCommand=quiet"));
            COMPILED_APART.forEach(method -> options.add("-XX:CompileCommand=dontinline," + method));
        } else {
            options.add("-XX:TieredStopAtLevel=1");
        }
        return options;
    }

    private boolean optimizing() {
        return messagesPerSecond >= OPTIMIZING_FROM_PER_SECOND;
    }

    private static String megabytes(long bytes) {
        return Math.max(1, bytes >> 20) + "m";
    }
}
