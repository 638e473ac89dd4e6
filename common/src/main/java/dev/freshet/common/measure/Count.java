package dev.freshet.common.measure;

import java.util.Locale;

/** What is counted. Messages unless the name says bytes. */
public enum Count {
    /** Messages whose turn came. */
    SCHEDULED,
    /** Accepted by the publisher. */
    SENT,
    /** Refused at the high-water mark, and left out. */
    SKIPPED,
    /** Scheduled, but the run ended before their turn. */
    CANCELLED,
    /** Payload of what was sent. */
    SENT_BYTES,
    /** What was sent with its headers, topics and frame lengths, as it goes to TCP. */
    WIRE_BYTES,
    /** Messages whose first answer arrived. */
    ANSWERED,
    /** Answers matched with their message, and timed. */
    MEASURED,
    /** Of those, the ones that get a row in the measurement file. */
    ROWS,
    /** Answers that came after their message had been overwritten in the in-flight table. */
    LATE,
    /** In-flight entries overwritten by a newer message before an answer came. */
    OVERWRITTEN,
    /** Second answers to one message. */
    DUPLICATE_ANSWERS,
    /** Answers with another producer's id. */
    FOREIGN_ANSWERS,
    /** Answers that do not parse. */
    MALFORMED_ANSWERS,
    /** Timed, but a delay came out negative or beyond an hour: a clock stepped. */
    IMPOSSIBLE,
    /** Distinct messages that reached the consumer. */
    RECEIVED,
    /** Payload of what was received. */
    RECEIVED_BYTES,
    /** Sequence numbers the consumer saw jumped over, and that did not come later. */
    MISSING,
    /** Messages that reached the consumer again. */
    DUPLICATES,
    /** Messages that came after one with a higher number on the same channel. */
    OUT_OF_ORDER,
    /** Requests that do not parse. */
    MALFORMED;

    /** The name in JSON and CSV. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The constant of that name in JSON and CSV, or null. */
    public static Count named(String name) {
        for (Count count : values()) {
            if (count.toString().equals(name)) {
                return count;
            }
        }
        return null;
    }
}
