package dev.freshet.common.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshet.common.control.ControlCodec.Refusal;
import dev.freshet.common.control.ToCoordinator.BookEntry;
import dev.freshet.common.control.ToCoordinator.HistogramEntry;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.plan.Waiting;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCodecTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Timing TIMING = new Timing(2_000_000_000L, 10_000_000_000L, 5_000_000_000L);

    private static Shard.Producing producing() {
        Schedule schedule = new Schedule(new Rate(333_333_333, 1000), 2, 4);
        return new Shard.Producing(
                "p2",
                schedule,
                SizeMix.parse("size", "16KiB:3,1MiB:1").withSeed(-5),
                2,
                6000,
                6002,
                OnFull.WAIT,
                Engine.JEROMQ,
                Waiting.SPIN,
                new Measure(100),
                TIMING);
    }

    private static Shard.Producing unpaced() {
        Shard.Producing paced = producing();
        return new Shard.Producing(
                paced.agent(),
                null,
                paced.sizes(),
                paced.channels(),
                paced.dataPort(),
                paced.controlPort(),
                OnFull.WAIT,
                paced.engine(),
                paced.waiting(),
                paced.measure(),
                paced.timing());
    }

    private static Shard.Consuming consuming() {
        return new Shard.Consuming("c0", List.of("p1", "p2"), 0, 2_000_000, 3, 1 << 20, TIMING);
    }

    static Stream<ToAgent> toAgent() {
        return Stream.of(
                new ToAgent.Welcome(1000, 5000),
                new ToAgent.Refuse("the name 'p1' is taken"),
                new ToAgent.Ping(7, 1_767_225_600_000_000_001L),
                new ToAgent.Prepare("r1", producing()),
                new ToAgent.Prepare("r1", unpaced()),
                new ToAgent.Prepare("r1", consuming()),
                new ToAgent.Connect(
                        "r1",
                        List.of(
                                new ToAgent.Peer(
                                        "p2",
                                        producing(),
                                        List.of("tcp://127.0.0.1:1", "tcp://127.0.0.1:2"),
                                        "tcp://127.0.0.1:3",
                                        null),
                                new ToAgent.Peer("elsewhere", null, List.of("tcp://[::1]:1"), null, 60_000_000_000L))),
                new ToAgent.Start("r1", 1_767_225_600_000_000_001L, Map.of()),
                new ToAgent.Start("r1", 7, Map.of("p1", 1_767_225_600_000_000_001L, "p2", 8L)),
                new ToAgent.Adjust("r1", 1L << 40, 12_000_000_000L, producing().schedule()),
                new ToAgent.Stop("r1", "interrupted"),
                new ToAgent.Collect("r1", "measurements.csv", 1L << 40, 4 << 20),
                new ToAgent.Release("r1"));
    }

    private static List<BookEntry> books() {
        Counts counts = new Counts();
        counts.add(Count.SENT, 250);
        return List.of(new BookEntry(
                "p2", Phase.MEASURED, counts, List.of(new HistogramEntry(Metric.CLOCK_OFFSET, true, 12))));
    }

    static Stream<ToCoordinator> toCoordinator() {
        return Stream.of(
                new ToCoordinator.Hello(
                        "p2",
                        "5f1c",
                        "daq1",
                        4711,
                        "0.1.0",
                        Role.PRODUCER,
                        Map.of("rack", "a b=c"),
                        List.of(
                                new ToCoordinator.Interface("eth0", "10.0.0.1", 25_000_000_000L),
                                new ToCoordinator.Interface("lo", "127.0.0.1", null)),
                        16,
                        null),
                new ToCoordinator.Pong(7, 1, 2, 3),
                new ToCoordinator.Bound("r1", List.of("tcp://127.0.0.1:1"), null),
                new ToCoordinator.Prepared("r1"),
                new ToCoordinator.Progress(
                        "r1",
                        3,
                        books(),
                        new ToCoordinator.NetworkSample(1, 2, 3, 4, 5, 6, 7, 8, 9),
                        new ToCoordinator.HostSample(1.25, 12, null)),
                new ToCoordinator.Progress("r1", 0, List.of(), null, new ToCoordinator.HostSample(0, 0, 1L << 28)),
                new ToCoordinator.Finished(
                        "r1",
                        12,
                        books(),
                        1_767_225_600_000_000_001L,
                        1_767_225_600_000_000_000L,
                        -250,
                        new ToCoordinator.NetworkSample(9, 8, 7, 6, 5, 4, 3, 2, 1),
                        List.of(new ToCoordinator.SpooledFile("measurements.csv", 123, 0xffff_ffffL)),
                        List.of("the disk filled after 9 s")),
                new ToCoordinator.Chunk("r1", "network.csv", 65536),
                new ToCoordinator.Failed("r1", "port 6000 on 10.0.0.1 is in use"),
                new ToCoordinator.Goodbye("stopped on its host"));
    }

    @Test
    void every_message_has_a_sample_here() {
        assertThat(classes(toAgent())).isEqualTo(Set.of(ToAgent.class.getPermittedSubclasses()));
        assertThat(classes(toCoordinator())).isEqualTo(Set.of(ToCoordinator.class.getPermittedSubclasses()));
    }

    private static Set<Class<?>> classes(Stream<?> messages) {
        return messages.map(Object::getClass).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("toAgent")
    void a_message_to_an_agent_reads_back(ToAgent message) throws Refusal {
        List<byte[]> frames = ControlCodec.encode(message);

        assertThat(frames).hasSize(3);
        assertThat(frames.get(0)).asString(StandardCharsets.US_ASCII).isEqualTo("freshet/1");
        assertThat(frames.get(1))
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo(message.getClass().getSimpleName());
        assertThat(ControlCodec.decodeToAgent(frames).message()).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("toCoordinator")
    void a_message_to_the_coordinator_reads_back_with_its_attachments(ToCoordinator message) throws Refusal {
        byte[] attachment = {1, 2, 3};

        ControlCodec.Envelope<ToCoordinator> read =
                ControlCodec.decodeToCoordinator(ControlCodec.encode(message, List.of(attachment, new byte[0])));

        assertThat(read.message()).isEqualTo(message);
        assertThat(read.attachments()).containsExactly(attachment, new byte[0]);
    }

    @Test
    void only_what_a_record_names_goes_over_the_wire() throws Exception {
        byte[] body =
                ControlCodec.encode(new ToAgent.Prepare("r1", producing())).get(2);

        assertThat(JSON.readTree(body)).isEqualTo(JSON.readTree("""
                        {"run":"r1","shard":{"role":"producer","agent":"p2",
                        "schedule":{"tickRate":{"numerator":333333333,"denominator":1000},"firstTick":2,"ticksPerMessage":4},
                        "sizes":{"entries":[{"sizeBytes":16384,"weight":3},{"sizeBytes":1048576,"weight":1}],"seed":-5},
                        "channels":2,"dataPort":6000,"controlPort":6002,"onFull":"WAIT","engine":"JEROMQ","waiting":"SPIN","measure":"1/100",
                        "timing":{"warmupNanos":2000000000,"measuredNanos":10000000000,"drainNanos":5000000000}}}
                        """));
    }

    @Test
    void members_that_are_not_known_are_passed_over() throws Exception {
        for (ToCoordinator message : toCoordinator().toList()) {
            List<byte[]> frames = new ArrayList<>(ControlCodec.encode(message, List.of()));
            ObjectNode body = (ObjectNode) JSON.readTree(frames.get(2));
            body.putObject("newer").put("x", 1);
            frames.set(2, JSON.writeValueAsBytes(body));

            assertThat(ControlCodec.decodeToCoordinator(frames).message()).isEqualTo(message);
        }
    }

    @Test
    void a_newer_agent_may_time_and_count_what_is_not_known_here() throws Refusal {
        String body = "{\"run\":\"r1\",\"interval\":0,\"entries\":[{\"producer\":\"p1\",\"phase\":\"measured\","
                + "\"counts\":{\"newer\":1},\"histograms\":[{\"metric\":\"newer\",\"negative\":false,\"values\":1}]}]}";

        ToCoordinator message = ControlCodec.decodeToCoordinator(frames("freshet/1", "Progress", body))
                .message();

        BookEntry entry = ((ToCoordinator.Progress) message).entries().get(0);
        assertThat(entry.counts().isZero()).isTrue();
        assertThat(entry.histograms()).containsExactly(new HistogramEntry(null, false, 1));
    }

    @Test
    void every_object_and_list_of_a_message_must_be_there() throws Exception {
        Set<String> mayBeMissing = Set.of(
                "Hello.runInProgress",
                "Bound.startEndpoint",
                "Progress.network",
                "Progress.host",
                "Finished.firstSendNanos",
                "Finished.network",
                "Failed.run",
                "Failed.reason",
                "Goodbye.reason");
        for (ToCoordinator message : toCoordinator().toList()) {
            List<byte[]> frames = new ArrayList<>(ControlCodec.encode(message, List.of()));
            String name = message.getClass().getSimpleName();
            for (String member : (Iterable<String>) () -> fieldNames(frames.get(2))) {
                List<byte[]> without = new ArrayList<>(frames);
                ObjectNode body = (ObjectNode) JSON.readTree(frames.get(2));
                body.remove(member);
                without.set(2, JSON.writeValueAsBytes(body));
                if (mayBeMissing.contains(name + "." + member)) {
                    ControlCodec.decodeToCoordinator(without);
                } else {
                    assertThatThrownBy(() -> ControlCodec.decodeToCoordinator(without))
                            .as("%s without %s", name, member)
                            .isInstanceOf(Refusal.class)
                            .hasMessageContaining(member);
                }
            }
        }
    }

    private static java.util.Iterator<String> fieldNames(byte[] body) {
        try {
            return JSON.readTree(body).fieldNames();
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<byte[]> frames(String... texts) {
        return Arrays.stream(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static void assertRefused(List<byte[]> frames, String... parts) {
        assertThatThrownBy(() -> ControlCodec.decodeToCoordinator(frames))
                .isInstanceOf(Refusal.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void another_version_or_an_unknown_name_is_refused_and_named() {
        assertRefused(frames("freshet/2", "Goodbye", "{}"), "freshet/2", "freshet/1");
        assertRefused(frames("freshet/1", "Hullo", "{}"), "'Hullo' is not known");
        assertRefused(frames("freshet/1", "Welcome", "{}"), "'Welcome' is not known"); // of the other direction
        assertRefused(frames("freshet/1", "goodbye", "{}"), "'goodbye' is not known");
        assertRefused(frames("freshet/1", "Goodbye"), "2 frames are not a control message");
        assertRefused(List.of(), "0 frames");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "1",
                "[]",
                "{",
                "{\"seq\":1}",
                "{\"seq\":null,\"t1Nanos\":1,\"t2Nanos\":1,\"t3Nanos\":1}",
                "{\"seq\":\"1\",\"t1Nanos\":1,\"t2Nanos\":1,\"t3Nanos\":1}",
                "{\"seq\":1.5,\"t1Nanos\":1,\"t2Nanos\":1,\"t3Nanos\":1}",
                "{\"seq\":99999999999999999999,\"t1Nanos\":1,\"t2Nanos\":1,\"t3Nanos\":1}",
                "{\"seq\":1,\"t1Nanos\":1,\"t2Nanos\":1,\"t3Nanos\":1} trailing"
            })
    void a_body_that_is_not_the_message_is_refused(String body) {
        assertRefused(frames("freshet/1", "Pong", body), "Pong has ");
    }

    @Test
    void a_refusal_is_short_and_printable_whatever_was_sent() {
        String hostile = "\u001b[2J\n" + "x".repeat(100_000);
        for (List<byte[]> frames : List.of(
                frames(hostile, "Pong", "{}"),
                frames("freshet/1", hostile, "{}"),
                frames("freshet/1", "Pong", "{\"" + hostile),
                frames("freshet/1", "Progress", "{\"run\":\"r\",\"interval\":1,\"entries\":\"" + hostile + "\"}"),
                frames("freshet/1", "Hello", "{\"role\":\"" + hostile + "\"}"))) {
            assertThatThrownBy(() -> ControlCodec.decodeToCoordinator(frames))
                    .isInstanceOf(Refusal.class)
                    .message()
                    .matches("[ -~]{1,400}");
        }
    }

    @Test
    void nesting_without_end_is_a_refusal() {
        assertRefused(frames("freshet/1", "Hello", "{\"newer\":" + "[".repeat(1_000_000)), "Hello has ");
    }

    @Test
    void damaged_messages_are_messages_or_refusals_and_nothing_else() {
        List<List<byte[]>> valid = new ArrayList<>();
        toCoordinator().forEach(message -> valid.add(ControlCodec.encode(message, List.of())));
        toAgent().forEach(message -> valid.add(ControlCodec.encode(message)));
        long seed = 20260107;
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            List<byte[]> frames = new ArrayList<>(valid.get(random.nextInt(valid.size())));
            int hit = random.nextInt(10) == 0 ? random.nextInt(2) : 2;
            frames.set(hit, damaged(frames.get(hit), random));
            try {
                if (random.nextBoolean()) {
                    ControlCodec.decodeToCoordinator(frames);
                } else {
                    ControlCodec.decodeToAgent(frames);
                }
            } catch (Refusal e) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ", case " + i + ": " + new String(frames.get(2), StandardCharsets.ISO_8859_1),
                        e);
            }
        }
        assertThat(refused).isBetween(5_000, 19_999);
    }

    private static byte[] damaged(byte[] frame, SplittableRandom random) {
        byte[] damaged = frame.clone();
        for (int n = 1 + random.nextInt(3); n > 0 && damaged.length > 0; n--) {
            int at = random.nextInt(damaged.length);
            if (random.nextInt(4) == 0) {
                damaged = Arrays.copyOf(damaged, at);
            } else {
                damaged[at] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : "\"{}[]:,-0n".charAt(random.nextInt(10)));
            }
        }
        return damaged;
    }
}
