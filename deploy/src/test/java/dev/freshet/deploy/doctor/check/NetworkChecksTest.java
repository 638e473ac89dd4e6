package dev.freshet.deploy.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.deploy.doctor.host.FakeHost;
import java.net.BindException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks on what messages go through: buffers, link, queues, routes, ports. What tc and ip say was taken from real ones. */
class NetworkChecksTest {
    private static final long GIGABIT = 1_000_000_000L;

    @TempDir
    private Path root;

    private FakeHost host;

    @BeforeEach
    void begin() {
        host = FakeHost.good(root);
    }

    private List<Finding> find(Check check) {
        return check.examine(host.host(), FakeHost.intent());
    }

    @Test
    void socket_buffers_that_are_cut_off_are_named_with_value_need_and_the_file_to_keep_it_in() {
        host.file("proc/sys/net/core/rmem_max", "212992\n");
        List<Finding> findings = find(new SocketBufferCheck());
        assertThat(findings)
                .containsExactly(
                        Finding.warning(
                                "socket-buffers",
                                "net.core.rmem_max is 212992 (208KiB); agents ask for 524288 with messages below 64KiB",
                                "sudo sysctl -w net.core.rmem_max='4194304'",
                                "echo 'net.core.rmem_max = 4194304' | sudo tee -a /etc/sysctl.d/90-freshet.conf   # and after a reboot"));
        assertThat(new SocketBufferCheck()
                        .examine(host.host(), FakeHost.intent(GIGABIT, "10/s", "1MiB", "1s"))
                        .get(0)
                        .level())
                .as("large messages are left to the kernel's tuning")
                .isEqualTo(Level.NOTE);
    }

    @Test
    void the_kernel_must_have_room_to_tune_and_more_on_a_fast_link() {
        host.file("proc/sys/net/ipv4/tcp_wmem", "4096\t16384\t4194304\n");
        assertThat(find(new SocketBufferCheck())).extracting(Finding::level).containsExactly(Level.NOTE);
        assertThat(find(new SocketBufferCheck()).get(0).remedy())
                .contains("sudo sysctl -w net.ipv4.tcp_wmem='4096 16384 16777216'");
        Intent gigabit = FakeHost.intent(GIGABIT, "10/s", "1MiB", "1s");
        assertThat(new SocketBufferCheck().examine(host.host(), gigabit))
                .extracting(Finding::level)
                .containsExactly(Level.OK);
        host.file("proc/sys/net/ipv4/tcp_wmem", "4096\t16384\t1048576\n");
        assertThat(new SocketBufferCheck().examine(host.host(), gigabit))
                .extracting(Finding::level)
                .containsExactly(Level.WARNING);
    }

    @Test
    void a_link_that_is_down_unplugged_or_half_duplex_fails() {
        host.file("sys/class/net/eth1/duplex", "half\n");
        assertThat(find(new LinkCheck()).get(0).text()).contains("half duplex");
        host.file("sys/class/net/eth1/carrier", "0\n");
        assertThat(find(new LinkCheck()).get(0).text()).contains("no carrier");
        host.file("sys/class/net/eth1/flags", "0x1002\n");
        assertThat(find(new LinkCheck()))
                .containsExactly(Finding.failure("link", "eth1 is down", "sudo ip link set dev eth1 up"));
    }

    @Test
    void a_link_that_cannot_carry_the_messages_fails_before_they_are_sent() {
        // 8.39 Gbit/s of payload
        assertThat(link(10 * GIGABIT, "1000/s", "1MiB")).isEqualTo(Level.WARNING);
        assertThat(link(25 * GIGABIT, "1000/s", "1MiB")).isEqualTo(Level.OK);
        assertThat(link(GIGABIT, "1000/s", "1MiB")).isEqualTo(Level.FAILURE);
        assertThat(link(GIGABIT, "1/s", "1MiB")).isEqualTo(Level.OK);
        assertThat(link(GIGABIT / 10, "1/s", "1MiB")).isEqualTo(Level.WARNING);
        assertThat(link(null, "1/s", "1MiB")).isEqualTo(Level.NOTE);
    }

    private Level link(Long speed, String rate, String size) {
        return new LinkCheck()
                .examine(host.host(), FakeHost.intent(speed, rate, size, "1s"))
                .get(0)
                .level();
    }

