package dev.freshet.common.keys;

import dev.freshet.common.InputException;
import java.util.regex.Pattern;

/**
 * A key pair of CurveZMQ (RFC 26), both keys in Z85 (RFC 32), 40 characters each.
 *
 * @param publicKey may be known to anybody
 * @param secretKey to its owner only; {@link #toString} does not show it
 */
public record KeyPair(String publicKey, String secretKey) {
    private static final Pattern Z85 = Pattern.compile("[0-9a-zA-Z.\\-:+=^!/*?&<>()\\[\\]{}@%$#]{40}");

    /** @throws InputException if one is not a key */
    public KeyPair {
        check("public", publicKey);
        check("secret", secretKey);
    }

    /**
     * Returns {@code key} if it is one.
     *
     * @param what which key this is, for the error, which does not show the key: it may be a secret one in the wrong place
     * @throws InputException if it is not 40 characters of Z85
     */
    static String check(String what, String key) {
        if (!Z85.matcher(key).matches()) {
            throw new InputException("'" + what + "' is not followed by a key (40 characters of Z85)");
        }
        return key;
    }

    @Override
    public String toString() {
        return "KeyPair[" + publicKey + "]";
    }
}
