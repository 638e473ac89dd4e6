package dev.freshet.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.common.keys.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path directory;

    /** Made by the JDK's own tool, for 127.0.0.1. */
    private KeyStore selfSigned(String name) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "web",
                        "-dname",
                        "CN=freshet",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue())
                .as(Files.readString(directory.resolve(name + ".log")))
                .isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private Path pem(String file, String what, byte[] der) throws IOException {
        String text = "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + what + "-----\n";
        Path path = Files.writeString(directory.resolve(file), text);
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    private TlsFiles files(KeyStore certificate, KeyStore key) throws Exception {
        return TlsFiles.read(
                pem("cert.pem", "CERTIFICATE", certificate.getCertificate("web").getEncoded()),
                pem("key.pem", "PRIVATE KEY", key.getKey("web", PASSWORD).getEncoded()));
    }

    private static SSLContext trusting(Certificate certificate) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("web", certificate);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    @Test
    void with_a_certificate_it_is_served_over_https_only() throws Exception {
        KeyStore keys = selfSigned("own");
        try (ServedCoordinator served = new ServedCoordinator(
                ServedCoordinator.options(InetAddress.getLoopbackAddress(), null, files(keys, keys), directory))) {
            assertThat(served.url.getScheme()).isEqualTo("https");
            HttpClient client = HttpClient.newBuilder()
                    .sslContext(trusting(keys.getCertificate("web")))
                    .build();
            HttpResponse<String> health = client.send(served.request("/healthz").build(), BodyHandlers.ofString());
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(RawHttp.exchange(served.port(), "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .text())
                    .doesNotContain("ok");
        }
    }

    @Test
    void a_key_that_is_not_the_certificates_or_that_others_may_read_is_refused() throws Exception {
        KeyStore own = selfSigned("own");
        KeyStore other = selfSigned("other");
        assertThatThrownBy(() -> files(own, other))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("--tls-key", "key.pem", "cert.pem");
        Path key = directory.resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> TlsFiles.read(directory.resolve("cert.pem"), key))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("--tls-key", "chmod 600");
    }
}
