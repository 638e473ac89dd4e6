package dev.freshet.common.keys;

import dev.freshet.common.InputException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * What a server proves itself with over TLS.
 *
 * @param certificate PEM: its own, then those between it and a root that clients know
 * @param key PEM, PKCS#8; a secret
 */
public record TlsFiles(String certificate, String key) {
    /** @throws InputException if one is missing or is not PEM, or others may read the key */
    public static TlsFiles read(Path certificate, Path key) {
        TlsFiles files = new TlsFiles(
                pem("--tls-cert", certificate, "CERTIFICATE", SecretFile::readPublic),
                pem("--tls-key", key, "PRIVATE KEY", SecretFile::read));
        files.requirePair(certificate, key);
        return files;
    }

    /** Java would begin to serve with any key, and fail at each browser. */
    private void requirePair(Path certificateFile, Path keyFile) {
        try {
            PublicKey shown = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)))
                    .getPublicKey();
            String body = key.replaceAll("(?s).*-----BEGIN PRIVATE KEY-----(.*)-----END PRIVATE KEY-----.*", "$1");
            PrivateKey secret = KeyFactory.getInstance(shown.getAlgorithm())
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
            Signature signature = Signature.getInstance(
                    switch (shown.getAlgorithm()) {
                        case "EC" -> "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> shown.getAlgorithm();
                    });
            signature.initSign(secret);
            byte[] proof = signature.sign();
            signature.initVerify(shown);
            if (!signature.verify(proof)) {
                throw new InputException(
                        "--tls-key: " + keyFile + " is not the key of the certificate " + certificateFile);
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new InputException(
                    "--tls-key: " + keyFile + " is not the key of the certificate " + certificateFile
                            + ", or one of them cannot be read",
                    e);
        }
    }

    private static String pem(String option, Path file, String what, Function<Path, List<String>> reader) {
        List<String> lines;
        try {
            lines = reader.apply(file);
        } catch (InputException e) {
            throw new InputException(option + ": " + e.getMessage(), e);
        }
        if (!lines.contains("-----BEGIN " + what + "-----")) {
            throw new InputException(option + ": " + file + " has no line '-----BEGIN " + what + "-----'"
                    + (what.equals("PRIVATE KEY")
                            ? "; a key in another form becomes one with: openssl pkcs8 -topk8 -nocrypt"
                            : ""));
        }
        return String.join("\n", lines) + "\n";
    }

    /** Not the key: a record would print it. */
    @Override
    public String toString() {
        return "TlsFiles[...]";
    }
}