    @Test
    void a_small_mtu_and_a_fast_link_without_jumbo_frames_are_noted() {
        host.file("sys/class/net/eth1/mtu", "1450\n");
        assertThat(find(new LinkCheck()).get(0).text()).contains("MTU of 1450", "overlay");
        host.file("sys/class/net/eth1/mtu", "1500\n");
        assertThat(find(new LinkCheck()).get(0).remedy().get(0)).startsWith("sudo ip link set dev eth1 mtu 9000");
    }

    @Test
    void frames_lost_before_are_weighed_and_those_lost_now_are_a_warning() {
        host.counter("rx_errors", 1);
        assertThat(errors()).extracting(Finding::level).containsExactly(Level.NOTE);
        host.counter("rx_errors", 500);
        assertThat(errors()).extracting(Finding::level).containsExactly(Level.WARNING);
        host.counter("rx_errors", 0).counter("rx_dropped", 100);
        assertThat(errors()).extracting(Finding::level).containsExactly(Level.NOTE);
        LinkErrorCheck check = new LinkErrorCheck(host.host().files(), "eth1");
        host.counter("rx_dropped", 103);
        assertThat(find(check).get(0).text())
                .isEqualTo("eth1: rx_dropped is 103 of 2000000 packets, 3 of them just now");
        host.counter("rx_dropped", 0);
        assertThat(errors()).extracting(Finding::level).containsExactly(Level.OK);
    }

    private List<Finding> errors() {
        return find(new LinkErrorCheck(host.host().files(), "eth1"));
    }

    @Test
    void a_rate_limit_is_named_with_its_rate_and_fails_where_the_messages_need_more() {
        host.answer(
                "tc",
                "[{\"kind\":\"tbf\",\"handle\":\"8002:\",\"root\":true,\"refcnt\":3,"
                        + "\"options\":{\"rate\":12500000,\"burst\":65525,\"lat\":50000}}]");
        assertThat(find(new RateLimitCheck()).get(0).text())
                .isEqualTo("eth1 is held back by tbf to 100 Mbit/s at its root");
        assertThat(find(new RateLimitCheck()).get(0).remedy().get(0)).startsWith("sudo tc qdisc del dev eth1 root");
        Finding needsMore = new RateLimitCheck()
                .examine(host.host(), FakeHost.intent(GIGABIT, "100/s", "1MiB", "1s"))
                .get(0);
        assertThat(needsMore.level()).isEqualTo(Level.FAILURE);
        assertThat(needsMore.text()).endsWith("the messages need 838.86 Mbit/s");
    }

    @Test
    void other_shapers_are_known_too_and_fair_queues_are_not_taken_for_one() {
        host.answer("tc -j qdisc", "[{\"kind\":\"htb\",\"root\":true,\"options\":{\"r2q\":10,\"default\":\"0x10\"}}]")
                .answer("tc class", "class htb 1:10 root prio 0 rate 200Mbit ceil 200Mbit burst 1600b cburst 1600b\n");
        assertThat(find(new RateLimitCheck()).get(0).text()).contains("htb to 200Mbit at its root");
        host.answer("tc -j qdisc", "[{\"kind\":\"cake\",\"root\":true,\"options\":{\"bandwidth\":125000000}}]");
        assertThat(find(new RateLimitCheck()).get(0).text()).contains("cake to 1 Gbit/s");
        host.answer("tc -j qdisc", "[{\"kind\":\"netem\",\"root\":true,\"options\":{\"rate\":{\"rate\":6250000}}}]");
        assertThat(find(new RateLimitCheck()).get(0).text()).contains("netem to 50 Mbit/s");
        host.answer("tc -j qdisc", "[{\"kind\":\"cake\",\"root\":true,\"options\":{\"bandwidth\":\"unlimited\"}}]");
        assertThat(find(new RateLimitCheck()).get(0).level()).isEqualTo(Level.OK);
        host.answer("tc -j qdisc", "qdisc noqueue 0: root refcnt 2\n");
        assertThat(find(new RateLimitCheck()).get(0).level()).isEqualTo(Level.UNKNOWN);
    }

