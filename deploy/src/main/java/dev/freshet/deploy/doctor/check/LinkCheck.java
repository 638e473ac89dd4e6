package dev.freshet.deploy.doctor.check;

import static java.util.Locale.ROOT;

import dev.freshet.deploy.doctor.host.Host;
import dev.freshet.deploy.doctor.host.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The interface itself: up, with a carrier, at which speed, in both directions at once, with which MTU. */
public final class LinkCheck implements Check {
    private static final long UP = 0x1;
    private static final long LOOPBACK = 0x8;
    private static final double SLOW_BITS_PER_SECOND = 1e8;
    private static final double FAST_BITS_PER_SECOND = 1e10;
    private static final long JUMBO_BYTES = 9000;
    private static final long ETHERNET_BYTES = 1500;

    /** Of a link's bits, those that frames of 1500 bytes leave to TCP's payload. */
    private static final double PAYLOAD_SHARE = 0.94;

    private static final double COMFORTABLE = 0.8;

    @Override
    public String name() {
        return "link";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        HostFiles files = host.files();
        String link = intent.network().name();
        String folder = "sys/class/net/" + link + "/";
        Optional<Long> flags = files.text(folder + "flags")
                .filter(text -> text.matches("0x[0-9a-f]{1,8}"))
                .map(Long::decode);
        if (flags.isEmpty()) {
            return List.of(Finding.unknown(name(), link + ": " + files.whyNot(folder + "flags")));
        }
        if ((flags.get() & UP) == 0) {
            return List.of(Finding.failure(name(), link + " is down", "sudo ip link set dev " + link + " up"));
        }
        if ((flags.get() & LOOPBACK) != 0) {
            return List.of(Finding.ok(name(), link + " is the loopback interface: no link to look at"));
        }
        if (files.number(folder + "carrier").equals(Optional.of(0L))) {
            return List.of(Finding.failure(
                    name(),
                    link + " has no carrier: no cable, or a switch port that is off",
                    "sudo ethtool " + link + "   # Link detected"));
        }
        List<Finding> findings = new ArrayList<>();
        if (files.text(folder + "duplex").equals(Optional.of("half"))) {
            findings.add(Finding.failure(
                    name(),
                    link + " is half duplex: answers and messages collide",
                    "sudo ethtool -s " + link + " autoneg on"));
        }
        Long speed = intent.network().speedBitsPerSecond();
        speed(link, speed, intent.bitsPerSecond()).ifPresent(findings::add);
        files.number(folder + "mtu").flatMap(mtu -> mtu(link, mtu, speed)).ifPresent(findings::add);
        return findings.isEmpty()
                ? List.of(Finding.ok(name(), link + " is up" + (speed == null ? "" : ", " + Speed.text(speed))))
                : findings;
    }

    private Optional<Finding> speed(String link, Long speed, Double wanted) {
        if (speed == null) {
            return Optional.of(Finding.note(
                    name(), link + " tells no speed, as virtual interfaces do: measure it", "iperf3 -c PEER"));
        }
        if (wanted != null && wanted > speed * PAYLOAD_SHARE * COMFORTABLE) {
            String text = String.format(
                    ROOT,
                    "%s carries %s of payload at best; the messages need %s",
                    link,
                    Speed.text(speed * PAYLOAD_SHARE),
                    Speed.text(wanted));
            return Optional.of(
                    wanted > speed * PAYLOAD_SHARE
                            ? Finding.failure(
                                    name(), text, "sudo ethtool " + link + "   # is it the speed it should be?")
                            : Finding.warning(name(), text + ": little room for bursts"));
        }
        return speed <= SLOW_BITS_PER_SECOND
                ? Optional.of(Finding.warning(
                        name(),
                        link + " runs at " + Speed.text(speed) + ": a bad cable makes gigabit links do so",
                        "sudo ethtool -s " + link + " autoneg on   # and change the cable"))
                : Optional.empty();
    }

    private Optional<Finding> mtu(String link, long mtu, Long speed) {
        if (mtu < ETHERNET_BYTES) {
            return Optional.of(Finding.note(
                    name(),
                    link + " has an MTU of " + mtu + ": a tunnel or overlay, whose headers and processor time add up",
                    "ip -d link show dev " + link));
        }
        if (speed != null && speed >= FAST_BITS_PER_SECOND && mtu < JUMBO_BYTES) {
            return Optional.of(Finding.note(
                    name(),
                    link + " is fast and has an MTU of " + mtu + "; " + JUMBO_BYTES + " takes a sixth of the packets",
                    "sudo ip link set dev " + link + " mtu " + JUMBO_BYTES + "   # if every switch and peer has it too",
                    "ping -M do -s 8972 PEER   # proves it"));
        }
        return Optional.empty();
    }
}
