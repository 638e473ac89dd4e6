package dev.freshet.deploy.launch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the same with many hosts at once, and tries every one, so that all that is wrong is told together. */
public final class EachHost {
    private static final int AT_ONCE = 16;

    private EachHost() {}

    /** What is done with one host; it bounds its own waits. */
    public interface Task<T> {
        /** @throws IOException if the host cannot be used; the message says why */
        T on(String host) throws IOException, InterruptedException;
    }

    /**
     * @return what came of it, by host, in the order given
     * @throws HostsUnusable if it failed on some
     */
    public static <T> Map<String, T> of(Collection<String> hosts, Task<T> task)
            throws HostsUnusable, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(AT_ONCE, hosts.size())), work -> {
            Thread thread = new Thread(work, "host");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Map<String, Future<T>> tried = new LinkedHashMap<>();
            hosts.forEach(host -> tried.computeIfAbsent(host, name -> threads.submit(() -> task.on(name))));
            Map<String, T> done = new LinkedHashMap<>();
            List<String> problems = new ArrayList<>();
            for (Map.Entry<String, Future<T>> host : tried.entrySet()) {
                try {
                    done.put(host.getKey(), host.getValue().get());
                } catch (ExecutionException e) {
                    problems.add(host.getKey() + ": " + reason(e.getCause()));
                }
            }
            if (!problems.isEmpty()) {
                throw new HostsUnusable(problems);
            }
            return done;
        } finally {
            threads.shutdownNow();
        }
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() != null && cause instanceof Exception ? cause.getMessage() : String.valueOf(cause);
    }
}
