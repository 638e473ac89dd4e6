package dev.freshet.agent.zmtp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** What a peer might say, made from a seed: in order, or with faults in it. And what an {@link Inbound} makes of bytes, in words that can be compared. */
final class Stream {
    static final int KEPT_BYTES = 100;
    static final int MAX_FRAME_BYTES = 100_000;
    private static final int SHORT = 255;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final SplittableRandom random;

    private Stream(SplittableRandom random) {
        this.random = random;
    }

    /** A greeting, a READY, and some frames of all kinds and lengths. */
    static byte[] inOrder(long seed) {
        Stream stream = new Stream(new SplittableRandom(seed));
        stream.bytes.writeBytes(Greeting.ours());
        stream.bytes.writeBytes(Command.ready("SUB"));
        int frames = stream.random.nextInt(12);
        for (int i = 0; i < frames; i++) {
            stream.frame();
        }
        return stream.bytes.toByteArray();
    }

    /** As {@link #inOrder}, but with bytes changed, left out or put in. */
    static byte[] withFaults(long seed) {
        SplittableRandom random = new SplittableRandom(~seed);
        byte[] stream = inOrder(seed);
        int faults = 1 + random.nextInt(4);
        for (int i = 0; i < faults; i++) {
            // most of what can go wrong goes wrong at the beginning
            int at = random.nextInt(random.nextBoolean() ? stream.length : Math.min(stream.length, 120));
            stream = switch (random.nextInt(4)) {
                case 0 -> joined(Arrays.copyOf(stream, at), Arrays.copyOfRange(stream, at + 1, stream.length));
                case 1 ->
                    joined(
                            Arrays.copyOf(stream, at),
                            absurdFrame(random),
                            Arrays.copyOfRange(stream, at, stream.length));
                default -> {
                    stream[at] = (byte) (random.nextBoolean() ? random.nextInt() : stream[at] ^ 1 << random.nextInt(8));
                    yield stream;
                }
            };
        }
        return stream;
    }

    private static byte[] absurdFrame(SplittableRandom random) {
        long[] lengths = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 31, Integer.MAX_VALUE, 1L << 40, MAX_FRAME_BYTES + 1
        };
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) (FrameReader.LONG | random.nextInt(8)))
                .putLong(lengths[random.nextInt(lengths.length)])
                .array();
    }

    private void frame() {
        switch (random.nextInt(6)) {
            case 0 -> bytes.writeBytes(Command.subscribe("request", random.nextBoolean()));
            case 1 -> bytes.writeBytes("\4\10\4PING\0\1c".getBytes(StandardCharsets.ISO_8859_1));
            default -> {
                int[] lengths = {0, 1, KEPT_BYTES, KEPT_BYTES + 1, SHORT, SHORT + 1, 65_536, MAX_FRAME_BYTES};
                message(lengths[random.nextInt(lengths.length)]);
            }
        }
    }

    private void message(int length) {
        int more = random.nextInt(2);
        boolean isLong = length > SHORT || random.nextInt(4) == 0;
        bytes.write(more | (isLong ? FrameReader.LONG : 0));
        bytes.writeBytes(
                isLong ? ByteBuffer.allocate(Long.BYTES).putLong(length).array() : new byte[] {(byte) length});
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = (byte) (i * 7 + length);
        }
        bytes.writeBytes(body);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** What is read of a stream that comes in pieces, the last of which may be a complaint. */
    static List<String> read(byte[] stream, Pieces pieces) {
        Inbound inbound = new Inbound(Set.of("SUB", "XSUB"), KEPT_BYTES, MAX_FRAME_BYTES);
        List<String> told = new ArrayList<>();
        try {
            for (int at = 0; at < stream.length; ) {
                int length = Math.min(pieces.next(), stream.length - at);
                ByteBuffer piece = ByteBuffer.wrap(stream, at, length);
                for (Inbound.Part part = inbound.next(piece); part != null; part = inbound.next(piece)) {
                    told.add(part == Inbound.Part.FRAME ? told(inbound.frame()) : part.toString());
                }
                at += length;
            }
        } catch (ZmtpException e) {
            told.add(e.getMessage());
        }
        return told;
    }

    private static String told(FrameReader frame) {
        return (frame.isCommand() ? "command" : frame.hasMore() ? "more" : "last") + " " + frame.sizeBytes() + " "
                + HexFormat.of().formatHex(frame.kept(), 0, frame.keptLength());
    }

    /** How long the next piece of a stream is. */
    interface Pieces {
        int next();
    }
}
