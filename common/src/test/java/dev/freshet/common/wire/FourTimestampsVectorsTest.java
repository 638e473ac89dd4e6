package dev.freshet.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.common.time.FourTimestamps;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FourTimestampsVectorsTest {
    static Stream<JsonNode> own() {
        return ContractVectors.own("four_timestamps").stream();
    }

    static Stream<JsonNode> shared() {
        return ContractVectors.shared("four_timestamps").stream();
    }

    @ParameterizedTest
    @MethodSource({"own", "shared"})
    void the_sums_of_four_timestamps_are_those_of_the_contract(JsonNode vector) {
        FourTimestamps exchange = new FourTimestamps(
                vector.get("t1").asLong(),
                vector.get("t2").asLong(),
                vector.get("t3").asLong(),
                vector.get("t4").asLong());

        assertThat(exchange.clockOffset())
                .isEqualTo(vector.get("clock_offset_us").asDouble());
        assertThat(exchange.networkDelay())
                .isEqualTo(vector.get("network_delay_us").asDouble());
        assertThat(exchange.processingDelay())
                .isEqualTo(vector.get("processing_delay_us").asLong());
        assertThat(exchange.totalDelay()).isEqualTo(vector.get("total_delay_us").asLong());
    }
}
