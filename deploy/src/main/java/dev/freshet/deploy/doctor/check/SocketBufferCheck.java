package dev.freshet.deploy.doctor.check;

import dev.freshet.common.units.ByteSize;
import dev.freshet.deploy.doctor.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How much the kernel may hold for a connection. What a program asks for beyond {@code net.core.*mem_max} is cut off without a word; what
 * it leaves to the kernel grows up to the last figure of {@code net.ipv4.tcp_*mem}.
 */
public final class SocketBufferCheck implements Check {
    private static final String FILE = "/etc/sysctl.d/90-freshet.conf";

    /** What agents ask for, below {@link #SMALL_BELOW_BYTES}; larger messages are left to the kernel's own tuning. */
    private static final long ASKED_BYTES = 512 << 10;

    private static final int SMALL_BELOW_BYTES = 64 << 10;

    /** What is advised, with room for whoever else asks: the default of newer kernels. */
    private static final long ADVISED_BYTES = 4 << 20;

    /** 10 Gbit/s over a path of 3 ms. */
    private static final long TUNED_BYTES = 4 << 20;

    /** From 10 Gbit/s on, over a path of 12 ms. */
    private static final long FAST_TUNED_BYTES = 16 << 20;

    private static final long FAST_BITS_PER_SECOND = 10_000_000_000L;

    @Override
    public String name() {
        return "socket-buffers";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        List<Finding> findings = new ArrayList<>();
        for (String key : List.of("net.core.rmem_max", "net.core.wmem_max")) {
            asked(key, host, intent).ifPresent(findings::add);
        }
        for (String key : List.of("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem")) {
            tuned(key, host, intent).ifPresent(findings::add);
        }
        return findings.isEmpty()
                ? List.of(Finding.ok(name(), "the kernel grants what agents ask for, and room to tune"))
                : findings;
    }

    private Optional<Finding> asked(String key, Host host, Intent intent) {
        Optional<Long> limit = host.files().number(path(key));
        if (limit.isEmpty()) {
            return Optional.of(hidden(key, host));
        }
        if (limit.get() >= ASKED_BYTES) {
            return Optional.empty();
        }
        String text = key + " is " + limit.get() + " (" + ByteSize.format(limit.get()) + "); agents ask for "
                + ASKED_BYTES + " with messages below " + ByteSize.format(SMALL_BELOW_BYTES);
        boolean largeOnly = intent.sizes() != null && intent.sizes().maxSizeBytes() >= SMALL_BELOW_BYTES;
        String[] remedy = remedy(key, String.valueOf(ADVISED_BYTES));
        return Optional.of(largeOnly ? Finding.note(name(), text, remedy) : Finding.warning(name(), text, remedy));
    }

    private Optional<Finding> tuned(String key, Host host, Intent intent) {
        String[] figures = host.files().text(path(key)).orElse("").split("\\s+");
        if (figures.length != 3 || !figures[2].matches("[0-9]{1,18}")) {
            return Optional.of(hidden(key, host));
        }
        Long speed = intent.network().speedBitsPerSecond();
        boolean fast = speed != null && speed >= FAST_BITS_PER_SECOND;
        long limit = Long.parseLong(figures[2]);
        long wanted = fast ? FAST_TUNED_BYTES : TUNED_BYTES;
        if (limit >= wanted) {
            return Optional.empty();
        }
        String text = key + " ends at " + limit + " (" + ByteSize.format(limit) + "); " + ByteSize.format(wanted)
                + " fill " + (fast ? "a link of 10 Gbit/s over a path of 12 ms" : "10 Gbit/s over a path of 3 ms");
        String[] remedy = remedy(key, figures[0] + " " + figures[1] + " " + wanted);
        return Optional.of(
                limit < TUNED_BYTES ? Finding.warning(name(), text, remedy) : Finding.note(name(), text, remedy));
    }

    private Finding hidden(String key, Host host) {
        return Finding.unknown(
                name(), key + ": " + host.files().whyNot(path(key)) + "; older kernels hide it from containers");
    }

    private static String path(String key) {
        return "proc/sys/" + key.replace('.', '/');
    }

    private static String[] remedy(String key, String value) {
        return new String[] {
            "sudo sysctl -w " + key + "='" + value + "'",
            "echo '" + key + " = " + value + "' | sudo tee -a " + FILE + "   # and after a reboot"
        };
    }
}
