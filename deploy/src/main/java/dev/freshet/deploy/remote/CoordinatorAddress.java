package dev.freshet.deploy.remote;

import dev.freshet.common.InputException;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a coordinator is served over HTTP.
 *
 * @param base scheme, host, port and, behind a proxy, a path; without a slash at its end
 */
public record CoordinatorAddress(URI base) {
    /**
     * @param what the option that the text came from, for the error
     * @throws InputException if it is not the address of a server
     */
    public static CoordinatorAddress parse(String what, String text) {
        URI uri;
        try {
            uri = new URI(text.strip().replaceAll("/+$", ""));
        } catch (URISyntaxException e) {
            throw refused(what, text, e);
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http
                || uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null) {
            throw refused(what, text, null);
        }
        return new CoordinatorAddress(uri);
    }

    private static InputException refused(String what, String text, Throwable cause) {
        return new InputException(
                what + ": '" + text
                        + "' is not the address of a coordinator (examples: http://127.0.0.1:8080, https://daq1:8080)",
                cause);
    }

    /** @param path begins with a slash, and is encoded */
    URI at(String path) {
        return URI.create(base + path);
    }

    boolean isEncrypted() {
        return "https".equalsIgnoreCase(base.getScheme());
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
