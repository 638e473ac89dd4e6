package dev.freshet.common.keys;

import dev.freshet.common.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.regex.Pattern;

/** The secret that whoever controls a coordinator over HTTP must know. Its text appears in no log and no error. */
public final class AccessToken {
    private static final int MIN_CHARACTERS = 16;

    /** What a header takes (RFC 6750). */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final String text;
    private final byte[] digest;

    private AccessToken(String text) {
        this.text = text;
        this.digest = digest(text);
    }

    /**
     * Reads a token from a file that holds nothing else.
     *
     * @throws InputException if it cannot be read, others may read it, or it is too short to be a secret
     */
    public static AccessToken read(Path file) {
        List<String> lines;
        try {
            lines = SecretFile.read(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (InputException e) {
            throw new InputException("--token-file: " + e.getMessage(), e);
        }
        if (lines.size() != 1 || lines.get(0).length() < MIN_CHARACTERS) {
            throw new InputException("--token-file: " + file + " must hold one line, of at least " + MIN_CHARACTERS
                    + " characters (make one with: openssl rand -hex 32)");
        }
        if (!FORM.matcher(lines.get(0)).matches()) {
            throw new InputException("--token-file: " + file
                    + ": a token is made of letters, digits and . _ ~ + / -, with = at its end if need be");
        }
        return new AccessToken(lines.get(0));
    }

    /** Whether that is the token; takes as long for one that is nearly right as for any other. */
    public boolean matches(String presented) {
        return MessageDigest.isEqual(digest, digest(presented));
    }

    /** What goes into the header {@code Authorization}. */
    public String authorization() {
        return "Bearer " + text;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
