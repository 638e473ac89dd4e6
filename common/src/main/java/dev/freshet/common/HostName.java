package dev.freshet.common;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine calls itself: agents and coordinator must have the same name for a host, or one host looks like two. */
public final class HostName {
    private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");
    private static final String NAMELESS = "localhost";

    private HostName() {}

    /**
     * The name that the Linux kernel has, which needs no resolver; on other systems the one that resolves to this machine, and
     * {@code localhost} where none does.
     */
    public static String ofThisMachine() {
        return read(KERNEL);
    }

    static String read(Path kernel) {
        try {
            String name = Files.readString(kernel).strip();
            return name.isEmpty() ? resolved() : name;
        } catch (IOException e) {
            return resolved(); // not Linux
        }
    }

    private static String resolved() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return NAMELESS;
        }
    }
}
