package dev.freshet.coordinator.results;

import static dev.freshet.coordinator.books.BooksOfAgents.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.control.ToCoordinator.HostSample;
import dev.freshet.common.control.ToCoordinator.NetworkSample;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.time.ClockFilter;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.BooksOfAgents;
import dev.freshet.coordinator.books.BooksOfAgents.Entry;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.books.RunBooks;
import dev.freshet.coordinator.results.Verdict.Status;
import dev.freshet.coordinator.results.merge.MergeResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static Verdict judged(RunFacts facts) {
        return Summaries.of(facts).verdict();
    }

    private static RunFacts whole() {
        return new SimulatedRun().play().facts();
    }

    private static RunFacts with(RunFacts facts, UnaryOperator<AgentFacts> change) {
        return new RunFacts(
                facts.run(),
                facts.plan(),
                facts.rates(),
                facts.ending(),
                facts.started(),
                facts.t0Micros(),
                facts.ended(),
                facts.agents().stream().map(change).toList(),
                facts.account(),
                facts.shortcomings(),
                facts.measurements(),
                facts.environment());
    }

    private static RunFacts with(RunFacts facts, List<String> shortcomings, MergeResult measurements) {
        return new RunFacts(
                facts.run(),
                facts.plan(),
                facts.rates(),
                facts.ending(),
                facts.started(),
                facts.t0Micros(),
                facts.ended(),
                facts.agents(),
                facts.account(),
                shortcomings,
                measurements,
                facts.environment());
    }

    private static RunFacts with(RunFacts facts, RateSteps rates) {
        return new RunFacts(
                facts.run(),
                facts.plan(),
                rates,
                facts.ending(),
                facts.started(),
                facts.t0Micros(),
                facts.ended(),
                facts.agents(),
                facts.account(),
                facts.shortcomings(),
                facts.measurements(),
                facts.environment());
    }

    /** Both producers are told to send half as much in the last two seconds; only they know whether they heard it. */
    private static Summary slowedDown() {
        SimulatedRun run = new SimulatedRun();
        for (String producer : List.of("p1", "p2")) {
            Party party = run.books.account().agents().get(producer).party();
            run.books.changed(party.changed(2_000_000_000L, Schedule.of(Rate.perSecond(50))));
        }
        return Summaries.of(with(run.play().facts(), run.plan.rates().changed(2, Rate.perSecond(100))));
    }

    @Test
    void the_target_of_a_run_whose_rate_was_changed_is_the_mean_and_a_note_says_so() {
        Summary summary = slowedDown();
        double mean = (200 + 100 + 100) / 3.0;
        assertThat(summary.target().rateHertz()).isCloseTo(mean, within(1e-9));
        assertThat(summary.target().bytesPerSecond()).isCloseTo(1000 * mean, within(1e-6));
        assertThat(summary.agents().get(0).rateHertz()).isCloseTo(mean / 2, within(1e-9));
        assertThat(summary.agents().get(2).rateHertz()).isNull();
        assertThat(summary.verdict().notes())
                .contains("The rate was changed: 100/s from second 2 on; the target is the mean.");
        assertThat(summary.environment()).containsEntry("rate_changes", List.of(Map.of("from_s", 2, "rate_hz", 100.0)));
    }

    @Test
    void a_producer_that_missed_a_change_of_the_rate_gives_itself_away() {
        assertThat(slowedDown().verdict().status()).isEqualTo(Verdict.Status.DEGRADED);
        assertThat(slowedDown().verdict().reasons())
                .containsExactly(
                        "Producer p1 missed a change of the rate, or heard of it too late: it scheduled 300 messages, 200"
                                + " were wanted of it.",
                        "Producer p2 missed a change of the rate, or heard of it too late: it scheduled 300 messages, 200"
                                + " were wanted of it.");
    }

    private static RunFacts clocks(String hostOfConsumer, double errorNanos) {
        return with(
                whole(),
                agent -> new AgentFacts(
                        agent.name(),
                        agent.name().equals("c1") ? hostOfConsumer : agent.host(),
                        agent.interfaceName(),
                        agent.speedBitsPerSecond(),
                        agent.endpoints(),
                        agent.cores(),
                        new ClockFilter.Estimate(0, errorNanos, null, 8, 0),
                        agent.finished()));
    }

    private static RunFacts finishing(UnaryOperator<Finished> change) {
        return with(
                whole(),
                agent -> new AgentFacts(
                        agent.name(),
                        agent.host(),
                        agent.interfaceName(),
                        agent.speedBitsPerSecond(),
                        agent.endpoints(),
                        agent.cores(),
                        agent.clock(),
                        change.apply(agent.finished())));
    }

    private static Finished last(Finished from, Long firstSendNanos, long wallDriftNanos, String... notes) {
        return new Finished(
                from.run(),
                from.intervals(),
                from.totals(),
                firstSendNanos,
                from.t0Nanos(),
                wallDriftNanos,
                from.network(),
                from.files(),
                List.of(notes));
    }

    /** One producer that reports {@code book} in its first measured interval. */
    private static RunFacts reported(Book book, HostSample host) {
        SimulatedRun plain = new SimulatedRun();
        List<Party> parties = new ArrayList<>();
        plain.books.account().agents().values().forEach(account -> parties.add(account.party()));
        RunBooks books = new RunBooks(plain.plan.timing(), parties, SimulatedRun.T0_MICROS, row -> {});
        NetworkSample sample = new NetworkSample(SimulatedRun.T0_MICROS, 0, 0, 0, 0, 0, 0, 0, 0);
        new BooksOfAgents("p1", books)
                .report(sample, host)
                .report(null, host, new Entry("p1", Phase.MEASURED, book))
                .finish(null);
        new BooksOfAgents("p2", books).finish(null);
        Book received = counts(Count.RECEIVED, book.counts().get(Count.SENT));
        new BooksOfAgents("c1", books)
                .report()
                .report(new Entry("p1", Phase.MEASURED, received))
                .finish(null);
        RunFacts facts = plain.facts();
        return new RunFacts(
                "r",
                facts.plan(),
                facts.rates(),
                facts.ending(),
                facts.started(),
                facts.t0Micros(),
                facts.ended(),
                facts.agents(),
                books.account(),
                List.of(),
                null,
                facts.environment());
    }

    private static Book sent(int messages) {
        Book book = counts(
                Count.SCHEDULED, messages, Count.SENT, messages, Count.ANSWERED, messages, Count.MEASURED, messages);
        for (int i = 0; i < messages; i++) {
            book.record(Metric.TOTAL, 500);
        }
        return book;
    }

    @Test
    void a_run_without_fault_is_valid_and_needs_no_reason() {
        Verdict verdict = judged(whole());
        assertThat(verdict).isEqualTo(new Verdict(Status.VALID, List.of(), List.of()));
    }

    @Test
    void a_ledger_that_does_not_balance_makes_it_invalid() {
        Book book = sent(100);
        book.counts().add(Count.SCHEDULED, 7);
        Verdict verdict = judged(reported(book, null));
        assertThat(verdict.status()).isEqualTo(Status.INVALID);
        assertThat(verdict.reasons())
                .containsExactly("The ledger of p1 does not balance: scheduled 107, sent 100, skipped 0, cancelled 0,"
                        + " received 100, answered 100, measured 100, late 0.");
    }

    @Test
    void totals_that_differ_from_the_intervals_make_it_invalid() {
        SimulatedRun run = new SimulatedRun();
        run.play("p1", 6);
        run.play("c1", 6);
        run.play("p2", 5);
        run.books.finished("p2", new Finished("r", 5, List.of(), null, 0, 0, null, List.of(), List.of()));
        Verdict verdict = judged(run.facts());
        assertThat(verdict.status()).isEqualTo(Status.INVALID);
        assertThat(verdict.reasons())
                .contains("Totals differ: p2: measured sent is 0 in its totals, but its intervals add up to 300.");
    }

    @Test
    void no_answer_at_all_makes_it_invalid() {
        Book book = counts(Count.SCHEDULED, 10, Count.SENT, 10);
        assertThat(judged(reported(book, null)).reasons())
                .containsExactly("Nothing was measured: of 10 messages sent, none was answered in time.");
        assertThat(judged(reported(new Book(), null)).reasons())
                .containsExactly("Nothing was sent in the measured phase.");
    }

    @Test
    void a_lost_producer_is_named_with_time_and_how_far_its_books_go() {
        SimulatedRun run = new SimulatedRun();
        run.play("p1", 6);
        run.play("p2", 3);
        run.books.lost(
                "p2", dev.freshet.common.time.UtcTime.instant(SimulatedRun.T0_MICROS + 4_200_000), "no word for 1.0 s");
        run.play("c1", 6);
        Summary summary = Summaries.of(with(run.facts(), List.of(), new MergeResult(500, 0)));
        assertThat(summary.verdict().status()).isEqualTo(Status.DEGRADED);
        assertThat(summary.verdict().reasons())
                .containsExactly("Producer p2 was lost 4.2 s after the start (no word for 1.0 s);"
                        + " its books end with interval 2.");
        assertThat(summary.ledger().balanced()).isTrue();
        assertThat(summary.ledger().received()).isEqualTo(600);
        assertThat(summary.ledger().unanswered()).isEqualTo(100);
        assertThat(summary.agents().get(1).loss().reason()).isEqualTo("no word for 1.0 s");
    }

    @Test
    void an_agent_is_accused_with_its_host_where_there_are_several() {
        SimulatedRun run = new SimulatedRun();
        run.play("p1", 6);
        run.play("p2", 3);
        run.books.lost("p2", dev.freshet.common.time.UtcTime.instant(SimulatedRun.T0_MICROS + 4_200_000), "killed");
        run.play("c1", 6);
        RunFacts facts = with(
                run.facts(),
                agent -> new AgentFacts(
                        agent.name(),
                        "host-of-" + agent.name(),
                        agent.interfaceName(),
                        agent.speedBitsPerSecond(),
                        agent.endpoints(),
                        agent.cores(),
                        agent.clock(),
                        agent.finished()));
        assertThat(judged(facts).reasons())
                .contains("Producer p2 on host-of-p2 was lost 4.2 s after the start (killed);"
                        + " its books end with interval 2.");
    }

    @Test
    void a_producer_that_falls_behind_is_accused_by_name() {
        Book book = sent(100);
        for (int i = 0; i < 98; i++) {
            book.record(Metric.LATENESS, 5);
        }
        book.record(Metric.LATENESS, 15_000);
        book.record(Metric.LATENESS, 15_000);
        Verdict verdict = judged(reported(book, null));
        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.reasons())
                .containsExactly("Producer p1 fell behind its schedule: lateness p99 15.01 ms, allowed 10.00 ms.");
    }

    @Test
    void collection_and_processors_that_ran_short_are_told() {
        assertThat(judged(reported(sent(10), new HostSample(0.5, 60, null))).reasons())
                .containsExactly("Producer p1 spent 6.0 % of its time in garbage collection, allowed 5 %.");
        assertThat(judged(reported(sent(10), new HostSample(3.9, 0, null))).reasons())
                .containsExactly("Host host1 was short of processors: the agents used 3.90 of 4.");
    }

    @Test
    void impossible_delays_are_told() {
        Book book = sent(10);
        book.counts().add(Count.IMPOSSIBLE, 3);
        assertThat(judged(reported(book, null)).reasons())
                .containsExactly(
                        "Producer p1 timed 3 answers with a delay below zero or beyond an hour: a clock stepped.");
    }

    @Test
    void a_clock_known_too_vaguely_degrades_only_where_there_are_several() {
        assertThat(judged(clocks("host1", 900_000)).status()).isEqualTo(Status.VALID);
        assertThat(judged(clocks("host2", 10_000)).status()).isEqualTo(Status.VALID);
        Verdict verdict = judged(clocks("host2", 900_000));
        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.reasons())
                .hasSize(3)
                .allMatch(reason -> reason.contains("is known to within 900 us only, more than half the median"));
    }

    @Test
    void notes_of_agents_and_a_wall_clock_that_moved_are_reasons() {
        Verdict verdict = judged(finishing(from -> last(from, from.firstSendNanos(), -2_500_000, "disk full")));
        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.reasons())
                .contains("p1: disk full", "The wall clock of c1 moved by -2.50 ms during the run.")
                .hasSize(6);
    }

    @Test
    void producers_that_do_not_start_together_are_named() {
        Verdict verdict = judged(finishing(from -> last(
                from,
                from.firstSendNanos() == null || from.firstSendNanos() % 100_000 == 20_000
                        ? from.firstSendNanos()
                        : Long.valueOf(from.firstSendNanos() + 20_000_000),
                0)));
        assertThat(verdict.reasons())
                .containsExactly("The producers did not start together: p2 began 20.0 ms behind p1, allowed 10 ms."
                        .replace("20.0", "20.01"));
    }

    @Test
    void rows_that_are_missing_and_files_that_did_not_come_are_told() {
        Verdict verdict = judged(with(whole(), List.of("network.csv of p1 did not come."), new MergeResult(598, 1)));
        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.reasons())
                .containsExactly(
                        "network.csv of p1 did not come.",
                        "The merged measurements have 598 rows, but 600 answers were measured.",
                        "Malformed rows left out of the agents' measurement files: 1.");
    }

    @Test
    void messages_skipped_are_the_systems_shortfall_and_only_noted() {
        Book book = sent(400);
        book.counts().add(Count.SCHEDULED, 200);
        book.counts().add(Count.SKIPPED, 200);
        Verdict verdict = judged(reported(book, null));
        assertThat(verdict.status()).isEqualTo(Status.VALID);
        assertThat(verdict.notes())
                .containsExactly(
                        "200 of 600 messages were skipped at the high-water mark.",
                        "p2 achieved 0.0 of 100.0 messages a second: some producers of c1 were whole and others not,"
                                + " and no link that was full tells why.",
                        "Achieved 133.3 of 200.0 messages a second (66.7 %): skipped 200, cancelled 0,"
                                + " lost on the way 0; sending took 3.00 s of 3.00 s planned.");
    }
}
