package dev.freshet.deploy.remote;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.InputException;
import dev.freshet.common.units.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Brings the result files of a run that is over here: all of them, so that they are what a run of this machine would have left. */
public final class ResultDownload {
    /** Neither a way out of the directory nor a hidden file. */
    private static final Pattern PATH =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/){0,4}[A-Za-z0-9_-][A-Za-z0-9._-]*");

    private final CoordinatorClient client;
    private final Consumer<String> say;

    private record Listing(List<Entry> files) {
        private record Entry(
                String path, @JsonProperty("size_bytes") long sizeBytes) {}
    }

    /** @param say told what is done, in words */
    public ResultDownload(CoordinatorClient client, Consumer<String> say) {
        this.client = client;
        this.say = say;
    }

    /**
     * Makes sure that there will be a place for them.
     *
     * @throws InputException if there will not
     */
    public static void requireWritable(Path out) {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new InputException("--out: cannot make '" + out + "' (" + reason(e) + ")", e);
        }
        if (!Files.isWritable(out)) {
            throw new InputException("--out: cannot write to '" + out + "' (not permitted)");
        }
    }

    /**
     * Fetches them into a directory of the run's name. A file appears there when all of it has come.
     *
     * @return that directory
     * @throws InputException if it is there already, or cannot be written
     * @throws CoordinatorUnusable if a file does not come, or not with the size that it has there
     */
    public Path fetch(String run, Path out) throws CoordinatorUnusable, Refusal, InterruptedException {
        String files = "/api/v1/runs/" + RunId.require(run) + "/files";
        List<Listing.Entry> entries = client.get(files, Listing.class).files();
        entries.forEach(entry -> requireName(entry.path()));
        say.accept("fetching " + entries.size() + " files of " + run + ", "
                + ByteSize.humanDecimal(
                        entries.stream().mapToLong(Listing.Entry::sizeBytes).sum()));
        Path directory = out.resolve(run);
        try {
            Files.createDirectory(directory);
            for (Listing.Entry entry : entries) {
                fetch(files, entry, directory);
            }
        } catch (FileAlreadyExistsException e) {
            throw new InputException("--out: '" + e.getFile() + "' is there already, and is left as it is", e);
        } catch (IOException e) {
            throw new InputException("--out: cannot write to '" + directory + "' (" + reason(e) + ")", e);
        }
        return directory;
    }

    private void fetch(String files, Listing.Entry entry, Path directory)
            throws IOException, CoordinatorUnusable, Refusal, InterruptedException {
        Path target = directory.resolve(entry.path());
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            long came = copy(files + "/" + encoded(entry.path()), part);
            if (came != entry.sizeBytes()) {
                throw client.unusable(
                        "delivered " + came + " of the " + entry.sizeBytes() + " bytes of " + entry.path(), null);
            }
            Files.move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private long copy(String path, Path part) throws IOException, CoordinatorUnusable, Refusal, InterruptedException {
        try (InputStream file = client.open(path);
                var written = Files.newOutputStream(part)) {
            byte[] buffer = new byte[1 << 16];
            long total = 0;
            for (int count = read(file, buffer); count >= 0; count = read(file, buffer)) {
                written.write(buffer, 0, count);
                total += count;
            }
            return total;
        }
    }

    /** The network's faults are the coordinator's, the disk's are ours. */
    private int read(InputStream file, byte[] buffer) throws CoordinatorUnusable {
        try {
            return file.read(buffer);
        } catch (IOException e) {
            throw client.broken(e);
        }
    }

    private static String encoded(String path) {
        try {
            return new URI(null, null, path, null).getRawPath();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    private void requireName(String path) throws InputException {
        if (path == null || !PATH.matcher(path).matches()) {
            throw new InputException("the coordinator at " + client.address()
                    + " names a file that is not put on this disk: '" + path + "'");
        }
    }

    private static String reason(IOException e) {
        return e instanceof FileAlreadyExistsException ? "a file of that name is in the way" : e.getMessage();
    }
}
