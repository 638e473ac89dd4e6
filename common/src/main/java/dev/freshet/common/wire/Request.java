package dev.freshet.common.wire;

import dev.freshet.common.measure.Digits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The request of the streaming contract: what a producer publishes. Two frames, the topic and a body:
 *
 * <pre>
 *   request|seq_n=&lt;n&gt;|msg_id=&lt;id&gt;|t1=&lt;20 digits&gt;|data=&lt;payload&gt;
 *   '---------------- header, ASCII -------------------'
 * </pre>
 *
 * {@code n} counts from 0 without padding, {@code id} is an opaque token of printable ASCII without {@code |} and {@code =}, {@code t1} is microseconds since
 * the Unix epoch padded with zeros to 20 digits. This class is the only one that knows where the parts lie.
 *
 * <p>Writing and reading allocate nothing. An object of this class is one reader's view of the last body parsed; it is not thread-safe.
 */
public final class Request {
    /** The first frame, and what subscribers subscribe to. */
    public static final String TOPIC = "request";

    /** No header is longer, if {@code id} is at most {@link #MAX_ID_BYTES}. */
    public static final int MAX_HEADER_BYTES = 160;

    public static final int MAX_ID_BYTES = 64;

    private static final int SHORT_FRAME_BYTES = 2;
    private static final int LONG_FRAME_BYTES = 9;
    private static final int MAX_SHORT_BODY_BYTES = 255;

    private static final byte[] START = ascii("request|seq_n=");
    private static final byte[] ID = ascii("|msg_id=");
    private static final byte[] T1 = ascii("|t1=");
    private static final byte[] DATA = ascii("|data=");
    private static final int T1_DIGITS = 20;
    private static final byte[] NO_PREFIX = {};

