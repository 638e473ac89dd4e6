package dev.freshet.deploy.remote;

import dev.freshet.coordinator.live.Frame;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events, frame by frame. */
final class EventStream implements Closeable {
    /** A thousand agents take 2 MB. */
    private static final int MAX_LINE_BYTES = 16 << 20;

    private final InputStream in;

    EventStream(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /**
     * Waits for the next one. Comments, and fields that a frame has not, are passed over.
     *
     * @throws EOFException if the server ended the stream, in the middle of a frame or not
     * @throws IOException if it broke off, was silent for too long, or has a line beyond all bounds
     */
    Frame next() throws IOException {
        String event = "message";
        String id = null;
        StringBuilder data = null;
        while (true) {
            String line = line();
            if (line.isEmpty() && data != null) {
                return new Frame(event, id, data.toString());
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
            switch (field) {
                case "event" -> event = value;
                case "id" -> id = value;
                case "data" -> data = append(data, value);
                default -> {} // a comment, retry, or the end of a frame without data
            }
        }
    }

    private static StringBuilder append(StringBuilder data, String value) throws IOException {
        if (data == null) {
            return new StringBuilder(value);
        }
        if (data.length() + value.length() > MAX_LINE_BYTES) {
            throw new IOException("a frame of it is longer than " + MAX_LINE_BYTES + " bytes");
        }
        return data.append('\n').append(value);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the coordinator ended it");
            }
            if (line.size() == MAX_LINE_BYTES) {
                throw new IOException("a line of it is longer than " + MAX_LINE_BYTES + " bytes");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
