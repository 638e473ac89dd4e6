package dev.freshet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Link;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.Party;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunPartiesTest {
    private static final long SECOND = 1_000_000_000L;

    /** Three producers, 1 s of warm-up and 10 s measured. */
    private static RunParties parties(String weights) {
        PlanBuilder plan = new PlanBuilder();
        plan.set("test", "agents", "3");
        plan.set("test", "rate", "1001/s");
        plan.set("test", "duration", "10s");
        plan.set("test", "warmup", "1s");
        plan.set("test", "weights", weights);
        RunParties parties = new RunParties(RunRequest.launched(plan.build(), Path.of("results")));
        parties.plan(List.of(link("p1", 4), link("p2", 2), link("p3", 1)));
        return parties;
    }

    private static Link link(String agent, int gigabits) {
        return new Link(agent, "h-" + agent, "eth0", gigabits * 1_000_000_000L);
    }

    private static long wanted(RunParties parties) {
        return parties.all().stream()
                .mapToLong(party -> party.messages(Phase.MEASURED))
                .sum();
    }

    @Test
    void another_rate_is_shared_out_to_the_message() {
        RunParties parties = parties("1,1,1");
        assertThat(parties.change(Rate.perSecond(700), 3 * SECOND))
                .extracting(Party::agent)
                .containsExactly("p1", "p2", "p3");
        parties.change(Rate.perSecond(10_001), 5 * SECOND);
        assertThat(wanted(parties)).isEqualTo(4 * 1001 + 2 * 700 + 4 * 10_001);
        assertThat(parties.all()).hasSize(4);
        assertThat(parties.all().get(3).rates()).isNull();
    }

    @Test
    void weights_hold_for_another_rate_as_well() {
        for (String weights : List.of("4,2,1", "link-speed")) {
            RunParties parties = parties(weights);
            parties.change(Rate.perSecond(700), 3 * SECOND);
            assertThat(parties.all().subList(0, 3))
                    .extracting(party -> party.rates().last())
                    .containsExactly(
                            new RateSteps.Step(5, Rate.perSecond(400)),
                            new RateSteps.Step(5, Rate.perSecond(200)),
                            new RateSteps.Step(5, Rate.perSecond(100)));
            assertThat(parties.rates().last()).isEqualTo(new RateSteps.Step(5, Rate.perSecond(700)));
        }
    }

    @Test
    void a_rate_that_cannot_be_shared_out_exactly_changes_nothing() {
        RunParties parties = parties("4,2,1");
        List<Party> before = parties.all();
        assertThatThrownBy(() -> parties.change(Rate.perSecond(Rate.TERM_LIMIT), 3 * SECOND))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot be kept exactly");
        assertThat(parties.all()).isEqualTo(before);
        assertThat(parties.rates().changes()).isEmpty();
    }
}
