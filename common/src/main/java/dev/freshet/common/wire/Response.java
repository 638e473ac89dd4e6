package dev.freshet.common.wire;

import dev.freshet.common.measure.MeasurementCsv;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The response of the streaming contract: what a consumer answers. Two frames, the topic and a JSON object:
 *
 * <pre>
 *   {"type":"response","msg_id":"p1-42","seq_n":42,"t2":&lt;us&gt;,"t3":&lt;us&gt;,"status":"processed"}
 * </pre>
 *
 * Writers differ in spaces and in the order of members; members that are not known are ignored, whatever they hold. Only {@code type} must
 * have its value; {@code msg_id}, {@code seq_n}, {@code t2} and {@code t3} must be there.
 *
 * <p>Writing and reading allocate nothing. An object of this class is one reader's view of the last response parsed; it is not thread-safe.
 */
public final class Response {
    /** The first frame, and what producers subscribe to. */
    public static final String TOPIC = "response";

    /** No response of ours is longer, even if each byte of {@code msg_id} has to be escaped. */
    public static final int MAX_BYTES = 320;

    private static final byte[] BEFORE_ID = ascii("{\"type\":\"response\",\"msg_id\":\"");
    private static final byte[] BEFORE_SEQ = ascii("\",\"seq_n\":");
    private static final byte[] BEFORE_T2 = ascii(",\"t2\":");
    private static final byte[] BEFORE_T3 = ascii(",\"t3\":");
    private static final byte[] AFTER_T3 = ascii(",\"status\":\"processed\"}");
    private static final int MAX_DEPTH = 32;

    private static final int TYPE_SEEN = 1;
    private static final int ID_SEEN = 2;
    private static final int SEQ_SEEN = 4;
    private static final int T2_SEEN = 8;
    private static final int T3_SEEN = 16;
    private static final int ALL_SEEN = 31;

    private final byte[] string = new byte[Request.MAX_ID_BYTES];
    private int stringLength;
    private final byte[] id = new byte[Request.MAX_ID_BYTES];
    private int idLength;
    private long seq;
    private long t2Micros;
    private long t3Micros;
    private long number;

    private byte[] text;
    private int at;
    private int end;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Writes a response at the buffer's position; {@link #MAX_BYTES} must be left.
     *
     * @param id holds {@code msg_id} as it came in the request
     */
    public static void write(ByteBuffer to, byte[] id, int idLength, long seq, long t2Micros, long t3Micros) {
        to.put(BEFORE_ID);
        for (int i = 0; i < idLength; i++) {
            byte character = id[i];
            if (character == '"' || character == '\\') {
                to.put((byte) '\\');
            }
            to.put(character);
        }
        to.put(BEFORE_SEQ);
        MeasurementCsv.number(to, seq).put(BEFORE_T2);
        MeasurementCsv.number(to, t2Micros).put(BEFORE_T3);
        MeasurementCsv.number(to, t3Micros).put(AFTER_T3);
    }

    /**
     * Reads a response. Its fields can be asked until the next call.
     *
     * @return false if it is malformed, or not a response
     */
    public boolean parse(byte[] json, int offset, int length) {
        text = json;
        at = offset;
        end = offset + length;
        return object() && atEnd();
    }

    private boolean object() {
        if (!take('{')) {
            return false;
        }
        int seen = 0;
        if (!take('}')) {
            do {
                if (!string() || !take(':')) {
                    return false;
                }
                int member = member();
                if (member < 0) {
                    return false;
                }
                seen |= member;
            } while (take(','));
            if (!take('}')) {
                return false;
            }
        }
        return seen == ALL_SEEN;
    }

    /** Reads the value of the member whose name was just read; which one it was, 0 for one not known, -1 if malformed. */
    private int member() {
        if (named("type")) {
            return string() && named(TOPIC) ? TYPE_SEEN : -1;
        }
        if (named("msg_id")) {
            if (!string() || stringLength < 1 || stringLength > id.length) {
                return -1;
            }
            System.arraycopy(string, 0, id, 0, stringLength);
            idLength = stringLength;
            return ID_SEEN;
        }
        if (named("seq_n")) {
            seq = wholeNumber() ? number : -1;
            return seq < 0 ? -1 : SEQ_SEEN;
        }
        if (named("t2")) {
            t2Micros = wholeNumber() ? number : -1;
            return t2Micros < 0 ? -1 : T2_SEEN;
        }
        if (named("t3")) {
            t3Micros = wholeNumber() ? number : -1;
            return t3Micros < 0 ? -1 : T3_SEEN;
        }
        return skipValue(0) ? 0 : -1;
    }

