package dev.freshet.coordinator.web;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file (RFC 9110, section 14).
 *
 * @param offset of the first byte
 * @param length in bytes, from 1
 */
record ByteRange(long offset, long length) {
    private static final Pattern ONE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * What a {@code Range} header asks for. One of several ranges, or of another unit, is passed over, as the RFC allows: the answer is the whole.
     *
     * @param header null if there is none
     * @return empty for the whole
     * @throws ProblemException if it is beyond the end, or makes no sense
     */
    static Optional<ByteRange> of(String header, long size) {
        if (header == null || !header.startsWith("bytes=") || header.contains(",")) {
            return Optional.empty();
        }
        Matcher asked = ONE.matcher(header.strip());
        if (!asked.matches() || asked.group(1).isEmpty() && asked.group(2).isEmpty()) {
            throw unsatisfiable("the header Range is no range of bytes (example: bytes=0-499)");
        }
        if (asked.group(1).isEmpty()) {
            long last = Math.min(size, Long.parseLong(asked.group(2)));
            return part(size - last, last, size);
        }
        long from = Long.parseLong(asked.group(1));
        long to = asked.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(asked.group(2)));
        return part(from, to - from + 1, size);
    }

    private static Optional<ByteRange> part(long offset, long length, long size) {
        if (length <= 0 || offset >= size) {
            throw unsatisfiable("the header Range asks for what is beyond the file's " + size + " bytes");
        }
        return Optional.of(new ByteRange(offset, length));
    }

    private static ProblemException unsatisfiable(String detail) {
        return Problem.of(416, detail).exception();
    }

    /** The {@code Content-Range} of the answer. */
    String contentRange(long size) {
        return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
    }
}