    @Test
    void two_interfaces_in_one_subnet_are_a_warning_until_the_kernel_sends_by_the_right_one() {
        littleEndianOnly();
        host.file(
                        "proc/net/route",
                        FakeHost.ROUTES_HEAD + "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
                                + "eth0\t0000090A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
                                + "eth1\t0000090A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
                .answer(
                        "ip -j route get 10.9.0.254 from 10.9.0.2",
                        "[{\"dst\":\"10.9.0.254\",\"from\":\"10.9.0.2\",\"dev\":\"eth0\",\"flags\":[],\"uid\":0}]");
        Finding finding = find(new SubnetCheck()).get(0);
        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text())
                .isEqualTo("eth0 and eth1 are both in 10.9.0.0/24; what comes from 10.9.0.2 leaves by eth0");
        assertThat(finding.remedy())
                .startsWith(
                        "sudo ip route add 10.9.0.0/24 dev eth1 src 10.9.0.2 table 101",
                        "sudo ip rule add from 10.9.0.2 table 101");
        host.answer("ip -j route get", "")
                .answer(
                        "ip -j route get 10.9.0.254 from 10.9.0.2",
                        "[{\"dst\":\"10.9.0.254\",\"from\":\"10.9.0.2\",\"dev\":\"eth1\",\"table\":\"101\"}]");
        assertThat(find(new SubnetCheck()).get(0).level()).isEqualTo(Level.OK);
    }

    private static void littleEndianOnly() {
        Assumptions.assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "the tables were taken from such a host");
    }

    private static PortCheck taken(int port, String reason) {
        return new PortCheck((address, asked) -> {
            if (asked == port) {
                throw new BindException(reason);
            }
        });
    }

    private List<Finding> ports(PortCheck check, Integer... ports) {
        return check.examine(host.host(), FakeHost.intent(ports));
    }

    @Test
    void a_port_that_is_taken_is_named_with_the_process_that_has_it() {
        littleEndianOnly();
        host.file(
                        "proc/net/tcp",
                        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
                                + "   0: 0100007F:1770 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 111 1\n"
                                + "   1: 0200090A:1770 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 0 222 1\n")
                .file("proc/77/cmdline", "java\0-jar\0detector.jar\0")
                .link("proc/77/fd/5", "socket:[222]");
        assertThat(ports(taken(6000, "Address already in use"), 6000, 6001, 6002))
                .containsExactly(
                        Finding.failure(
                                "ports",
                                "port 6000 on 10.9.0.2 cannot be bound (Address already in use): process 77 has it (java -jar"
                                        + " detector.jar)",
                                "kill 77   # or measure on other ports: --data-port"),
                        Finding.ok("ports", "6001-6002 free on 10.9.0.2"));
    }

    @Test
    void a_port_of_a_process_that_may_not_be_looked_into_is_named_with_its_user() {
        littleEndianOnly();
        host.file(
                "proc/net/tcp6",
                "   0: 00000000000000000000000000000000:1770 00000000000000000000000000000000:0000 0A"
                        + " 00000000:00000000 00:00000000 00000000  1042 0 333 1\n");
        assertThat(ports(taken(6000, "Address already in use"), 6000).get(0).text())
                .endsWith("a process of user 1042 has it");
        assertThat(ports(taken(6001, "Address already in use"), 6001).get(0).remedy())
                .containsExactly("sudo ss -ltnp 'sport = :6001'   # who has it");
    }

    @Test
    void a_port_that_needs_a_privilege_and_one_that_anybody_may_be_given_are_told() {
        assertThat(ports(taken(80, "Permission denied"), 80).get(0).remedy())
                .containsExactly("sudo sysctl -w net.ipv4.ip_unprivileged_port_start=80");
        host.file("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        assertThat(ports(taken(0, ""), 5550, 40000, 40001))
                .extracting(Finding::text)
                .containsExactly(
                        "5550,40000-40001 free on 10.9.0.2",
                        "40000-40001 may be given to any outgoing connection (32768-60999 are)");
    }

    @Test
    void ports_are_a_list_with_ranges() {
        assertThat(PortList.parse("--ports", "6000-6002, 5550,6001")).containsExactly(5550, 6000, 6001, 6002);
        assertThat(PortList.text(List.of(5550, 6000, 6001, 6002, 7000))).isEqualTo("5550,6000-6002,7000");
        for (String wrong : List.of("", "x", "5550,", "70000", "0", "6007-6000", "1-2-3")) {
            assertThatThrownBy(() -> PortList.parse("--ports", wrong))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("--ports");
        }
    }
}
