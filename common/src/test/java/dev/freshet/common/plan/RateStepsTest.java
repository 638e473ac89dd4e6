package dev.freshet.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.common.Cases;
import dev.freshet.common.InputException;
import dev.freshet.common.plan.RateSteps.Step;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.time.Timetable;
import dev.freshet.common.units.Rate;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RateStepsTest {
    private static final long SECOND = 1_000_000_000L;

    /** Two seconds of warm-up, seven and a half measured. */
    private static final Timing TIMING = new Timing(2 * SECOND, 15 * SECOND / 2, SECOND);

    private static final Rate PLANNED = Rate.perSecond(100);

    @Test
    void an_interval_has_the_rate_that_holds_in_it() {
        RateSteps steps =
                RateSteps.of(TIMING, PLANNED).changed(4, Rate.perSecond(200)).changed(6, Rate.perSecond(50));

        assertThat(Stream.of(0, 3, 4, 5, 6, 8).map(steps::targetHertzIn))
                .containsExactly(100.0, 100.0, 200.0, 200.0, 50.0, 50.0);
    }

    @Test
    void half_a_second_of_sending_wants_half_as_much_and_none_wants_nothing() {
        RateSteps steps = RateSteps.of(TIMING, PLANNED);

        assertThat(steps.targetHertzIn(9)).isEqualTo(50);
        assertThat(steps.targetHertzIn(10)).isZero();
        assertThat(steps.targetHertzIn(1_000_000)).isZero();
    }

    @Test
    void the_mean_is_that_of_the_measured_phase() {
        RateSteps steps =
                RateSteps.of(TIMING, PLANNED).changed(2, Rate.perSecond(1000)).changed(5, Rate.perSecond(100));

        assertThat(steps.meanHertz()).isEqualTo((3 * 1000 + 4.5 * 100) / 7.5);
    }

    @Test
    void what_a_run_that_was_cut_short_did_not_get_to_is_not_in_its_mean() {
        RateSteps steps =
                RateSteps.of(TIMING, PLANNED).changed(2, Rate.perSecond(1000)).changed(5, Rate.perSecond(100));

        assertThat(steps.meanHertzUntil(4 * SECOND)).isEqualTo(1000);
        assertThat(steps.meanHertzUntil(6 * SECOND)).isEqualTo((3 * 1000 + 100) / 4.0);
        assertThat(steps.meanHertzUntil(60 * SECOND)).isEqualTo(steps.meanHertz());
        assertThat(steps.meanHertzUntil(SECOND)).as("in the warm-up").isEqualTo(1000);
    }

    @Test
    void one_rate_is_its_own_mean_to_the_last_digit() {
        Cases.forEach(200, random -> {
            Rate rate = new Rate(Cases.between(random, 1, Integer.MAX_VALUE), Cases.between(random, 1, 1000));
            Timing timing = new Timing(Cases.between(random, 0, 9) * SECOND, Cases.between(random, 1, 2_000_000), 0);

            assertThat(RateSteps.of(timing, rate).meanHertz()).isEqualTo(rate.hertz());
        });
    }

    @Test
    void a_change_replaces_what_was_said_of_later_intervals() {
        RateSteps steps = RateSteps.of(TIMING, PLANNED)
                .changed(4, Rate.perSecond(200))
                .changed(6, Rate.perSecond(50))
                .changed(4, Rate.perSecond(300));

        assertThat(steps.changes()).containsExactly(new Step(4, Rate.perSecond(300)));
        assertThat(steps.last()).isEqualTo(new Step(4, Rate.perSecond(300)));
    }

    @Test
    void a_change_holds_from_the_second_boundary_from_now_on() {
        RateSteps steps = RateSteps.of(TIMING, PLANNED);
        Rate faster = Rate.perSecond(200);

        assertThat(steps.changedSoon(faster, 3 * SECOND).last()).isEqualTo(new Step(5, faster));
        assertThat(steps.changedSoon(faster, 4 * SECOND - 1).last()).isEqualTo(new Step(5, faster));
        assertThat(steps.changedSoon(faster, 4 * SECOND).last()).isEqualTo(new Step(6, faster));
    }

    @Test
    void a_change_never_holds_within_the_warm_up() {
        Rate faster = Rate.perSecond(200);
        RateSteps longWarmup = RateSteps.of(new Timing(60 * SECOND, 60 * SECOND, 0), PLANNED);

        assertThat(longWarmup.changedSoon(faster, -SECOND / 3).last()).isEqualTo(new Step(60, faster));
        assertThat(longWarmup.changedSoon(faster, 58 * SECOND).last()).isEqualTo(new Step(60, faster));
        assertThat(longWarmup.changedSoon(faster, 59 * SECOND).last()).isEqualTo(new Step(61, faster));
        assertThat(RateSteps.of(new Timing(0, 60 * SECOND, 0), PLANNED)
                        .changedSoon(faster, -SECOND / 3)
                        .last())
                .isEqualTo(new Step(1, faster));
    }

    @Test
    void a_change_that_could_not_hold_for_a_whole_second_is_refused() {
        RateSteps steps = RateSteps.of(TIMING, PLANNED);
        Rate faster = Rate.perSecond(200);

        assertThat(steps.changedSoon(faster, 13 * SECOND / 2).last()).isEqualTo(new Step(8, faster));
        assertThatThrownBy(() -> steps.changedSoon(faster, 7 * SECOND))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "rate: too late for 200/s: it would hold from second 9 on, and has to hold for one whole second"
                                + " of the 9500ms in which messages are sent");
    }

    @Test
    void the_rate_that_holds_or_will_hold_is_no_change() {
        RateSteps steps = RateSteps.of(TIMING, PLANNED);
        RateSteps changed = steps.changedSoon(Rate.perSecond(200), 2 * SECOND);

        assertThatThrownBy(() -> steps.changedSoon(PLANNED, 0)).hasMessage("rate: it is 100/s already");
        assertThatThrownBy(() -> changed.changedSoon(Rate.perSecond(200), 2 * SECOND))
                .hasMessage("rate: it is 200/s already, from second 4 on");
        assertThat(changed.changedSoon(PLANNED, 2 * SECOND).meanHertz()).isEqualTo(100);
    }

    /** A plan of so many agents, and their timetables after the same changes. */
    private static final class Fleet {
        final Plan plan;
        final List<Integer> weights;
        final List<Timetable> timetables = new ArrayList<>();
        RateSteps steps;

        Fleet(List<Integer> weights, Placement placement) {
            this.plan = Plans.of(
                    "rate", "1001/s", "agents", "" + weights.size(), "phase", placement.toString(), "warmup", "2s");
            this.weights = weights;
            this.steps = RateSteps.of(plan.timing(), plan.rate());
            ShardPlanner.schedules(plan, plan.rate(), weights)
                    .forEach(schedule -> timetables.add(Timetable.of(schedule)));
        }

        void change(int fromInterval, Rate rate) {
            steps = steps.changed(fromInterval, rate);
            List<Schedule> schedules = ShardPlanner.schedules(plan, rate, weights);
            for (int i = 0; i < timetables.size(); i++) {
                timetables.set(i, timetables.get(i).changed(fromInterval * SECOND, schedules.get(i)));
            }
        }

        long[] togetherBefore(long nanos) {
            return timetables.stream()
                    .flatMapToLong(timetable -> LongStream.range(0, timetable.firstIndexAtOrAfter(nanos))
                            .map(timetable::nanosAt))
                    .sorted()
                    .toArray();
        }
    }

    @Test
    void the_rates_of_the_producers_add_up_exactly_after_each_change() {
        Cases.forEach(200, random -> {
            List<Integer> weights = Stream.generate(() -> Cases.between(random, 1, 9))
                    .limit(Cases.between(random, 1, 6))
                    .toList();
            Fleet fleet = new Fleet(weights, Cases.oneOf(random, Placement.values()));
            long total = weights.stream().mapToLong(Integer::longValue).sum();

            for (int interval = 3; interval < 9; interval += 2) {
                Rate rate = Rate.perSecond(Cases.between(random, 1, 100_000));
                fleet.change(interval, rate);
                BigInteger above = BigInteger.ZERO;
                for (int i = 0; i < weights.size(); i++) {
                    Rate share = fleet.timetables.get(i).last().rate();
                    assertThat(share).isEqualTo(rate.times(weights.get(i), total));
                    above = above.add(BigInteger.valueOf(share.numerator() * total / share.denominator()));
                }
                assertThat(above).isEqualTo(BigInteger.valueOf(rate.numerator() * total));
            }
            for (int interval = 0; interval < 12; interval++) {
                int at = interval;
                double sum = fleet.timetables.stream()
                        .mapToDouble(timetable ->
                                RateSteps.of(fleet.plan.timing(), timetable).targetHertzIn(at))
                        .sum();
                assertThat(sum).isCloseTo(fleet.steps.targetHertzIn(at), within(1e-6));
            }
        });
    }

    @Test
    void staggered_producers_together_are_one_smooth_source_after_a_change_as_well() {
        for (int agents = 1; agents <= 16; agents++) {
            Fleet fleet = new Fleet(Collections.nCopies(agents, 1), Placement.STAGGERED);
            fleet.change(3, Rate.perSecond(333));
            fleet.change(4, Rate.perSecond(2000));
            Timetable single = Timetable.of(Schedule.of(fleet.plan.rate()))
                    .changed(3 * SECOND, Schedule.of(Rate.perSecond(333)))
                    .changed(4 * SECOND, Schedule.of(Rate.perSecond(2000)));

            assertThat(fleet.togetherBefore(6 * SECOND))
                    .as("%d agents", agents)
                    .containsExactly(LongStream.range(0, 3 * 1001 + 333 + 4000)
                            .map(single::nanosAt)
                            .toArray());
        }
    }

    @Test
    void the_end_of_the_warm_up_is_the_same_message_after_a_change() {
        Fleet fleet = new Fleet(List.of(1, 2, 5), Placement.STAGGERED);
        List<Long> before = fleet.timetables.stream()
                .map(timetable -> timetable.firstIndexAtOrAfter(2 * SECOND))
                .toList();

        fleet.change(2, Rate.perSecond(7));

        assertThat(fleet.timetables.stream().map(timetable -> timetable.firstIndexAtOrAfter(2 * SECOND)))
                .containsExactlyElementsOf(before);
    }

    @Test
    void unpaced_there_is_no_target_at_any_time_and_none_can_be_set() {
        RateSteps steps = RateSteps.unpaced(TIMING);

        assertThat(steps.targetHertzIn(3)).isNull();
        assertThat(steps.targetHertzIn(1_000_000)).isNull();
        assertThat(steps.meanHertz()).isNull();
        assertThat(steps.meanHertzUntil(3 * SECOND)).isNull();
        assertThat(steps.changes()).isEmpty();
        assertThatThrownBy(() -> steps.changedSoon(PLANNED, 0))
                .isInstanceOf(InputException.class)
                .hasMessage("rate: the run is unpaced (max), there is no rate that could be changed to 100/s");
    }
}