    private boolean named(String name) {
        if (stringLength != name.length()) {
            return false;
        }
        for (int i = 0; i < stringLength; i++) {
            if (string[i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void skipSpace() {
        while (at < end && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
    }

    private boolean take(char wanted) {
        skipSpace();
        if (at < end && text[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private boolean atEnd() {
        skipSpace();
        return at == end;
    }

    /** Reads a string; of a longer one than any field of ours only the length is kept. */
    private boolean string() {
        if (!take('"')) {
            return false;
        }
        stringLength = 0;
        while (at < end) {
            int c = text[at++];
            if (c == '"') {
                return true;
            }
            if (c >= 0 && c < ' ') {
                return false;
            }
            if (c == '\\') {
                c = escape();
                if (c == -1) {
                    return false;
                }
            }
            if (stringLength < string.length) {
                string[stringLength] = (byte) c;
            }
            stringLength++;
        }
        return false;
    }

    /** The character that an escape stands for ('?' for one that is not ASCII: no field of ours has one), or -1 if malformed. */
    private int escape() {
        if (at >= end) {
            return -1;
        }
        switch (text[at++]) {
            case '"':
                return '"';
            case '\\':
                return '\\';
            case '/':
                return '/';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = at < end ? Character.digit(text[at++], 16) : -1;
                    if (digit < 0) {
                        return -1;
                    }
                    code = code * 16 + digit;
                }
                return code < 128 ? code : '?';
            default:
                return -1;
        }
    }

    /** Reads a number without fraction and exponent that fits 63 bits and is not negative into {@link #number}. */
    private boolean wholeNumber() {
        skipSpace();
        int start = at;
        long value = 0;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            int digit = text[at++] - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return false;
            }
            value = value * 10 + digit;
        }
        number = value;
        boolean leadingZero = at - start > 1 && text[start] == '0';
        return at > start && !leadingZero && (at == end || text[at] != '.' && text[at] != 'e' && text[at] != 'E');
    }

    private boolean skipValue(int depth) {
        skipSpace();
        if (at >= end || depth > MAX_DEPTH) {
            return false;
        }
        switch (text[at]) {
            case '"':
                return string();
            case '{':
                at++;
                if (take('}')) {
                    return true;
                }
                do {
                    if (!string() || !take(':') || !skipValue(depth + 1)) {
                        return false;
                    }
                } while (take(','));
                return take('}');
            case '[':
                at++;
                if (take(']')) {
                    return true;
                }
                do {
                    if (!skipValue(depth + 1)) {
                        return false;
                    }
                } while (take(','));
                return take(']');
            default:
                return skipLiteral();
        }
    }

    private boolean skipLiteral() {
        int start = at;
        while (at < end
                && (Character.isLetterOrDigit(text[at]) || text[at] == '-' || text[at] == '+' || text[at] == '.')) {
            at++;
        }
        int length = at - start;
        return is("true", start, length)
                || is("false", start, length)
                || is("null", start, length)
                || isNumber(start, at);
    }

    /** Whether the bytes are a number as JSON has it (RFC 8259, section 6). */
    private boolean isNumber(int start, int stop) {
        int from = start < stop && text[start] == '-' ? start + 1 : start;
        int past = digitsEnd(from, stop);
        if (past == from || past - from > 1 && text[from] == '0') {
            return false;
        }
        if (past < stop && text[past] == '.') {
            from = past + 1;
            past = digitsEnd(from, stop);
            if (past == from) {
                return false;
            }
        }
        if (past < stop && (text[past] == 'e' || text[past] == 'E')) {
            from = past + 1;
            if (from < stop && (text[from] == '+' || text[from] == '-')) {
                from++;
            }
            past = digitsEnd(from, stop);
            if (past == from) {
                return false;
            }
        }
        return past == stop;
    }

    private int digitsEnd(int from, int stop) {
        int past = from;
        while (past < stop && text[past] >= '0' && text[past] <= '9') {
            past++;
        }
        return past;
    }

    private boolean is(String literal, int start, int length) {
        if (length != literal.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text[start + i] != literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public long seq() {
        return seq;
    }

    public long t2Micros() {
        return t2Micros;
    }

    public long t3Micros() {
        return t3Micros;
    }

    /** {@code msg_id} as text; allocates. */
    public String id() {
        return new String(id, 0, idLength, StandardCharsets.US_ASCII);
    }

    /**
     * The number behind a producer's prefix in {@code msg_id}.
     *
     * @return -1 if the id does not begin with the prefix, or something else than a number follows: it is not ours
     */
    public long idNumber(byte[] prefix) {
        if (idLength <= prefix.length || idLength - prefix.length > 19) {
            return -1;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (id[i] != prefix[i]) {
                return -1;
            }
        }
        long value = 0;
        for (int i = prefix.length; i < idLength; i++) {
            int digit = id[i] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
