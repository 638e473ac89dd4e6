package dev.freshet.coordinator.intervals;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.plan.Role;
import dev.freshet.common.time.ClockFilter.Estimate;
import dev.freshet.common.time.UtcTime;
import dev.freshet.coordinator.books.AgentSample;
import dev.freshet.coordinator.books.InterfaceRate;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.books.Percentiles;
import java.util.List;
import java.util.function.Function;

/** Turns the books of an interval into the figures that are told of it. */
public final class LiveRows {
    private final RateSteps rates;
    private final List<Party> parties;
    private final boolean ownConsumers;
    private final Function<String, Estimate> clocks;

    /**
     * @param rates of the fleet, over the run
     * @param parties everyone's part
     * @param clocks what is known of an agent's clock at the moment of asking, or null
     */
    public LiveRows(RateSteps rates, List<Party> parties, Function<String, Estimate> clocks) {
        this.rates = rates;
        this.parties = List.copyOf(parties);
        this.ownConsumers = parties.stream().anyMatch(party -> party.role() == Role.CONSUMER);
        this.clocks = clocks;
    }

    public LiveRow of(IntervalRow row) {
        return new LiveRow(
                fleet(row),
                heat(row.fleet()),
                parties.stream()
                        .filter(party -> reported(row, party.agent()))
                        .map(party -> agent(row, party))
                        .toList());
    }

    /** An agent that had nothing to tell of a second has told so; of stragglers only those that had some. */
    private boolean reported(IntervalRow row, String agent) {
        return row.agents().containsKey(agent) || isDue(row) && row.samples().containsKey(agent);
    }

    private boolean isDue(IntervalRow row) {
        return row.phase() == rates.timing().phaseOf(row.interval());
    }

    private static Heat heat(Book fleet) {
        Metric metric = fleet.has(Metric.RESPONSE_TIME) ? Metric.RESPONSE_TIME : Metric.TOTAL;
        return fleet.has(metric) ? Heat.of(fleet.histogram(metric)) : Heat.NONE;
    }

    private FleetInterval fleet(IntervalRow row) {
        Counts counts = row.counts();
        Long received = ownConsumers ? counts.get(Count.RECEIVED) : null;
        Long receivedBytes = ownConsumers ? counts.get(Count.RECEIVED_BYTES) : null;
        return new FleetInterval(
                row.interval(),
                row.phase(),
                UtcTime.iso(row.startMicros()),
                targetHertz(row, rates),
                counts.get(Count.SCHEDULED),
                counts.get(Count.SENT),
                counts.get(Count.SKIPPED),
                counts.get(Count.CANCELLED),
                received,
                counts.get(Count.ANSWERED),
                counts.get(Count.MEASURED),
                counts.get(Count.LATE),
                ownConsumers ? counts.get(Count.MISSING) : null,
                counts.get(Count.SENT_BYTES),
                receivedBytes,
                // an interval is one second, so what came in it is the rate
                ownConsumers ? received : counts.get(Count.SENT),
                ownConsumers ? receivedBytes : counts.get(Count.SENT_BYTES),
                Quantiles.of(row.latency().get(Metric.TOTAL)),
                Quantiles.of(row.latency().get(Metric.RESPONSE_TIME)),
                Quantiles.of(row.latency().get(Metric.LATENESS)));
    }

    /** What is wanted in the interval of a row; 0 in a row of stragglers of the other phase; null if that is all that goes. */
    private Double targetHertz(IntervalRow row, RateSteps wanted) {
        return isDue(row) || wanted.isUnpaced() ? wanted.targetHertzIn(row.interval()) : Double.valueOf(0);
    }

    private AgentInterval agent(IntervalRow row, Party party) {
        return party.role() == Role.PRODUCER ? producer(row, party) : consumer(row, party);
    }

    private AgentInterval producer(IntervalRow row, Party party) {
        Book book = row.agents().getOrDefault(party.agent(), new Book());
        Counts counts = book.counts();
        Counts received = row.received().get(party.agent());
        Percentiles total = Percentiles.of(book, Metric.TOTAL);
        Percentiles lateness = Percentiles.of(book, Metric.LATENESS);
        Host host = host(row, party);
        return new AgentInterval(
                row.interval(),
                row.phase(),
                party.agent(),
                party.role(),
                targetHertz(row, party.rates()),
                counts.get(Count.SCHEDULED),
                counts.get(Count.SENT),
                counts.get(Count.SKIPPED),
                counts.get(Count.CANCELLED),
                received == null ? null : Long.valueOf(received.get(Count.RECEIVED)),
                counts.get(Count.ANSWERED),
                counts.get(Count.MEASURED),
                counts.get(Count.LATE),
                received == null ? null : Long.valueOf(received.get(Count.MISSING)),
                counts.get(Count.SENT),
                counts.get(Count.SENT_BYTES),
                total.p50Micros(),
                total.p99Micros(),
                Percentiles.of(book, Metric.RESPONSE_TIME).p99Micros(),
                lateness.p50Micros(),
                lateness.p99Micros(),
                lateness.maxMicros(),
                host.sentBytesPerSecond,
                host.receivedBytesPerSecond,
                host.cpuShare,
                host.gcMillis,
                host.residentBytes,
                host.clockOffsetMicros,
                host.clockErrorMicros);
    }

    private AgentInterval consumer(IntervalRow row, Party party) {
        Counts counts = row.agents().getOrDefault(party.agent(), new Book()).counts();
        Host host = host(row, party);
        return new AgentInterval(
                row.interval(),
                row.phase(),
                party.agent(),
                party.role(),
                null,
                null,
                null,
                null,
                null,
                counts.get(Count.RECEIVED),
                null,
                null,
                null,
                counts.get(Count.MISSING),
                counts.get(Count.RECEIVED),
                counts.get(Count.RECEIVED_BYTES),
                null,
                null,
                null,
                null,
                null,
                null,
                host.sentBytesPerSecond,
                host.receivedBytesPerSecond,
                host.cpuShare,
                host.gcMillis,
                host.residentBytes,
                host.clockOffsetMicros,
                host.clockErrorMicros);
    }

    /** What is told of an agent's host and clock, whatever its role. */
    private record Host(
            Long sentBytesPerSecond,
            Long receivedBytesPerSecond,
            Double cpuShare,
            Long gcMillis,
            Long residentBytes,
            Double clockOffsetMicros,
            Double clockErrorMicros) {}

    private Host host(IntervalRow row, Party party) {
        AgentSample sample = row.samples().get(party.agent());
        InterfaceRate link = sample.link();
        Estimate clock = clocks.apply(party.agent());
        return new Host(
                link == null ? null : Long.valueOf(Math.round(link.sentBytesPerSecond())),
                link == null ? null : Long.valueOf(Math.round(link.receivedBytesPerSecond())),
                sample.host() == null
                        ? null
                        : Double.valueOf(thousandths(sample.host().cpuShare())),
                sample.host() == null ? null : Long.valueOf(sample.host().gcMillis()),
                sample.host() == null ? null : sample.host().residentBytes(),
                clock == null ? null : Double.valueOf(thousandths(clock.offsetNanos() / 1e3)),
                clock == null ? null : Double.valueOf(thousandths(clock.errorNanos() / 1e3)));
    }

    private static double thousandths(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
