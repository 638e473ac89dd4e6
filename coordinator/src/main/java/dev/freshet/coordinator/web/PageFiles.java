package dev.freshet.coordinator.web;

import dev.freshet.coordinator.page.PageResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** The files of the page, out of the program's own jars into memory, whole and compressed: nothing is read while requests are answered. */
public final class PageFiles {
    static final String INDEX = "index.html";

    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    /**
     * One file.
     *
     * @param tag of this content, for caches
     */
    record PageFile(String mediaType, String tag, byte[] content, byte[] gzip) {}

    private final Map<String, PageFile> files = new TreeMap<>();

    /** @throws IllegalStateException if the program was built without them */
    public static PageFiles read() {
        PageFiles page = new PageFiles();
        try {
            for (String name : names(PageResource.named(INDEX))) {
                page.add(name, PageResource.named(name));
            }
            for (String name : PageResource.chartFiles()) {
                page.add(name, PageResource.named(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page;
    }

    PageFile named(String name) {
        return files.get(name);
    }

    /** All that there are. */
    List<String> names() {
        return List.copyOf(files.keySet());
    }

    /** The names beside a file, whether the classes are in a jar or, while building, in a directory. */
    private static List<String> names(URL index) throws IOException {
        if (index.openConnection() instanceof JarURLConnection jar) {
            String directory =
                    jar.getEntryName().substring(0, jar.getEntryName().length() - INDEX.length());
            return jar.getJarFile().stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith(directory) && name.indexOf('/', directory.length()) < 0)
                    .map(name -> name.substring(directory.length()))
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
        try (Stream<Path> beside = Files.list(Path.of(new URI(index.toString())).getParent())) {
            return beside.filter(Files::isRegularFile)
                    .map(path -> path.getFileName().toString())
                    .toList();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void add(String name, URL resource) throws IOException {
        String mediaType = MEDIA_TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (mediaType == null) {
            throw new IllegalStateException(name + ": of a kind that the page has not had so far");
        }
        byte[] content;
        try (InputStream in = resource.openStream()) {
            content = in.readAllBytes();
        }
        files.put(name, new PageFile(mediaType, tag(content), content, gzip(content)));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static String tag(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
