package dev.freshet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AgentNeedsTest {
    private static final long HEAP_BYTES = 96L << 20;

    @Test
    void few_messages_a_second_need_no_optimizing_compiler_and_many_do() {
        assertThat(new AgentNeeds(HEAP_BYTES, HEAP_BYTES, 1_000).jvmOptions()).contains("-XX:TieredStopAtLevel=1");
        assertThat(new AgentNeeds(HEAP_BYTES, HEAP_BYTES, Double.POSITIVE_INFINITY).jvmOptions())
                .doesNotContain("-XX:TieredStopAtLevel=1");
    }

    @Test
    void the_methods_that_are_compiled_apart_are_there() throws ClassNotFoundException {
        for (String named : AgentNeeds.COMPILED_APART) {
            int point = named.indexOf('.');
            Class<?> owner = Class.forName(named.substring(0, point).replace('/', '.'));
            assertThat(Arrays.stream(owner.getDeclaredMethods()).map(Method::getName))
                    .contains(named.substring(point + 1));
            assertThat(new AgentNeeds(HEAP_BYTES, HEAP_BYTES, Double.POSITIVE_INFINITY).jvmOptions())
                    .contains("-XX:CompileCommand=dontinline," + named);
        }
    }
}
