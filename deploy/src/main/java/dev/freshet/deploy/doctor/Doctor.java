package dev.freshet.deploy.doctor;

import dev.freshet.deploy.doctor.check.Check;
import dev.freshet.deploy.doctor.check.ClockCheck;
import dev.freshet.deploy.doctor.check.ClocksourceCheck;
import dev.freshet.deploy.doctor.check.ContainerCheck;
import dev.freshet.deploy.doctor.check.DescriptorCheck;
import dev.freshet.deploy.doctor.check.DiskCheck;
import dev.freshet.deploy.doctor.check.Finding;
import dev.freshet.deploy.doctor.check.GovernorCheck;
import dev.freshet.deploy.doctor.check.Intent;
import dev.freshet.deploy.doctor.check.JavaCheck;
import dev.freshet.deploy.doctor.check.Level;
import dev.freshet.deploy.doctor.check.LinkCheck;
import dev.freshet.deploy.doctor.check.LinkErrorCheck;
import dev.freshet.deploy.doctor.check.LoadCheck;
import dev.freshet.deploy.doctor.check.MemoryCheck;
import dev.freshet.deploy.doctor.check.PortCheck;
import dev.freshet.deploy.doctor.check.RateLimitCheck;
import dev.freshet.deploy.doctor.check.SocketBufferCheck;
import dev.freshet.deploy.doctor.check.SubnetCheck;
import dev.freshet.deploy.doctor.check.TimingCheck;
import dev.freshet.deploy.doctor.host.Host;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Makes all checks on one host, one after another: they take about half a second, and none disturbs another. */
public final class Doctor {
    private final Host host;
    private final String hostName;
    private final String version;

    /**
     * @param hostName as results name it
     * @param version of Freshet
     */
    public Doctor(Host host, String hostName, String version) {
        this.host = host;
        this.hostName = hostName;
        this.version = version;
    }

    /** Looks now. */
    public Checkup examine(Intent intent) {
        String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Check linkErrors = new LinkErrorCheck(host.files(), intent.network().name()); // counts from here on
        List<Check> checks = List.of(
                new TimingCheck(), // before the others have warmed the processor up
                new LoadCheck(),
                new GovernorCheck(),
                new ClockCheck(),
                new ClocksourceCheck(),
                new SocketBufferCheck(),
                new DescriptorCheck(),
                new LinkCheck(),
                new RateLimitCheck(),
                new SubnetCheck(),
                new PortCheck(),
                new MemoryCheck(),
                new DiskCheck(),
                new ContainerCheck(),
                new JavaCheck(),
                linkErrors);
        List<Finding> findings = new ArrayList<>();
        checks.forEach(check -> findings.addAll(examine(check, intent)));
        return new Checkup(
                Checkup.FORMAT,
                hostName,
                version,
                at,
                intent.network().name(),
                intent.network().address(),
                findings);
    }

    /** A host that is odd in a way nobody thought of takes one check away, and says so; the others go on. */
    private List<Finding> examine(Check check, Intent intent) {
        try {
            return check.examine(host, intent);
        } catch (RuntimeException e) {
            return List.of(new Finding(Level.UNKNOWN, check.name(), "the check itself failed: " + e, List.of()));
        }
    }
}
