package dev.freshet.coordinator.metrics;

import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.live.CoordinatorStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.util.List;

/**
 * What is known at one moment, in Prometheus' names and base units. Each scrape has a registry of its own: an agent that is gone leaves no meter
 * behind, what is not known is left out instead of being zero, and a coordinator that nobody scrapes has no meters at all.
 */
public final class Scrape {
    /** Prometheus' text format. */
    public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private Scrape() {}

    /**
     * From any thread.
     *
     * @param agents in the fleet, and those that the latest run has lost
     * @param subscribers of the live feed
     * @return in {@link #MEDIA_TYPE}
     */
    public static String text(CoordinatorStatus status, List<AgentStatus> agents, int subscribers) {
        Scrape scrape = new Scrape();
        try {
            scrape.add(status.coordinator(), subscribers);
            if (status.run() != null) {
                new RunMetrics(scrape, status.run()).add();
            }
            new FleetMetrics(scrape, agents).add();
            return scrape.registry.scrape();
        } finally {
            scrape.registry.close();
        }
    }

    private void add(CoordinatorStatus.About coordinator, int subscribers) {
        gauge(1, "freshet_coordinator_build", "1; which version it is", "version", coordinator.version());
        gauge(
                Instant.parse(coordinator.started()).toEpochMilli() / 1e3,
                "freshet_coordinator_start_time_seconds",
                "When the coordinator was started, since the epoch");
        gauge(subscribers, "freshet_feed_subscribers", "How many follow the live feed");
    }

    /**
     * @param value null leaves it out
     * @param labels names and values in turn
     */
    void gauge(Number value, String name, String help, String... labels) {
        if (value != null) {
            Gauge.builder(name, () -> value)
                    .description(help)
                    .tags(Tags.of(labels))
                    .strongReference(true)
                    .register(registry);
        }
    }

    /**
     * @param value null leaves it out
     * @param labels names and values in turn
     */
    void counter(Number value, String name, String help, String... labels) {
        if (value != null) {
            Counter.builder(name)
                    .description(help)
                    .tags(Tags.of(labels))
                    .register(registry)
                    .increment(value.doubleValue());
        }
    }
}
