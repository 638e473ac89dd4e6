package dev.freshet.deploy.doctor;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.deploy.doctor.check.Finding;
import dev.freshet.deploy.doctor.check.Level;
import java.util.Comparator;
import java.util.List;

/**
 * All that was found on one host.
 *
 * @param format of the JSON; a member may be added without a new number, none is renamed or taken away
 * @param host as it names itself
 * @param freshet the version that looked
 * @param at when, in UTC: {@code 2026-11-23T17:01:02Z}
 * @param interfaceName the interface that was looked at
 * @param address its IPv4 address
 * @param findings the worst first
 */
@JsonPropertyOrder({"format", "host", "freshet", "at", "interface", "address", "worst", "findings"})
public record Checkup(
        int format,
        String host,
        String freshet,
        String at,
        @JsonProperty("interface") String interfaceName,
        String address,
        List<Finding> findings) {
    static final int FORMAT = 1;

    public Checkup {
        findings = findings.stream()
                .sorted(Comparator.comparing(Finding::level))
                .toList(); // within a level they stay in the order of the checks
    }

    /** The worst level of all findings. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public Level worst() {
        return findings.isEmpty() ? Level.OK : findings.get(0).level();
    }
}
