package dev.freshet.agent.zmtp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The commands of ZMTP 3.1 that a publisher and a subscriber need (RFC 37): each a frame of its own, a name and what belongs to it. */
final class Command {
    private static final String READY = "READY";
    private static final String SUBSCRIBE = "SUBSCRIBE";
    private static final String CANCEL = "CANCEL";
    private static final String PING = "PING";
    private static final String PONG = "PONG";
    private static final String SOCKET_TYPE = "Socket-Type";
    private static final int PING_TTL_BYTES = 2;
    private static final int MAX_CONTEXT_BYTES = 16;

    private Command() {}

    /** The frame that ends the NULL mechanism's handshake. */
    static byte[] ready(String socketType) {
        byte[] type = ascii(socketType);
        ByteArrayOutputStream properties = new ByteArrayOutputStream();
        properties.write(SOCKET_TYPE.length());
        properties.writeBytes(ascii(SOCKET_TYPE));
        properties.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt(type.length).array());
        properties.writeBytes(type);
        return frame(READY, properties.toByteArray());
    }

    /**
     * The frame that subscribes to a topic.
     *
     * @param asCommand as version 3.1 has it; before that it was a message
     */
    static byte[] subscribe(String topic, boolean asCommand) {
        if (asCommand) {
            return frame(SUBSCRIBE, ascii(topic));
        }
        return ByteBuffer.allocate(3 + topic.length())
                .put((byte) 0)
                .put((byte) (1 + topic.length()))
                .put((byte) 1)
                .put(ascii(topic))
                .array();
    }

    /** The frame that answers a PING, or null if the command is none: it carries the PING's context back. */
    static byte[] pongTo(byte[] command, int length) throws ZmtpException {
        if (!isNamed(command, length, PING)) {
            return null;
        }
        int context = 1 + PING.length() + PING_TTL_BYTES;
        if (length < context || length > context + MAX_CONTEXT_BYTES) {
            throw new ZmtpException("a PING of " + length + " bytes");
        }
        return frame(PONG, Arrays.copyOfRange(command, context, length));
    }

    /**
     * What a command says about subscriptions, in the form that it had as a message before version 3.1: 1 or 0, and the topic; null if it is
     * about something else.
     */
    static byte[] subscription(byte[] command, int length) {
        String name =
                isNamed(command, length, SUBSCRIBE) ? SUBSCRIBE : isNamed(command, length, CANCEL) ? CANCEL : null;
        if (name == null) {
            return null;
        }
        byte[] told = Arrays.copyOfRange(
                command, name.length(), length); // the name's last letter makes way for the first byte
        told[0] = (byte) (name.equals(SUBSCRIBE) ? 1 : 0);
        return told;
    }

    /**
     * The type of socket that a peer's READY names.
     *
     * @throws ZmtpException if the command is something else, malformed, or names none
     */
    static String socketType(byte[] command, int length) throws ZmtpException {
        if (!isNamed(command, length, READY)) {
            throw new ZmtpException("it greets, and then says something else than READY");
        }
        ByteBuffer properties = ByteBuffer.wrap(command, 1 + READY.length(), length - 1 - READY.length());
        String type = null;
        while (properties.hasRemaining()) {
            String name = text(properties, properties.get() & 0xff);
            String value = text(properties, properties.remaining() < Integer.BYTES ? -1 : properties.getInt());
            if (name.equalsIgnoreCase(SOCKET_TYPE)) {
                type = value;
            }
        }
        if (type == null) {
            throw new ZmtpException("its READY names no type of socket");
        }
        return type;
    }

    private static String text(ByteBuffer from, int length) throws ZmtpException {
        if (length < 0 || length > from.remaining()) {
            throw new ZmtpException("the properties of its READY are malformed");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static boolean isNamed(byte[] command, int length, String name) {
        if (length <= name.length() || command[0] != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (command[1 + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] frame(String name, byte[] rest) {
        int length = 1 + name.length() + rest.length;
        return ByteBuffer.allocate(2 + length)
                .put((byte) FrameReader.COMMAND)
                .put((byte) length)
                .put((byte) name.length())
                .put(ascii(name))
                .put(rest)
                .array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
