package dev.freshet.deploy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate for 127.0.0.1 that signs itself, made by the JDK's keytool.
 *
 * @param certificate PEM
 * @param key PEM, for its owner's eyes only
 */
record TestCertificate(Path certificate, Path key) {
    private static final String PASSWORD = "for-a-test";

    static TestCertificate make(Path directory) throws Exception {
        Path store = directory.resolve("store.p12");
        Program keytool = Program.run(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "test",
                "-dname",
                "CN=freshet-test",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString());
        if (keytool.exitCode() != 0) {
            throw new AssertionError(keytool.output());
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Path key = pem(
                directory.resolve("key.pem"),
                "PRIVATE KEY",
                keys.getKey("test", PASSWORD.toCharArray()).getEncoded());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new TestCertificate(
                pem(
                        directory.resolve("cert.pem"),
                        "CERTIFICATE",
                        keys.getCertificate("test").getEncoded()),
                key);
    }

    private static Path pem(Path file, String kind, byte[] bytes) throws Exception {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(bytes);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }
}
