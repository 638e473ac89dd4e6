package dev.freshet.agent.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** To the byte, as RFC 37 has them. */
class CommandTest {
    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** As the reader of frames hands it over: in an array that is longer. */
    private static byte[] kept(byte[] command) {
        return Arrays.copyOf(command, FrameReader.MAX_COMMAND_BYTES);
    }

    private static String socketType(String command) throws ZmtpException {
        return Command.socketType(kept(latin(command)), command.length());
    }

    private static byte[] pongTo(String command) throws ZmtpException {
        return Command.pongTo(kept(latin(command)), command.length());
    }

    private static byte[] subscription(String command) {
        return Command.subscription(kept(latin(command)), command.length());
    }

    @Test
    void a_ready_names_the_type_of_socket() {
        assertThat(Command.ready("SUB")).isEqualTo(latin("\4\31\5READY\13Socket-Type\0\0\0\3SUB"));
    }

    @Test
    void a_subscription_is_a_command_for_who_knows_it_and_a_message_for_others() {
        assertThat(Command.subscribe("request", true)).isEqualTo(latin("\4\21\11SUBSCRIBErequest"));
        assertThat(Command.subscribe("", true)).isEqualTo(latin("\4\12\11SUBSCRIBE"));
        assertThat(Command.subscribe("request", false)).isEqualTo(latin("\0\10\1request"));
    }

    @Test
    void a_ping_is_answered_with_its_context_and_nothing_else_is() throws ZmtpException {
        assertThat(pongTo("\4PING\0\12abc")).isEqualTo(latin("\4\10\4PONGabc"));
        assertThat(pongTo("\4PING\0\12")).isEqualTo(latin("\4\5\4PONG"));
        assertThat(pongTo("\4PING\0\0" + "x".repeat(16))).isEqualTo(latin("\4\25\4PONG" + "x".repeat(16)));
        assertThat(pongTo("\4PONGabc")).isNull();
        assertThat(pongTo("\5PING\0\12")).isNull();
        assertThat(pongTo("\5READY")).isNull();
        assertThat(pongTo("")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\4PING", "\4PING\0", "\4PING\0\12seventeen letters"})
    void a_ping_without_a_time_or_with_too_much_context_is_malformed(String ping) {
        assertThatThrownBy(() -> pongTo(ping)).isInstanceOf(ZmtpException.class).hasMessageContaining("PING");
    }

    @Test
    void subscribe_and_cancel_say_what_the_messages_before_them_said() {
        assertThat(subscription("\11SUBSCRIBErequest")).isEqualTo(latin("\1request"));
        assertThat(subscription("\11SUBSCRIBE")).isEqualTo(latin("\1"));
        assertThat(subscription("\6CANCELreq")).isEqualTo(latin("\0req"));
        assertThat(subscription("\6CANCEL")).isEqualTo(latin("\0"));
        assertThat(subscription("\6CANCE")).isNull();
        assertThat(subscription("\11subscriberequest")).isNull();
        assertThat(subscription("\4PING\0\12")).isNull();
        assertThat(subscription("")).isNull();
    }

    @Test
    void the_type_of_socket_is_found_among_other_properties_whatever_the_case_of_its_name() throws ZmtpException {
        assertThat(socketType("\5READY\13Socket-Type\0\0\0\3SUB")).isEqualTo("SUB");
        assertThat(socketType("\5READY\10Identity\0\0\0\0\13socket-type\0\0\0\4XSUB\1X\0\0\0\1y"))
                .isEqualTo("XSUB");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            055245414459                                         | names no type
            05524541445908 4964656e74697479 00000000             | names no type
            0552454144590b 536f636b65742d54797065 00000004 535542| malformed
            0552454144590b 536f636b65742d54797065 ffffffff 535542| malformed
            0552454144590b 536f636b65742d54797065 000000         | malformed
            0552454144590b 536f636b65                            | malformed
            055245414459ff                                       | malformed
            0554525554480b                                       | something else than READY
            05455252 4f52                                        | something else than READY
            0552454144                                           | something else than READY
            ''                                                   | something else than READY
            """)
    void a_ready_that_breaks_a_rule_is_malformed(String hex, String reason) {
        byte[] command = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThatThrownBy(() -> Command.socketType(kept(command), command.length))
                .isInstanceOf(ZmtpException.class)
                .hasMessageContaining(reason);
    }
}
