package dev.freshet.agent.producer;

import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.Timetable;

/**
 * How far a run has come: what its two threads and its owner tell each other. Everything but a change of the rate happens once, and stays so.
 *
 * <p>Thread-safe.
 */
final class Course {
    private boolean filled;
    private boolean connected;
    private boolean startSaid;
    private int answeringPeers;
    private Long t0Nanos;
    private volatile Timetable timetable;
    private volatile long firstMeasured;
    private volatile Sending sending;
    private volatile String stopReason;
    private volatile boolean released;

    private Course(Timetable timetable, long firstMeasured) {
        this.timetable = timetable;
        this.firstMeasured = firstMeasured;
    }

    /** Of a shard whose rate nobody has changed yet. */
    static Course of(Shard.Producing shard) {
        return shard.paced()
                ? new Course(Timetable.of(shard.schedule()), shard.firstMeasured())
                : new Course(null, Long.MAX_VALUE);
    }

    /**
     * What is to be sent from a moment on is another; by the owner, the only one who changes it.
     *
     * @throws IllegalArgumentException if a change was missed before, or messages are sent unpaced
     */
    void adjust(Timetable.Piece piece) {
        if (timetable == null) {
            throw new IllegalArgumentException("it is unpaced");
        }
        timetable = timetable.with(piece);
    }

    /** What is to be sent when, as far as is known; another object after each change; null if messages are sent unpaced. */
    Timetable timetable() {
        return timetable;
    }

    /** The message that is the first measured one; by the publishing thread before it is offered, where no timetable tells it. */
    void setFirstMeasured(long index) {
        firstMeasured = index;
    }

    /** The number of the first measured message; above all others as long as it is not known. */
    long firstMeasured() {
        return firstMeasured;
    }

    /** The messages' memory is taken; by the publishing thread. */
    synchronized void setFilled() {
        filled = true;
        notifyAll();
    }

    synchronized boolean isFilled() {
        return filled;
    }

    /** It is known whom to connect to; by the owner. */
    synchronized void setConnected() {
        connected = true;
        notifyAll();
    }

    synchronized boolean isConnected() {
        return connected;
    }

    /** A consumer said {@code start}; by the answering thread. */
    synchronized void setStartSaid() {
        startSaid = true;
        notifyAll();
    }

    synchronized boolean isStartSaid() {
        return startSaid;
    }

    /** To how many peers' answers there is a connection; by an I/O thread. */
    synchronized void setAnsweringPeers(int peers) {
        answeringPeers = peers;
        notifyAll();
    }

    synchronized int answeringPeers() {
        return answeringPeers;
    }

    /** When the schedule begins; the first one counts. */
    synchronized void start(long nanos) {
        if (t0Nanos == null) {
            t0Nanos = nanos;
            notifyAll();
        }
    }

    /** Null as long as it is not known. */
    synchronized Long t0Nanos() {
        return t0Nanos;
    }

    /** The publishing thread has finished its books. */
    void setSending(Sending done) {
        sending = done;
    }

    /** Null as long as messages are being sent. */
    Sending sending() {
        return sending;
    }

    synchronized void stop(String reason) {
        if (stopReason == null) {
            stopReason = reason;
            notifyAll();
        }
    }

    /** Null as long as the run goes on. */
    String stopReason() {
        return stopReason;
    }

    boolean isStopped() {
        return stopReason != null || released;
    }

    /** Both threads end as soon as they can. */
    synchronized void release() {
        released = true;
        notifyAll();
    }

    boolean isReleased() {
        return released;
    }

    /** Waits until something happens, or about so long. */
    synchronized void awaitChange(long millis) throws InterruptedException {
        if (!isStopped()) {
            wait(millis);
        }
    }
}