    private final byte[] head = new byte[MAX_HEADER_BYTES];
    private long seq;
    private int idStart;
    private int idLength;
    private long t1Micros;
    private int headerLength;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Writes a header so that it ends where the payload begins; its digits grow to the left, and the payload never moves.
     *
     * @param buffer big-endian, written by absolute positions; its own position is left alone
     * @param payloadStart where the payload begins, at least {@link #MAX_HEADER_BYTES}
     * @param idPrefix what stands in {@code msg_id} before the number {@code seq}; empty for a standalone producer
     * @return where the header begins
     */
    public static int writeHeaderBefore(ByteBuffer buffer, int payloadStart, byte[] idPrefix, long seq, long t1Micros) {
        int at = putBefore(buffer, payloadStart, DATA);
        long upper = t1Micros / Digits.EIGHT;
        buffer.putLong(at - 8, Digits.of(t1Micros % Digits.EIGHT));
        buffer.putLong(at - 16, Digits.of(upper % Digits.EIGHT));
        buffer.putInt(at - T1_DIGITS, (int) Digits.of(upper / Digits.EIGHT)); // the last four of eight
        at = putBefore(buffer, at - T1_DIGITS, T1);
        at = putNumberBefore(buffer, at, seq);
        at = putBefore(buffer, at, idPrefix);
        at = putBefore(buffer, at, ID);
        at = putNumberBefore(buffer, at, seq);
        return putBefore(buffer, at, START);
    }

    /** The length of the header that {@link #writeHeaderBefore} writes. */
    public static int headerLength(byte[] idPrefix, long seq) {
        return START.length + ID.length + T1.length + DATA.length + T1_DIGITS + idPrefix.length + 2 * digits(seq);
    }

    /** What ZMTP 3 (RFC 23) puts around the two frames besides their bodies, and the topic: flags and length, of one byte up to 255, else of eight. */
    public static int framingBytes(int bodyLength) {
        return SHORT_FRAME_BYTES
                + TOPIC.length()
                + (bodyLength <= MAX_SHORT_BODY_BYTES ? SHORT_FRAME_BYTES : LONG_FRAME_BYTES);
    }

    /** What stands before the number in the {@code msg_id} of a fleet's producer; a standalone one has none. */
    public static byte[] idPrefix(String producer) {
        return producer == null ? NO_PREFIX : ascii(producer + "-");
    }

    private static int putBefore(ByteBuffer buffer, int end, byte[] bytes) {
        int at = end - bytes.length;
        for (int i = 0; i < bytes.length; i++) {
            buffer.put(at + i, bytes[i]);
        }
        return at;
    }

    /** Writes eight digits at a time: leading zeros are overwritten by what comes before them, which is longer than eight bytes. */
    private static int putNumberBefore(ByteBuffer buffer, int end, long number) {
        int at = end;
        long rest = number;
        while (rest >= Digits.EIGHT) {
            at -= 8;
            buffer.putLong(at, Digits.of(rest % Digits.EIGHT));
            rest /= Digits.EIGHT;
        }
        long digits = Digits.of(rest);
        buffer.putLong(at - 8, digits);
        return at - 8 + Digits.leadingZeros(digits);
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    /**
     * Reads the header of a body. Its fields can be asked until the next call.
     *
     * @param body from position 0 to its limit; its position is left alone
     * @return false if it is malformed
     */
    public boolean parse(ByteBuffer body) {
        int length = Math.min(body.limit(), head.length);
        body.get(0, head, 0, length);
        return parseHead(length);
    }

    /**
     * As {@link #parse(ByteBuffer)}, from an array that has the beginning of a body.
     *
     * @param bodyLength how much of the body is there; of what is longer than a header no more is looked at
     */
    public boolean parse(byte[] body, int bodyLength) {
        int length = Math.min(bodyLength, head.length);
        System.arraycopy(body, 0, head, 0, length);
        return parseHead(length);
    }

    private boolean parseHead(int length) {
        int at = START.length;
        if (!matches(START, 0, length)) {
            return false;
        }
        int digitsEnd = digitsEnd(at, length);
        if (digitsEnd == at || digitsEnd - at > 19) {
            return false;
        }
        seq = number(at, digitsEnd);
        if (seq < 0 || !matches(ID, digitsEnd, length)) {
            return false;
        }
        idStart = digitsEnd + ID.length;
        at = idStart;
        while (at < length && head[at] != '|') {
            if (head[at] < ' ' || head[at] > '~' || head[at] == '=') {
                return false; // it is echoed in JSON, where a control character or half a UTF-8 sequence is malformed
            }
            at++;
        }
        idLength = at - idStart;
        if (idLength == 0 || idLength > MAX_ID_BYTES || !matches(T1, at, length)) {
            return false;
        }
        at += T1.length;
        if (digitsEnd(at, length) != at + T1_DIGITS) {
            return false;
        }
        t1Micros = number(at, at + T1_DIGITS);
        at += T1_DIGITS;
        headerLength = at + DATA.length;
        return t1Micros >= 0 && matches(DATA, at, length);
    }

    private boolean matches(byte[] part, int from, int length) {
        if (from + part.length > length) {
            return false;
        }
        for (int i = 0; i < part.length; i++) {
            if (head[from + i] != part[i]) {
                return false;
            }
        }
        return true;
    }

    private int digitsEnd(int from, int length) {
        int at = from;
        while (at < length && head[at] >= '0' && head[at] <= '9') {
            at++;
        }
        return at;
    }

    /** The number in decimal, or -1 if it does not fit 63 bits. */
    private long number(int from, int end) {
        long value = 0;
        for (int i = from; i < end; i++) {
            int digit = head[i] - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    public long seq() {
        return seq;
    }

    public long t1Micros() {
        return t1Micros;
    }

    /** Bytes before the payload. */
    public int headerLength() {
        return headerLength;
    }

    public int idLength() {
        return idLength;
    }

    /** Copies {@code msg_id} and returns its length. */
    public int copyId(byte[] to, int at) {
        System.arraycopy(head, idStart, to, at, idLength);
        return idLength;
    }

    /** {@code msg_id} as text; allocates. */
    public String id() {
        return new String(head, idStart, idLength, StandardCharsets.US_ASCII);
    }
}
