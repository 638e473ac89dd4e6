package dev.freshet.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page's modules that know neither page nor network, each by itself in a browser. */
@Tag("browser")
class PageModulesTest {
    private static Chromium chromium;
    private static SimulatedCoordinator coordinator;
    private static Tab tab;

    @BeforeAll
    static void open() {
        chromium = Chromium.start();
        coordinator = new SimulatedCoordinator(0);
        tab = chromium.tab(coordinator.url(), 1280, 900, ColorScheme.LIGHT);
    }

    @AfterAll
    static void close() {
        if (chromium != null) {
            tab.close();
            coordinator.close();
            chromium.close();
        }
    }

    /** What an expression comes to in which the module is {@code m}. */
    private static Object with(String module, String expression) {
        return tab.page()
                .evaluate("async () => { const m = await import('/page/" + module + "'); " + expression + " }");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rate(950) | 950/s",
                "rate(12345) | 12,345/s",
                "rate(0.5) | 0.50/s",
                "rate(1234567) | 1.235 M/s",
                "rate(null) | –",
                "bytes(512) | 512 B",
                "bytes(999.6e6) | 1.00 GB",
                "byteRate(1.0486e9) | 1.05 GB/s",
                "bitRate(1e10) | 10 Gbit/s",
                "micros(0) | 0 µs",
                "micros(850) | 850 µs",
                "micros(31200) | 31.2 ms",
                "micros(999999) | 1.00 s",
                "micros(undefined) | –",
                "signedMicros(-3400) | −3.40 ms",
                "percent(0) | 0 %",
                "percent(1) | 100 %",
                "percent(0.99999) | 99.99 %",
                "percent(0.00001) | < 0.01 %",
                "percent(0.875) | 87.5 %",
                "clock(3723) | 1:02:03",
                "clock(7.9) | 0:07",
                "duration(0.85) | 850 ms",
                "duration(200) | 3 min 20 s",
                "duration(7500) | 2 h 5 min",
                "count(1234567) | 1,234,567",
                "age(400) | 0.4 s",
                "age(200000) | 3 min 20 s",
                "microsTick(1000) | 1 ms",
                "compact(12000) | 12k"
            })
    void figures_are_written_as_people_read_them(String expression, String expected) {
        assertThat(with("format.js", "return m." + expression)).isEqualTo(expected);
    }

    @Test
    void the_store_keeps_the_last_hour_and_forgets_all_when_a_run_begins() {
        assertThat(with("store.js", """
                        const store = new m.Store();
                        store.take('run', { id: 'a', plan: { rate: '1/s' } });
                        for (let i = 0; i < 4000; i++) {
                          store.take('row', { run: 'a', fleet: { interval: i, phase: 'measured', rate_hz: i }, heat: [8, i] });
                        }
                        store.take('row', { run: 'another', fleet: { interval: 0 }, heat: [] });
                        const { intervals, heat } = store.run;
                        const first = [intervals.interval.length, intervals.interval[0], intervals.rate_hz.at(-1), heat.length, heat[0][1]];
                        store.take('run', { id: 'b', plan: {} });
                        return [...first, Object.keys(store.run.intervals).length, store.run.events.length].join(' ');""")).isEqualTo("3600 400 3999 3600 400 0 0");
    }

    @Test
    void a_coordinator_that_was_started_anew_has_no_run_that_goes_on() {
        assertThat(with("store.js", """
                        const store = new m.Store();
                        store.take('run', { id: 'a', plan: {} });
                        store.take('status', { coordinator: {}, run: { run: { id: 'a', state: 'running' } } });
                        store.take('row', { run: 'a', fleet: { interval: 0 }, heat: [] });
                        store.watch('p1');
                        const before = [store.run.summary.run.state, store.runId];
                        store.take('status', { coordinator: {}, run: null });
                        return [...before, store.run.summary, store.runId, store.run.heat.length, Object.keys(store.run.agents)].join(' ');""")).isEqualTo("running a   0 p1");
    }

    @Test
    void a_watched_agents_past_and_what_came_meanwhile_join_without_gap_or_double() {
        assertThat(with("store.js", """
                        const store = new m.Store();
                        const row = (interval) => ({ interval, phase: 'measured', rate_hz: interval * 10 });
                        const told = (interval) => store.take('agents', { agents: [{ name: 'p1', last: row(interval) }, { name: 'p2', last: row(interval) }] });
                        store.take('run', { id: 'a', plan: {} });
                        told(2);
                        store.watch('p1');
                        told(3);
                        told(3);
                        told(4);
                        store.backfill('p1', [0, 1, 2, 3].map(row));
                        told(5);
                        const before = store.hasGap('p1');
                        told(9);
                        return store.run.agents.p1.interval.join() + ' ' + Object.keys(store.run.agents) + ' ' + before + ' ' + store.hasGap('p1');""")).isEqualTo("0,1,2,3,4,5,9 p1 false true");
    }

    @Test
    void two_rows_of_one_second_are_one_point() {
        assertThat(with("timeline.js", """
                        const columns = { interval: [4, 5, 5, 6], phase: ['warmup', 'warmup', 'measured', 'measured'], target_hz: [9, 0, 9, 9],
                          rate_hz: [9, 2, 7, 9], total_p99_us: [10, 99, 20, null] };
                        return JSON.stringify(m.bySecond(columns, ['target_hz', 'rate_hz', 'total_p99_us'])) + m.firstMeasured(columns);"""))
                .isEqualTo(
                        "{\"interval\":[4,5,6],\"target_hz\":[9,9,9],\"rate_hz\":[9,9,9],\"total_p99_us\":[10,20,null]}5");
    }

    @Test
    void events_stand_at_their_second_whatever_the_clocks_format() {
        assertThat(with("timeline.js", """
                        const run = { summary: { run: { t0: '2026-11-24T09:00:00.500000Z' } }, intervals: {}, events: [
                          { at: '2026-11-24T08:59:59Z', kind: 't0', text: 'all start' },
                          { at: '2026-11-24T09:00:10.750000Z', kind: 'lost', agent: 'p3', text: 'gone' },
                          { at: '2026-11-24T09:00:11Z', kind: 'state', text: 'DONE' }] };
                        return JSON.stringify(m.marksOf(run));"""))
                .isEqualTo(
                        "[{\"second\":0,\"kind\":\"t0\",\"label\":\"T0\"},{\"second\":10.25,\"kind\":\"lost\",\"label\":\"p3 lost\"}]");
    }

    @Test
    void a_ledger_closes_only_if_every_account_does() {
        assertThat(with("ledger.js", """
                        const whole = { scheduled: 10, sent: 8, skipped: 1, cancelled: 1, received: 7, lost: 1, answered: 7, unanswered: 0, measured: 7, late: 0 };
                        const closes = (ledger, over) => m.accounts(ledger, over).map((account) => (account.closes ? 1 : 0)).join('');
                        return [closes(whole, true), closes({ ...whole, scheduled: 11 }, true), closes({ ...whole, received: null, lost: null, unanswered: null }, true),
                          closes({ ...whole, received: 9, lost: -1, answered: 9, measured: 9 }, true),
                          closes({ ...whole, received: 9, lost: -1, answered: 9, measured: 9 }, false)].join(' ');""")).isEqualTo("1111 0111 1111 1011 1111");
    }

    @Test
    void the_worst_agent_comes_first_and_names_count_as_people_do() {
        assertThat(with("trouble.js", """
                        const agent = (name, more) => ({ name, state: 'running', heartbeat_age_ms: 100, last: { target_hz: 100, rate_hz: 100 }, ledger: null, ...more });
                        const all = [agent('p10'), agent('p2'), agent('p3', { heartbeat_age_ms: 4000 }), agent('p4', { state: 'lost' }),
                          agent('p5', { last: { target_hz: 100, rate_hz: 50 } }), agent('p6', { last: { target_hz: 100, rate_hz: 100, lateness_p99_us: 5000 } })];
                        return m.sorted(all, (each) => m.troubleOf(each).level, true).map((each) => each.name).join(' ');""")).isEqualTo("p4 p3 p5 p6 p2 p10");
    }

    @Test
    void where_no_message_was_due_answers_are_timed_by_the_total_delay() {
        assertThat(with("timeline.js", """
                        const total_p50_us = [4, 5];
                        return [m.timedBy({ response_time_p50_us: [null, null], total_p50_us }), m.timedBy({ response_time_p50_us: [null, 5], total_p50_us }),
                          m.timedBy({})].join();""")).isEqualTo("total,response_time,response_time");
    }
}
