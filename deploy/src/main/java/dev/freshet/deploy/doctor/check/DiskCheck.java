package dev.freshet.deploy.doctor.check;

import dev.freshet.common.units.ByteSize;
import dev.freshet.deploy.doctor.host.Host;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Room for what is written while measuring and after it. A full disk stops a recording, not the run, and the verdict says so. */
public final class DiskCheck implements Check {
    private static final Set<String> MEMORY = Set.of("tmpfs", "ramfs");
    private static final long WANTED_BYTES = 1_000_000_000;
    private static final long LEAST_BYTES = 64_000_000;

    /** A coordinator keeps what agents delivered, merges it, and needs as much while it merges. */
    private static final int RESULT_COPIES = 3;

    private final Stores stores;

    /** What the file system of an existing folder tells. */
    @FunctionalInterface
    interface Stores {
        Store of(Path folder) throws IOException;
    }

    /** @param type as the system calls it: {@code ext4}, {@code tmpfs} */
    record Store(long freeBytes, String type, boolean writable) {}

    public DiskCheck() {
        this(folder -> {
            FileStore store = Files.getFileStore(folder);
            return new Store(store.getUsableSpace(), store.type(), Files.isWritable(folder));
        });
    }

    DiskCheck(Stores stores) {
        this.stores = stores;
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        List<Finding> findings = new ArrayList<>();
        Double rows = intent.measurementBytes();
        look(
                "recordings",
                intent.recordings(),
                rows,
                "export FRESHET_JVM=-Djava.io.tmpdir=/var/tmp   # another place for recordings",
                findings);
        look(
                "results",
                intent.results(),
                rows == null ? null : rows * RESULT_COPIES,
                "freshet run --out DIR   # another place for results",
                findings);
        return findings;
    }

    private void look(String what, Path folder, Double needBytes, String remedy, List<Finding> findings) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent(); // it is made when it is needed
        }
        Store store;
        try {
            store = stores.of(there);
        } catch (IOException e) {
            findings.add(Finding.unknown(name(), what + " in " + there + ": " + e.getMessage(), "df -h " + there));
            return;
        }
        if (!store.writable()) {
            findings.add(Finding.failure(name(), what + " in " + there + ": may not be written", remedy));
            return;
        }
        double failing = needBytes == null ? LEAST_BYTES : needBytes;
        double wanted = needBytes == null ? WANTED_BYTES : 2 * needBytes;
        String text = what + " in " + there + ": " + ByteSize.humanDecimal(store.freeBytes()) + " free";
        String need = needBytes == null ? "" : "; the measurements take " + ByteSize.humanDecimal(needBytes);
        if (store.freeBytes() < failing) {
            findings.add(Finding.failure(name(), text + need, remedy));
        } else if (store.freeBytes() < wanted) {
            findings.add(Finding.warning(name(), text + need, remedy));
        } else if (MEMORY.contains(store.type())) {
            findings.add(Finding.note(
                    name(),
                    text + need + "; it is a " + store.type() + ", so what is written there takes memory",
                    remedy));
        } else {
            findings.add(Finding.ok(name(), text));
        }
    }
}
