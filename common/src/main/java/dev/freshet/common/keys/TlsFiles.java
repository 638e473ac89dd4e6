package dev.freshet.common.keys;

import dev.freshet.common.InputException;
import java.nio.file.Path;

/**
 * What a server proves itself with over TLS.
 *
 * @param certificate PEM: its own, then those between it and a root that clients know
 * @param key PEM, PKCS#8; a secret
 */
public record TlsFiles(String certificate, String key) {
    /** @throws InputException if one is missing or is not PEM, or others may read the key */
    public static TlsFiles read(Path certificate, Path key) {
        return new TlsFiles(
                pem("--tls-cert", certificate, "CERTIFICATE", SecretFile.readPublic(certificate)),
                pem("--tls-key", key, "PRIVATE KEY", SecretFile.read(key)));
    }

    private static String pem(String option, Path file, String what, Iterable<String> lines) {
        String text = String.join("\n", lines) + "\n";
        if (!text.contains("-----BEGIN " + what + "-----")) {
            throw new InputException(option + ": " + file + " has no line '-----BEGIN " + what + "-----'"
                    + (what.startsWith("PRIVATE")
                            ? "; a key in another form becomes one with: openssl pkcs8 -topk8 -nocrypt"
                            : ""));
        }
        return text;
    }

    /** Not the key: a record would print it. */
    @Override
    public String toString() {
        return "TlsFiles[...]";
    }
}
