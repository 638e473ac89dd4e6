package dev.freshet.agent.consumer;

import static dev.freshet.agent.consumer.StreamTracker.Arrival.AFTER_GAP;
import static dev.freshet.agent.consumer.StreamTracker.Arrival.DUPLICATE;
import static dev.freshet.agent.consumer.StreamTracker.Arrival.FOREIGN;
import static dev.freshet.agent.consumer.StreamTracker.Arrival.LATE;
import static dev.freshet.agent.consumer.StreamTracker.Arrival.NEXT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StreamTrackerTest {
    /** What the tracker should say, from a set of all that ever came. */
    private static final class Model {
        final int channel;
        final int channels;
        final Set<Long> seen = new HashSet<>();
        long highest = -1;
        long missing;

        Model(int channel, int channels) {
            this.channel = channel;
            this.channels = channels;
        }

        StreamTracker.Arrival arrived(long seq) {
            if (seq % channels != channel) {
                return FOREIGN;
            }
            long place = seq / channels;
            boolean again = !seen.add(place) || place <= highest - StreamTracker.WINDOW;
            if (again) {
                return DUPLICATE;
            }
            if (place < highest) {
                missing--;
                return LATE;
            }
            long jumped = place - highest - 1;
            highest = place;
            missing += jumped;
            return jumped == 0 ? NEXT : AFTER_GAP;
        }
    }

    @Test
    void any_order_of_messages_is_told_as_a_model_that_remembers_all_of_them_tells_it() {
        for (int seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int channels = 1 + random.nextInt(4);
            int channel = random.nextInt(channels);
            StreamTracker tracker = new StreamTracker(channel, channels);
            Model model = new Model(channel, channels);
            long missing = 0;
            long at = 0;
            for (int i = 0; i < 20_000; i++) {
                at = Math.max(0, at + step(random));
                long seq = at * channels + (random.nextInt(50) == 0 ? random.nextInt(channels) : channel);
                StreamTracker.Arrival arrival = tracker.arrived(seq);
                assertThat(arrival)
                        .as("seed %d, message %d, seq %d", seed, i, seq)
                        .isEqualTo(model.arrived(seq));
                missing += arrival == AFTER_GAP ? tracker.gapLength() : arrival == LATE ? -1 : 0;
            }
            assertThat(missing).as("seed %d", seed).isEqualTo(model.missing);
        }
    }

    private static long step(SplittableRandom random) {
        return switch (random.nextInt(20)) {
            case 0 -> random.nextInt(-40, 40);
            case 1 -> random.nextInt(-3, 3);
            case 2 -> random.nextInt(1000) == 0 ? random.nextInt(-150_000, 150_000) : 0;
            default -> 1;
        };
    }

    @Test
    void a_stream_that_begins_late_lacks_what_came_before() {
        StreamTracker tracker = new StreamTracker(1, 3);
        assertThat(tracker.arrived(31)).isEqualTo(AFTER_GAP);
        assertThat(tracker.gapLength()).isEqualTo(10);
    }

    @Test
    void a_gap_is_shared_out_at_a_number() {
        StreamTracker tracker = new StreamTracker(1, 3);
        tracker.arrived(1);
        tracker.arrived(16); // lacks 4, 7, 10, 13
        assertThat(tracker.gapLengthBelow(0)).isZero();
        assertThat(tracker.gapLengthBelow(4)).isZero();
        assertThat(tracker.gapLengthBelow(5)).isEqualTo(1);
        assertThat(tracker.gapLengthBelow(10)).isEqualTo(2);
        assertThat(tracker.gapLengthBelow(11)).isEqualTo(3);
        assertThat(tracker.gapLengthBelow(13)).isEqualTo(3);
        assertThat(tracker.gapLengthBelow(1000)).isEqualTo(4);
    }

    @Test
    void a_jump_to_the_largest_number_is_borne() {
        StreamTracker tracker = new StreamTracker(0, 1);
        tracker.arrived(0);
        assertThat(tracker.arrived(Long.MAX_VALUE - 1)).isEqualTo(AFTER_GAP);
        assertThat(tracker.gapLength()).isEqualTo(Long.MAX_VALUE - 2);
        assertThat(tracker.arrived(Long.MAX_VALUE - 1)).isEqualTo(DUPLICATE);
        assertThat(tracker.arrived(Long.MAX_VALUE - 2)).isEqualTo(LATE);
        assertThat(tracker.arrived(5)).isEqualTo(DUPLICATE);
    }
}
