package dev.freshet.coordinator.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import dev.freshet.common.keys.AccessToken;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.units.ByteSize;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.run.RunRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The start form in a real browser, checked by a real coordinator that has no agents. */
@Tag("browser")
class StartFormTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path directory;

    private static Chromium chromium;
    private Coordinator coordinator;
    private String url;

    @BeforeAll
    static void startChromium() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void closeChromium() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void closeCoordinator() {
        coordinator.close();
    }

    private void serve(AccessToken token) {
        coordinator = new Coordinator("127.0.0.1", 0, "0.1.0", null);
        url = coordinator.serve(
                new WebOptions(InetAddress.getLoopbackAddress(), 0, token, null, Set.of(), directory, true));
    }

    private Tab open(int width) {
        return chromium.tab(url + "#start", width, 900, ColorScheme.LIGHT);
    }

    private Tab form() {
        serve(null);
        Tab tab = open(1280);
        tab.await(".shards tbody tr");
        return tab;
    }

    @Test
    void a_value_that_breaks_a_rule_is_told_at_its_field() {
        try (Tab tab = form()) {
            tab.find("#plan-rate").fill("fast");
            assertThat(tab.find("#plan-rate-complaint")).containsText("'fast' is not a rate");
            assertThat(tab.find("#plan-rate")).hasAttribute("aria-invalid", "true");
            assertThat(tab.find(".becomes button.primary")).isDisabled();
            tab.screenshot("start-complaint");
            tab.find("#plan-rate").fill("2000/s");
            assertThat(tab.find("#plan-rate-complaint")).isHidden();
            assertThat(tab.find(".sum")).hasText("2.10 GB/s in all");
            tab.forgive("422");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "agents, 0, is not a whole number from 1 to 1000",
        "size, 65MiB, is above the largest payload",
        "warmup, 1500ms, must be whole seconds",
        "gates, loss is small, is not a gate"
    })
    void each_field_has_the_rule_of_the_command_line(String key, String value, String rule) {
        try (Tab tab = form()) {
            tab.find("#plan-" + key).fill(value);
            assertThat(tab.find("#plan-" + key + "-complaint")).containsText(rule);
            tab.forgive("422");
        }
    }

    @Test
    void a_complaint_about_a_folded_field_unfolds_it() {
        try (Tab tab = form()) {
            assertThat(tab.find("#plan-channels")).isHidden();
            tab.find("#plan-channels")
                    .evaluate("field => { field.value = '65'; field.dispatchEvent(new Event('input')); }");
            assertThat(tab.find("#plan-channels-complaint")).isVisible();
            tab.forgive("422");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agents: 3\nrate: 1001/s\nsize: 16KiB\n",
                "agents: 4\nrate: 0.5/s\nweights: [4, 4, 4, 1]\nphase: aligned\n",
                "agents: 4\nconsumers: 2\nsize: 16KiB:3,1MiB:1\nsizes: deal\nphase: random\nseed: 7\n"
            })
    void the_shards_are_those_of_the_command_line(String yaml) {
        try (Tab tab = form()) {
            showYaml(tab).fill(yaml);
            Plan plan = plan(yaml);
            assertThat(tab.find(".load")).containsText(plan.rate() + " of " + plan.sizes() + " for");
            assertThat(tab.find(".shards tbody tr")).hasCount(plan.agents() + plan.consumers());
            List<String> rows = new ArrayList<>();
            for (Locator row : tab.find(".shards tbody tr").all()) {
                rows.add(row.locator("th, td").allInnerTexts().stream()
                        .map(String::strip)
                        .toList()
                        .toString());
            }
            assertThat(rows).isEqualTo(expected(plan));
        }
    }

    private static List<String> expected(Plan plan) {
        List<String> rows = new ArrayList<>();
        for (Party party : RunRequest.launched(plan, null).parties(List.of())) {
            rows.add(
                    party.shard() instanceof Shard.Producing shard
                            ? List.of(
                                            party.agent(),
                                            "producer",
                                            shard.schedule().rate().toString(),
                                            shard.sizes().toString(),
                                            bytes(shard),
                                            String.format(
                                                    Locale.ROOT,
                                                    "T0+%.3f ms",
                                                    shard.schedule().nanosAt(0) / 1e6),
                                            "")
                                    .toString()
                            : List.of(
                                            party.agent(),
                                            "consumer",
                                            "",
                                            "",
                                            "",
                                            "",
                                            "serves " + String.join(" ", party.serves()))
                                    .toString());
        }
        return rows;
    }

    private static String bytes(Shard.Producing shard) {
        double value = shard.schedule().rate().hertz() * shard.sizes().meanSizeBytes();
        return ByteSize.formatPerSecond(value);
    }

    private static Plan plan(String yaml) {
        PlanBuilder builder = new PlanBuilder();
        PlanYaml.read("test", yaml, builder);
        return builder.build();
    }

    private static Locator showYaml(Tab tab) {
        tab.find("summary")
                .filter(new Locator.FilterOptions().setHasText("As YAML"))
                .click();
        return tab.find("textarea.yaml");
    }

    @Test
    void fields_become_a_file_that_freshet_run_takes() {
        try (Tab tab = form()) {
            tab.find("#plan-name").fill("night");
            tab.find("#plan-size").fill("16KiB:3,1MiB:1");
            tab.find("#plan-gates").fill("loss == 0\ntotal.p99 < 5ms");
            tab.find("#plan-consumers").fill("external:viz1:6000");
            Plan plan = plan(showYaml(tab).inputValue());
            assertThat(plan.name()).isEqualTo("night");
            assertThat(plan.sizes()).hasToString("16KiB:3,1MiB:1");
            assertThat(plan.gates()).extracting("text").containsExactly("loss == 0", "total.p99 < 5ms");
            assertThat(plan.external()).hasToString("[viz1:6000]");
            tab.find("summary")
                    .filter(new Locator.FilterOptions().setHasText("As a command"))
                    .click();
            assertThat(tab.find("details .copyable code"))
                    .hasText("freshet run --coordinator " + url
                            + " --name night --size 16KiB:3,1MiB:1 --consumers external:viz1:6000"
                            + " --gate 'loss == 0' --gate 'total.p99 < 5ms'");
        }
    }

    @Test
    void a_file_fills_the_fields_and_its_error_names_the_line() throws IOException {
        try (Tab tab = form()) {
            showYaml(tab);
            Path file = Files.writeString(directory.resolve("night.yaml"), "rate: 50/s\ngates: [loss == 0]\n");
            tab.find("input[type=file]").setInputFiles(file);
            assertThat(tab.find("#plan-rate")).hasValue("50/s");
            assertThat(tab.find("#plan-gates")).hasValue("loss == 0");
            tab.find("textarea.yaml").fill("rate: 50/s\nraet: 70/s\n");
            assertThat(tab.find("details .complaint:visible")).containsText("line 2: raet: unknown key 'raet'");
            tab.forgive("422");
        }
    }

    @Test
    void without_agents_a_start_is_refused_with_the_commands_that_bring_them() {
        try (Tab tab = form()) {
            assertThat(tab.find(".becomes button.primary")).isDisabled();
            assertThat(tab.find("#obstacle .reason"))
                    .hasText("0 of 4 producers and 0 of 1 consumer are here. Start 4 producers and 1 consumer more:");
            assertThat(tab.find("#obstacle code")).hasText(new String[] {
                "freshet agent --role producer --coordinator " + coordinator.endpoint(),
                "freshet agent --role consumer --coordinator " + coordinator.endpoint()
            });
        }
    }

    @Test
    void the_token_is_asked_for_once() throws IOException {
        Path file = Files.createFile(
                directory.resolve("token"), PosixFilePermissions.asFileAttribute(Set.of(OWNER_READ, OWNER_WRITE)));
        Files.writeString(file, TOKEN);
        serve(AccessToken.read(file));
        try (Tab tab = open(1280)) {
            tab.await(".preview button").click();
            tab.find("dialog.token input").fill("not the token of this coordinator");
            tab.page().keyboard().press("Enter");
            assertThat(tab.find(".start-form .complaint:visible")).containsText("not the token");
            tab.screenshot("start-token-refused");
            tab.find(".preview button").click();
            tab.find("dialog.token input").fill(TOKEN);
            tab.page().keyboard().press("Enter");
            tab.await(".shards tbody tr");
            tab.page().reload();
            tab.await(".shards tbody tr");
            assertThat(tab.find("dialog.token")).hasCount(0);
            tab.forgive("401");
        }
    }

    @Test
    void it_works_by_keyboard_alone() {
        try (Tab tab = form()) {
            tab.find("#plan-name").focus();
            tab.page().keyboard().press("Tab");
            tab.page().keyboard().type("10/s");
            for (int i = 0; i < 4; i++) {
                tab.page().keyboard().press("Tab");
            }
            tab.page().keyboard().type("2");
            tab.page().keyboard().press("Tab");
            tab.page().keyboard().press("Tab");
            tab.page().keyboard().type("loss == 0");
            assertThat(tab.find(".shards tbody tr")).hasCount(3);
            tab.page().keyboard().press("Tab");
            tab.page().keyboard().press("Enter");
            assertThat(tab.find("#plan-phase")).isVisible();
        }
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "360, DARK", "1920, LIGHT", "1920, DARK"})
    void nothing_is_wider_than_the_window(int width, ColorScheme scheme) {
        serve(null);
        try (Tab tab = chromium.tab(url + "#start", width, 900, scheme)) {
            tab.await(".shards tbody tr");
            tab.find("summary")
                    .filter(new Locator.FilterOptions().setHasText("More"))
                    .click();
            tab.screenshot("start-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT));
            assertThat(tab.page().evaluate("document.documentElement.scrollWidth"))
                    .isEqualTo(width);
        }
    }
}
