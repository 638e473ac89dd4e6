package dev.freshet.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.launch.Site;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SitesTest {
    private static final Site A = new Site("a", null);
    private static final Site B = new Site("b", "eth1");
    private static final Site C = new Site("c", null);

    private static RunRequest request(int producers, int consumers, String... keysAndValues) {
        PlanBuilder plan = new PlanBuilder()
                .set("agents", "agents", String.valueOf(producers))
                .set("consumers", "consumers", String.valueOf(consumers));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            plan.set(keysAndValues[i], keysAndValues[i], keysAndValues[i + 1]);
        }
        return RunRequest.launched(plan.build(), Path.of("results"));
    }

    @Test
    void places_are_dealt_in_turn_where_there_are_more_agents() {
        assertThat(Sites.named(request(3, 1), List.of(A, B), List.of(C)).byAgent())
                .containsEntry("p1", A)
                .containsEntry("p2", B)
                .containsEntry("p3", A)
                .containsEntry("c1", C);
    }

    @Test
    void without_any_place_all_are_here() {
        Sites sites = Sites.named(request(2, 1), List.of(), List.of());
        assertThat(sites.allHere()).isTrue();
        assertThat(sites.hosts()).isEmpty();
        assertThat(sites.byAgent()).containsOnlyKeys("p1", "p2", "c1");
    }

    @Test
    void the_plans_interface_holds_where_a_place_names_none() {
        assertThat(Sites.named(request(2, 1, "interface", "eth7"), List.of(A, B), List.of(C))
                        .byAgent())
                .containsEntry("p1", new Site("a", "eth7"))
                .containsEntry("p2", B)
                .containsEntry("c1", new Site("c", "eth7"));
    }

    @Test
    void a_host_is_named_once_however_many_agents_it_has() {
        assertThat(Sites.named(request(3, 1), List.of(A, A, B), List.of(A)).hosts())
                .containsExactly("a", "b");
    }

    @Test
    void places_that_nobody_would_take_are_refused() {
        assertThatThrownBy(() -> Sites.named(request(1, 1), List.of(A, B), List.of(C)))
                .hasMessageContaining("--hosts: places for 2 agents, but the plan has 1");
        assertThatThrownBy(() -> Sites.named(request(2, 1), List.of(A, B), List.of(C, A)))
                .hasMessageContaining("--consumer-hosts: places for 2");
    }

    @Test
    void producers_elsewhere_and_no_place_for_the_consumers_is_refused() {
        assertThatThrownBy(() -> Sites.named(request(1, 1), List.of(A), List.of()))
                .hasMessageContaining("--consumer-hosts");
        assertThat(Sites.named(request(1, 0), List.of(A), List.of()).hosts()).containsExactly("a");
    }

    @Test
    void an_agent_here_must_be_reachable_from_there() {
        List<Site> here = List.of(new Site(null, null));
        assertThatThrownBy(() -> Sites.named(request(1, 1), List.of(A), here))
                .hasMessageContaining("c1 is on this machine");
        assertThat(Sites.named(request(1, 1, "interface", "eth0"), List.of(A), here)
                        .byAgent())
                .containsEntry("c1", new Site(null, "eth0"));
    }

    @Test
    void of_an_allocation_the_last_nodes_are_the_consumers() {
        Sites sites = Sites.onNodes(request(4, 1), List.of("n1", "n2", "n3"));
        assertThat(sites.byAgent().values()).extracting(Site::host).containsExactly("n1", "n2", "n1", "n2", "n3");
        assertThat(Sites.onNodes(request(2, 1), List.of("n1")).byAgent().values())
                .extracting(Site::host)
                .containsExactly("n1", "n1", "n1");
        assertThat(Sites.onNodes(request(2, 0), List.of("n1", "n2")).byAgent().values())
                .extracting(Site::host)
                .containsExactly("n1", "n2");
    }
}
