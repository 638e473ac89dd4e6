package dev.freshet.coordinator.live;

import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The frames of one run, numbered. Old ones are let go, so memory is bounded; numbers go on over runs, and an epoch, drawn anew by each
 * coordinator, keeps those of another one apart.
 */
final class FeedLog {
    /** An hour. */
    static final int MAX_ROWS = 3600;

    static final int MAX_MARKS = 5000;

    private final String epoch = HexFormat.of().toHexDigits(new Random().nextInt());
    private final TreeMap<Long, Frame> frames = new TreeMap<>();
    private Frame first; // of the run: it stays when what followed it has gone
    private long firstNumber;
    private long next;
    private int rows;
    private int marks;

    /** Begins a run: what was before is forgotten. */
    void begin(String json) {
        frames.clear();
        rows = 0;
        marks = 0;
        firstNumber = next;
        first = new Frame("run", id(next++), json);
    }

    void row(String json) {
        rows++;
        add("row", json);
    }

    void mark(String json) {
        marks++;
        add("mark", json);
    }

    private void add(String event, String json) {
        frames.put(next, new Frame(event, id(next), json));
        next++;
        while (rows > MAX_ROWS || marks > MAX_MARKS) {
            if (frames.pollFirstEntry().getValue().event().equals("row")) {
                rows--;
            } else {
                marks--;
            }
        }
    }

    private String id(long number) {
        return epoch + "-" + number;
    }

    /** The number behind that of the frame with an id; 0 if it is not one of ours. */
    long after(String id) {
        if (id == null || !id.matches(epoch + "-\\d{1,18}")) {
            return 0;
        }
        long number = Long.parseLong(id.substring(epoch.length() + 1));
        return number < next ? number + 1 : 0;
    }

    /** The first frame from a number on, with its number; null if there is none yet. */
    Map.Entry<Long, Frame> from(long number) {
        return first != null && number <= firstNumber ? Map.entry(firstNumber, first) : frames.ceilingEntry(number);
    }
}
