package dev.freshet.common.measure;

/**
 * The conservation account of a run or of one producer. Null means not known (an outside consumer's {@code received}), never zero.
 * Ledgers add; a figure that one of them does not know, the sum does not know.
 *
 * @param scheduled messages the schedule had
 * @param sent accepted by the publisher
 * @param skipped refused at the high-water mark
 * @param cancelled not sent because the run ended before
 * @param received reached a consumer
 * @param lost sent, not received
 * @param answered whose answer reached the producer
 * @param unanswered received, not answered
 * @param measured answers matched and timed
 * @param late answers that came too late to be matched
 */
public record Ledger(
        long scheduled,
        long sent,
        long skipped,
        long cancelled,
        Long received,
        Long lost,
        long answered,
        Long unanswered,
        long measured,
        long late) {
    public Ledger {
        if ((received == null) != (lost == null) || (received == null) != (unanswered == null)) {
            throw new IllegalArgumentException("received, lost and unanswered are known together, or not at all");
        }
    }

    /** The identity of {@link #plus}. */
    public static final Ledger EMPTY = new Ledger(0, 0, 0, 0, 0L, 0L, 0, 0L, 0, 0);

    /**
     * The account of one producer's measured phase.
     *
     * @param received what the consumers had of it, or null if they are not ours
     */
    public static Ledger of(Counts counts, Long received) {
        long sent = counts.get(Count.SENT);
        long answered = counts.get(Count.ANSWERED);
        return new Ledger(
                counts.get(Count.SCHEDULED),
                sent,
                counts.get(Count.SKIPPED),
                counts.get(Count.CANCELLED),
                received,
                received == null ? null : sent - received,
                answered,
                received == null ? null : received - answered,
                counts.get(Count.MEASURED),
                counts.get(Count.LATE));
    }

    public Ledger plus(Ledger other) {
        return new Ledger(
                scheduled + other.scheduled,
                sent + other.sent,
                skipped + other.skipped,
                cancelled + other.cancelled,
                sum(received, other.received),
                sum(lost, other.lost),
                answered + other.answered,
                sum(unanswered, other.unanswered),
                measured + other.measured,
                late + other.late);
    }

    private static Long sum(Long a, Long b) {
        return a == null || b == null ? null : Long.valueOf(a + b);
    }

    /** Whether every line closes, and no figure is below zero; of lines that are not known, whether they could. */
    public boolean balanced() {
        boolean sending = sent >= 0 && skipped >= 0 && cancelled >= 0 && scheduled == sent + skipped + cancelled;
        boolean answering = measured >= 0 && late >= 0 && answered == measured + late;
        return sending && answering && (received == null ? answered <= sent : receivingBalanced());
    }

    private boolean receivingBalanced() {
        return lost >= 0 && unanswered >= 0 && sent == received + lost && received == answered + unanswered;
    }
}
