package dev.freshet.agent.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkSpeedTest {
    @TempDir
    private Path folder;

    @Test
    void the_links_speed_is_known_where_the_kernel_knows_it() throws Exception {
        Path speed = folder.resolve("speed");
        Files.writeString(speed, "10000\n");
        assertThat(LinkSpeed.ofLink(folder)).isEqualTo(10_000_000_000L);
        Files.writeString(speed, "-1\n");
        assertThat(LinkSpeed.ofLink(folder)).isNull();
        Files.delete(speed);
        assertThat(LinkSpeed.ofLink(folder)).isNull();
    }

    @Test
    void the_limit_of_a_token_bucket_at_the_root_is_told_in_bits() {
        String tc = "[{'kind':'tbf','handle':'8005:','root':true,'refcnt':3,"
                + "'options':{'rate':31250000,'burst':262125,'lat':100000}}]";
        assertThat(LinkSpeed.limit(tc.replace('\'', '"'))).isEqualTo(250_000_000L);
    }

    @Test
    void a_bucket_below_the_root_or_another_discipline_limits_no_more_than_part_of_the_traffic() {
        String below = "[{'kind':'htb','handle':'1:','root':true,'options':{'r2q':10}},"
                + "{'kind':'tbf','handle':'2:','parent':'1:1','options':{'rate':31250000}}]";
        assertThat(LinkSpeed.limit(below.replace('\'', '"'))).isNull();
        assertThat(LinkSpeed.limit("[{\"kind\":\"noqueue\",\"root\":true,\"options\":{}}]"))
                .isNull();
    }

    @Test
    void a_tc_that_is_missing_or_speaks_no_json_tells_no_limit() {
        assertThat(LinkSpeed.limit("")).isNull();
        assertThat(LinkSpeed.limit("qdisc tbf 8005: root refcnt 3 rate 250Mbit"))
                .isNull();
    }

    @Test
    void an_interface_that_is_not_there_has_no_speed() {
        assertThat(LinkSpeed.bitsPerSecond("nosuch0")).isNull();
    }
}
