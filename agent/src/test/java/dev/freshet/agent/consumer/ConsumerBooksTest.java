package dev.freshet.agent.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.run.ProgressAssembler;
import dev.freshet.common.measure.Count;
import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.plan.Waiting;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which phase an unpaced producer's messages belong to; its clock is an hour ahead. */
class ConsumerBooksTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long T0 = 1_700_000_000L * SECOND;
    private static final long T0_OF_P1 = T0 + 3600 * SECOND;
    private static final long MEASURED_FROM_MICROS = (T0_OF_P1 + SECOND) / 1000;
    private static final Timing TIMING = new Timing(SECOND, SECOND, SECOND);

    private final RecordedEvents events = new RecordedEvents();
    private final ConsumerBooks books = new ConsumerBooks(
            new ProgressAssembler(events, List.of("p1", "p2"), 1),
            TIMING,
            List.of(shard("p1", null), shard("p2", Schedule.of(Rate.perSecond(10)))));

    private static Shard.Producing shard(String name, Schedule schedule) {
        return new Shard.Producing(
                name,
                schedule,
                SizeMix.single(1),
                1,
                0,
                0,
                OnFull.WAIT,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                TIMING);
    }

    private void arrives(long seq, long t1Micros) {
        books.of(0, seq, t1Micros).increment(Count.RECEIVED);
    }

    private void expect(Phase phase, Count count, long value) {
        assertThat(events.sums.get("p1 " + phase).get(count)).isEqualTo(value);
    }

    @Test
    void an_unpaced_message_belongs_to_the_phase_of_its_t1_on_its_producers_clock() {
        assertThat(books.needsT0()).isTrue();
        books.start(T0, Map.of("p1", T0_OF_P1));
        assertThat(books.needsT0()).isFalse();
        arrives(0, MEASURED_FROM_MICROS - SECOND / 1000);
        arrives(1, MEASURED_FROM_MICROS - 1);
        arrives(2, MEASURED_FROM_MICROS);
        books.finish();
        expect(Phase.WARMUP, Count.RECEIVED, 2);
        expect(Phase.MEASURED, Count.RECEIVED, 1);
    }

    @Test
    void what_is_missing_before_the_first_measured_message_is_the_warm_ups_also_when_it_comes_late() {
        books.start(T0, Map.of("p1", T0_OF_P1));
        arrives(0, MEASURED_FROM_MICROS - 10);
        arrives(5, MEASURED_FROM_MICROS + 10); // 1 to 4 are jumped over, and nobody knows when they were sent
        books.ofMissing(0, books.firstMeasured(0) - 1).add(Count.MISSING, 4);
        books.ofMissing(0, 4).add(Count.MISSING, -1);
        arrives(4, MEASURED_FROM_MICROS + 5);
        books.finish();
        expect(Phase.WARMUP, Count.MISSING, 3);
        expect(Phase.MEASURED, Count.MISSING, 0);
        expect(Phase.MEASURED, Count.RECEIVED, 2);
    }

    @Test
    void a_paced_message_belongs_to_the_phase_of_its_number_whatever_its_t1() {
        assertThat(books.of(1, 9, Long.MAX_VALUE)).isSameAs(books.ofMissing(1, 0));
        assertThat(books.of(1, 10, 0)).isNotSameAs(books.ofMissing(1, 0));
    }
}
