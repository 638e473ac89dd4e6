package dev.freshet.common.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyDirectoryTest {
    @TempDir
    private Path parent;

    private final AtomicInteger drawn = new AtomicInteger();
    private Path directory;
    private KeyDirectory keys;

    @BeforeEach
    void name() {
        directory = parent.resolve("fleet");
        keys = new KeyDirectory(directory);
    }

    /** Keys that can be told apart; whether they are a pair is for the sockets to find out. */
    private KeyPair draw() {
        int number = drawn.incrementAndGet();
        return new KeyPair(String.format("public%034d", number), String.format("secret%034d", number));
    }

    private void add(String... names) {
        keys.add(List.of(names), this::draw);
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void what_is_written_can_be_read_by_either_side() {
        add("p1", "c1");
        CoordinatorKeys coordinator = keys.read();
        AgentKey agent = AgentKey.read(keys.agentFile("p1"));
        assertThat(agent.agent()).isEqualTo("p1");
        assertThat(agent.coordinator()).isEqualTo(coordinator.pair().publicKey());
        assertThat(coordinator.allowed().agentOf(agent.pair().publicKey())).isEqualTo("p1");
        assertThat(coordinator.allowed().agentOf(agent.pair().secretKey())).isNull();
    }

    @Test
    void every_secret_is_for_its_owner_only() throws IOException {
        add("p1");
        assertThat(mode(directory)).isEqualTo("rwx------");
        assertThat(mode(directory.resolve("agents"))).isEqualTo("rwx------");
        assertThat(mode(directory.resolve("coordinator.key"))).isEqualTo("rw-------");
        assertThat(mode(keys.agentFile("p1"))).isEqualTo("rw-------");
        assertThat(mode(directory.resolve("allowed"))).isEqualTo("rw-------");
    }

    @Test
    void a_secret_that_others_can_read_is_refused_with_the_command_that_mends_it() throws IOException {
        add("p1");
        for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----")) {
            for (String file : List.of("coordinator.key", "agents/p1.key", "allowed")) {
                Path secret = directory.resolve(file);
                Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(mode));
                assertThatThrownBy(() -> {
                            keys.read();
                            AgentKey.read(keys.agentFile("p1"));
                        })
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("chmod 600 " + secret);
                Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    @Test
    void a_secret_of_another_owner_may_reach_us_through_our_group_and_nobody_else() throws IOException {
        add("p1");
        Path secret = keys.agentFile("p1");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--r-----"));
        String me = System.getProperty("user.name");
        try {
            System.setProperty("user.name", "another");
            assertThat(AgentKey.read(secret).agent()).isEqualTo("p1");
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("r--r--r--"));
            assertThatThrownBy(() -> AgentKey.read(secret)).hasMessageContaining("chmod 600");
        } finally {
            System.setProperty("user.name", me);
        }
    }

    @Test
    void agents_are_added_and_no_key_is_ever_overwritten() throws IOException {
        add("p1");
        String first = Files.readString(keys.agentFile("p1"));
        String coordinator = Files.readString(directory.resolve("coordinator.key"));
        add("p2");
        assertThatThrownBy(() -> add("p3", "p1")).hasMessageContaining("'p1'").hasMessageContaining("already");
        assertThat(keys.agentFile("p3")).as("nothing half done").doesNotExist();
        assertThat(Files.readString(keys.agentFile("p1"))).isEqualTo(first);
        assertThat(Files.readString(directory.resolve("coordinator.key"))).isEqualTo(coordinator);
        assertThat(AllowedFile.read(directory.resolve("allowed")))
                .containsValues("p1", "p2")
                .hasSize(2);
    }

    @Test
    void a_name_that_would_be_a_path_makes_no_file() throws IOException {
        assertThatThrownBy(() -> add("p1", "../p2"))
                .hasMessageContaining("'../p2'")
                .hasMessageContaining("letters");
        try (Stream<Path> made = Files.list(parent)) {
            assertThat(made).isEmpty();
        }
    }

    @Test
    void a_removed_agent_is_off_the_list_and_its_file_is_gone() {
        add("p1", "p2");
        keys.remove(List.of("p1"));
        assertThat(AllowedFile.read(directory.resolve("allowed"))).containsOnlyKeys(String.format("public%034d", 3));
        assertThat(keys.agentFile("p1")).doesNotExist();
        assertThatThrownBy(() -> keys.remove(List.of("p1"))).hasMessageContaining("'p1'");
        add("p1");
    }

    @Test
    void the_list_is_followed_within_a_second_and_a_slip_in_it_changes_nothing() throws IOException {
        add("p1");
        String key = String.format("public%034d", 2);
        Path file = directory.resolve("allowed");
        AtomicLong now = new AtomicLong();
        AllowedFile allowed = new AllowedFile(file, now::get);
        SecretFile.replace(file, "# nobody\n");
        assertThat(allowed.agentOf(key)).isEqualTo("p1");
        now.addAndGet(1_000_000_000L);
        assertThat(allowed.agentOf(key)).isNull();
        SecretFile.replace(file, key + " p7\n");
        now.addAndGet(1_000_000_000L);
        assertThat(allowed.agentOf(key)).isEqualTo("p7");
        SecretFile.replace(file, "nonsense\n");
        now.addAndGet(1_000_000_000L);
        assertThat(allowed.agentOf(key)).isEqualTo("p7");
        Files.delete(file);
        now.addAndGet(1_000_000_000L);
        assertThat(allowed.agentOf(key)).isEqualTo("p7");
    }

    @Test
    void a_list_or_a_key_that_is_none_is_named_with_its_line_and_shows_no_secret() throws IOException {
        add("p1", "p2");
        String p1 = String.format("public%034d", 2);
        String p2 = String.format("public%034d", 3);
        refusedList(p1 + " p1\n" + p2 + " p1\n", "allowed line 2", "'p1' is there twice");
        refusedList(p1 + " p1\n" + p1 + " p2\n", "allowed line 2", "key of 'p2'");
        refusedList("\n# c\nshort p1\n", "allowed line 3", "40 characters");
        refusedList(p1 + " ../p1\n", "allowed line 1", "'../p1'");
        refusedList(p1 + "\n", "allowed line 1");
        String secret = String.format("secret%034d", 2);
        refusedKey("agent p1\nsecret " + secret + "\nsecret " + secret + "\n", "line 3", "'secret' is there twice");
        refusedKey("agent p1\n" + secret + "\n", "line 2", "begins with one of");
        refusedKey("agent p1\nsecret " + secret + " x\n", "line 2", "'secret'");
        refusedKey("agent p1\nsecret " + secret + "\n", "no line begins with 'public'");
        refusedKey("agent a/b\nsecret " + secret + "\npublic " + p1 + "\ncoordinator " + p1 + "\n", "'a/b'");
        refusedKey("agent p1\nsecret " + secret + "~\npublic " + p1 + "\ncoordinator " + p1 + "\n", "'secret'");
    }

    private void refusedList(String text, String... words) {
        SecretFile.replace(directory.resolve("allowed"), text);
        assertThatThrownBy(() -> keys.read())
                .isInstanceOf(InputException.class)
                .message()
                .contains(words);
    }

    private void refusedKey(String text, String... words) throws IOException {
        SecretFile.replace(keys.agentFile("p1"), text);
        assertThatThrownBy(() -> AgentKey.read(keys.agentFile("p1")))
                .isInstanceOf(InputException.class)
                .message()
                .contains(words)
                .contains("p1.key")
                .doesNotContain("secret000");
    }

    @Test
    void nothing_that_is_printed_shows_a_secret() {
        AgentKey key = new AgentKey("p1", draw(), draw().publicKey());
        assertThat(key.toString() + new CoordinatorKeys(key.pair(), any -> null))
                .contains(key.pair().publicKey())
                .doesNotContain(key.pair().secretKey());
        assertThat(AgentKey.parse("text", key.text().lines().toList())).isEqualTo(key);
    }

    @Test
    void keys_of_one_run_are_issued_one_by_one_and_each_opens_for_its_agent() {
        EphemeralKeys ephemeral = new EphemeralKeys(this::draw);
        AgentKey p1 = ephemeral.issue("p1");
        AgentKey p2 = ephemeral.issue("p2");
        CoordinatorKeys coordinator = ephemeral.coordinator();
        assertThat(p1.coordinator()).isEqualTo(coordinator.pair().publicKey());
        assertThat(coordinator.allowed().agentOf(p1.pair().publicKey())).isEqualTo("p1");
        assertThat(coordinator.allowed().agentOf(p2.pair().publicKey())).isEqualTo("p2");
        assertThat(coordinator.allowed().agentOf(draw().publicKey())).isNull();
    }
}
