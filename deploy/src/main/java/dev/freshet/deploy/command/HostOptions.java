package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.Site;
import dev.freshet.deploy.launch.slurm.SlurmAccess;
import dev.freshet.deploy.launch.ssh.SshAccess;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that name hosts, and the way to them. */
final class HostOptions {
    @Option(
            names = "--hosts",
            order = 30,
            paramLabel = "HOST,…",
            description = "Hosts, through ssh: daq1,daq2:eth1,user@daq3:2 (an interface, how many agents; '" + Site.HERE
                    + "' is this machine).")
    private String hosts;

    @Option(names = "--hosts-file", order = 31, paramLabel = "FILE", description = "A file of such hosts, one a line.")
    private Path hostsFile;

    @Option(
            names = "--slurm",
            order = 33,
            description = "The nodes of the Slurm allocation that this is in; --hosts may name some of them.")
    private boolean slurm;

    boolean areGiven() {
        return slurm || hosts != null || hostsFile != null;
    }

    private List<Site> sites;

    /** The places that were named; none if none were. */
    List<Site> sites() {
        if (sites == null) {
            sites = read(); // once: the file may be a pipe
        }
        return sites;
    }

    private List<Site> read() {
        if (hosts != null && hostsFile != null) {
            throw new InputException("--hosts and --hosts-file: one of them names the hosts, not both");
        }
        return hosts != null
                ? Site.parse("--hosts", hosts)
                : hostsFile != null ? Site.read("--hosts-file", hostsFile) : List.of();
    }

    /** The way to the hosts: none if all of {@code sites} are here. */
    HostAccess access(List<Site> sites) {
        if (slurm) {
            return new SlurmAccess(System.getenv());
        }
        return sites.stream().allMatch(Site::isHere) ? HostAccess.NONE : new SshAccess();
    }
}
