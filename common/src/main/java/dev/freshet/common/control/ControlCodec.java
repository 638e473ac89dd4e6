package dev.freshet.common.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The frames of the control channel:
 *
 * <pre>
 *   freshet/1 | message name | JSON body | attachment …
 * </pre>
 *
 * Another version, an unknown name, a missing member or one of another type is a {@link Refusal}, never a guess; unknown members of a body are
 * ignored, so that fields can be added.
 */
public final class ControlCodec {
    public static final String VERSION = "freshet/1";

    /** No frame is larger; sockets of the control channel are limited to it. */
    public static final int MAX_FRAME_BYTES = 8 << 20;

    private static final int FIXED_FRAMES = 3;
    private static final int MAX_NAME = 64;
    private static final int MAX_REASON = 300;
    private static final byte[] VERSION_FRAME = VERSION.getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .build();
    private static final Map<String, Class<?>> TO_AGENT = messages(ToAgent.class);
    private static final Map<String, Class<?>> TO_COORDINATOR = messages(ToCoordinator.class);

    private ControlCodec() {}

    /** A message with its attachments. */
    public record Envelope<M>(M message, List<byte[]> attachments) {}

    /** Frames that are not a message of this version; the text is for a log and for the other side. */
    public static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    private static Map<String, Class<?>> messages(Class<?> direction) {
        return Arrays.stream(direction.getPermittedSubclasses())
                .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, Function.identity()));
    }

    public static List<byte[]> encode(ToAgent message) {
        return encode(message, List.of());
    }

    public static List<byte[]> encode(ToCoordinator message, List<byte[]> attachments) {
        return encode((Object) message, attachments);
    }

    private static List<byte[]> encode(Object message, List<byte[]> attachments) {
        List<byte[]> frames = new ArrayList<>(FIXED_FRAMES + attachments.size());
        frames.add(VERSION_FRAME);
        frames.add(message.getClass().getSimpleName().getBytes(StandardCharsets.US_ASCII));
        try {
            frames.add(JSON.writeValueAsBytes(message));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot encode " + message, e);
        }
        frames.addAll(attachments);
        return frames;
    }

    public static Envelope<ToAgent> decodeToAgent(List<byte[]> frames) throws Refusal {
        return decode(frames, TO_AGENT, ToAgent.class);
    }

    public static Envelope<ToCoordinator> decodeToCoordinator(List<byte[]> frames) throws Refusal {
        return decode(frames, TO_COORDINATOR, ToCoordinator.class);
    }

    private static <M> Envelope<M> decode(List<byte[]> frames, Map<String, Class<?>> known, Class<M> direction)
            throws Refusal {
        if (frames.size() < FIXED_FRAMES) {
            throw new Refusal(frames.size() + " frames are not a control message");
        }
        if (!Arrays.equals(frames.get(0), VERSION_FRAME)) {
            throw new Refusal("version '" + printable(frames.get(0)) + "' is not spoken here, only " + VERSION);
        }
        String name = printable(frames.get(1));
        Class<?> type = known.get(name);
        if (type == null) {
            throw new Refusal("message '" + name + "' is not known in " + VERSION);
        }
        try {
            M message = direction.cast(JSON.readValue(frames.get(2), type));
            if (message == null) {
                throw new Refusal(name + " has no body");
            }
            return new Envelope<>(message, List.copyOf(frames.subList(FIXED_FRAMES, frames.size())));
        } catch (JsonProcessingException e) {
            throw new Refusal(name + " has a body that cannot be read: "
                    + printable(member(e) + e.getOriginalMessage(), MAX_REASON));
        } catch (IOException | RuntimeException e) {
            throw new Refusal(name + " has a body that cannot be read: " + printable(String.valueOf(e), MAX_REASON));
        }
    }

    /** Which member of the body is wrong, where that is known. */
    private static String member(JsonProcessingException e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        return mapping.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                        .collect(Collectors.joining("."))
                + ": ";
    }

    private static String printable(byte[] frame) {
        return printable(new String(frame, 0, Math.min(frame.length, MAX_NAME), StandardCharsets.US_ASCII), MAX_NAME);
    }

    /** At most so many characters, with anything but printable ASCII replaced: fit for a log, whoever sent it. */
    private static String printable(String text, int maxCharacters) {
        return text.substring(0, Math.min(text.length(), maxCharacters)).replaceAll("[^ -~]", "?");
    }
}
