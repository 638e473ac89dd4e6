package dev.freshet.coordinator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Says over a plain socket what no decent HTTP client would. */
final class RawHttp {
    private static final int PATIENCE_MILLIS = 20_000;

    /** What came back, to the end of the connection. */
    record Answer(String text) {
        int status() {
            return text.isEmpty() ? 0 : Integer.parseInt(text.split(" ", 3)[1]);
        }

        String header(String name) {
            return text.substring(0, text.indexOf("\r\n\r\n"))
                    .lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse(null);
        }

        String body() {
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }
    }

    private RawHttp() {}

    static Answer exchange(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new Answer(read(socket.getInputStream()));
        }
    }

    /** The same, but what is sent breaks off behind it, and no answer is one as well: there may be nothing that could be answered. */
    static Answer cutOff(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new Answer(read(socket.getInputStream()));
        } catch (SocketException e) {
            return new Answer("");
        }
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            in.transferTo(bytes);
        } catch (SocketException e) {
            if (bytes.size() == 0) { // cut off after the answer is as good as its end
                throw e;
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
