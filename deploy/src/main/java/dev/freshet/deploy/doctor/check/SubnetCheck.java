package dev.freshet.deploy.doctor.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.freshet.deploy.doctor.host.Commands;
import dev.freshet.deploy.doctor.host.Commands.Answer;
import dev.freshet.deploy.doctor.host.Host;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Several interfaces in one subnet. Linux chooses the way out by the destination and not by the address that a socket is bound to, so what is
 * bound to the second interface leaves by the first.
 */
public final class SubnetCheck implements Check {
    private static final String ROUTES = "proc/net/route";
    private static final JsonMapper JSON = new JsonMapper();
    private static final int INTERFACE = 0;
    private static final int DESTINATION = 1;
    private static final int GATEWAY = 2;
    private static final int MASK = 7;

    /** 169.254.0.0, which some systems route to every interface. */
    private static final int LINK_LOCAL = 0xa9fe0000;

    /** Smaller ones are links from one host to another. */
    private static final int LONGEST_PREFIX = 30;

    /** A subnet that the host has a leg in: its first address and its mask, most significant byte first. */
    private record Subnet(int address, int mask) implements Comparable<Subnet> {
        @Override
        public int compareTo(Subnet other) {
            return Long.compare(((long) address << 32) + mask, ((long) other.address << 32) + other.mask);
        }

        @Override
        public String toString() {
            return dotted(address) + "/" + Integer.bitCount(mask);
        }

        /** Whether it is one whose hosts can be reached by either of two legs. */
        boolean shared() {
            return mask != 0 && Integer.bitCount(mask) <= LONGEST_PREFIX && address != LINK_LOCAL;
        }

        /** The last address that a host can have: that of a neighbour, most likely. */
        String neighbour() {
            return dotted((address | ~mask) - 1);
        }
    }

    @Override
    public String name() {
        return "subnets";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        List<String> routes = host.files().lines(ROUTES);
        if (routes.isEmpty()) {
            return List.of(Finding.unknown(name(), host.files().whyNot(ROUTES)));
        }
        Map<Subnet, List<String>> legs = new TreeMap<>();
        for (String route : routes) {
            String[] fields = route.split("\\s+");
            if (fields.length > MASK && fields[DESTINATION].matches("[0-9A-F]{8}") && address(fields[GATEWAY]) == 0) {
                Subnet subnet = new Subnet(address(fields[DESTINATION]), address(fields[MASK]));
                List<String> interfaces = legs.computeIfAbsent(subnet, key -> new ArrayList<>());
                if (subnet.shared() && !interfaces.contains(fields[INTERFACE])) {
                    interfaces.add(fields[INTERFACE]);
                }
            }
        }
        List<Finding> findings = new ArrayList<>();
        legs.forEach((subnet, interfaces) -> {
            if (interfaces.size() > 1) {
                findings.add(judge(host.commands(), intent, subnet, interfaces));
            }
        });
        return findings.isEmpty() ? List.of(Finding.ok(name(), "no two interfaces are in one subnet")) : findings;
    }

    private Finding judge(Commands commands, Intent intent, Subnet subnet, List<String> interfaces) {
        String link = intent.network().name();
        String text = String.join(" and ", interfaces) + " are both in " + subnet;
        if (!interfaces.contains(link)) {
            return Finding.note(name(), text + "; what is bound to one can leave by another");
        }
        String address = intent.network().address();
        String way = way(commands.run("ip", "-j", "route", "get", subnet.neighbour(), "from", address));
        if (way.equals(link)) {
            return Finding.ok(name(), text + ", and what comes from " + address + " leaves by " + link);
        }
        String table = String.valueOf(100 + interfaces.indexOf(link)); // any that is not in use
        return Finding.warning(
                name(),
                text + "; what comes from " + address
                        + (interfaces.contains(way) ? " leaves by " + way : " may leave by another than " + link),
                "sudo ip route add " + subnet + " dev " + link + " src " + address + " table " + table,
                "sudo ip rule add from " + address + " table " + table,
                "sudo sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2   # the way in");
    }

    /** The interface by which the kernel would send; empty if that was not told. */
    private static String way(Answer answer) {
        try {
            return answer.given()
                    ? JSON.readTree(answer.text()).path(0).path("dev").asText()
                    : "";
        } catch (JsonProcessingException e) {
            return ""; // an ip that speaks no JSON: then it is not known, and the finding says "may"
        }
    }

    /** The kernel prints an address that lies in network order as if it were a number of its own. */
    private static int address(String hex) {
        int printed = Integer.parseUnsignedInt(hex, 16);
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(printed) : printed;
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }
}
