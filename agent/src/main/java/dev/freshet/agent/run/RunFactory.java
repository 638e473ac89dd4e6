package dev.freshet.agent.run;

import dev.freshet.common.plan.Shard;
import java.nio.file.Path;

/** Makes the {@link ShardRun} that a shard asks for. */
public interface RunFactory {
    /**
     * @param directory where recordings go
     * @throws RuntimeException if this agent cannot take such a shard; the message says why
     */
    ShardRun create(Shard shard, Path directory, RunEvents events);
}
