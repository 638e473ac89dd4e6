package dev.freshet.agent.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.plan.Waiting;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import dev.freshet.common.wire.Request;
import dev.freshet.common.wire.Response;
import dev.freshet.common.zmq.SafeContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A producer that sends what a test tells it, in the test's own thread; only {@code start} is answered by a thread of its own. */
final class FakeProducer {
    private static final int WAIT_MILLIS = 10_000;

    private final SafeContext context = new SafeContext("fake", error -> {});
    private final String name;
    private final byte[] prefix;
    private final List<ZMQ.Socket> channels = new ArrayList<>();
    private final List<String> endpoints = new ArrayList<>();
    private final ZMQ.Socket answers;
    private int foreignAnswers;
    private final String startEndpoint;
    private final Thread starter;
    private final Response response = new Response();
    private volatile boolean closing;

    FakeProducer(String name, int channelCount) {
        this.name = name;
        prefix = Request.idPrefix(name);
        for (int i = 0; i < channelCount; i++) {
            ZMQ.Socket socket = context.socket(SocketType.XPUB, 4096);
            socket.setSndHWM(100_000);
            socket.setXpubNoDrop(true);
            socket.setReceiveTimeOut(WAIT_MILLIS);
            channels.add(socket);
            endpoints.add("tcp://127.0.0.1:" + SafeContext.bind(socket, name, "127.0.0.1", 0));
        }
        answers = context.socket(SocketType.SUB, 4096);
        answers.setRcvHWM(1_000_000);
        answers.setReceiveTimeOut(WAIT_MILLIS);
        answers.subscribe("response");
        ZMQ.Socket control = context.socket(SocketType.REP, 4096);
        control.setReceiveTimeOut(100);
        startEndpoint = "tcp://127.0.0.1:" + SafeContext.bind(control, name, "127.0.0.1", 0);
        starter = new Thread(() -> answerStart(control), name + "-start");
        starter.start();
    }

    private void answerStart(ZMQ.Socket control) {
        byte[] said = null;
        while (said == null && !closing) {
            said = control.recv();
        }
        if (said != null) {
            control.send(said);
        }
    }

    Shard.Producing shard(Timing timing, long ratePerSecond) {
        return new Shard.Producing(
                name,
                Schedule.of(Rate.perSecond(ratePerSecond)),
                SizeMix.single(100),
                channels.size(),
                0,
                0,
                OnFull.SKIP,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                timing);
    }

    Peer peer(Shard.Producing shard) {
        return new Peer(name, shard, List.copyOf(endpoints), startEndpoint, null);
    }

    void listenTo(String answerEndpoint) {
        answers.connect(answerEndpoint);
    }

    /** Lets JeroMQ do what it does in this thread only. */
    void keepGoing() {
        answers.getEvents();
    }

    /** Waits until the consumer has subscribed on each channel. */
    void awaitSubscribed() {
        for (ZMQ.Socket channel : channels) {
            assertThat(channel.recv()).as("subscription of %s", name).isNotNull();
        }
    }

    void send(long seq, int payloadBytes) {
        send((int) (seq % channels.size()), seq, payloadBytes);
    }

    void send(int channel, long seq, int payloadBytes) {
        sendFrames(channel, ascii("request"), body(prefix, seq, payloadBytes));
    }

    void sendFrames(int channel, byte[]... frames) {
        ZMQ.Socket socket = channels.get(channel);
        for (int i = 0; i < frames.length; i++) {
            assertThat(socket.send(frames[i], i < frames.length - 1 ? ZMQ.SNDMORE : 0))
                    .isTrue();
        }
    }

    static byte[] body(byte[] prefix, long seq, int payloadBytes) {
        byte[] bytes = new byte[Request.MAX_HEADER_BYTES + payloadBytes];
        Arrays.fill(bytes, (byte) 'x');
        int start = Request.writeHeaderBefore(
                ByteBuffer.wrap(bytes), Request.MAX_HEADER_BYTES, prefix, seq, System.currentTimeMillis() * 1000);
        return Arrays.copyOfRange(bytes, start, bytes.length);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The next answer of anybody's messages, or null if none comes. */
    Response nextAnswer() {
        byte[] topic = answers.recv();
        if (topic == null) {
            return null;
        }
        byte[] json = answers.recv();
        assertThat(response.parse(json, 0, json.length))
                .as(new String(json, StandardCharsets.UTF_8))
                .isTrue();
        return response;
    }

    /** The numbers of the next answers to this producer's messages, in their order. */
    List<Long> answers(int count) {
        List<Long> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            Response answer = nextAnswer();
            assertThat(answer)
                    .as("answer %d of %d to %s", numbers.size(), count, name)
                    .isNotNull();
            if (answer.idNumber(prefix) >= 0) {
                assertThat(answer.seq()).isEqualTo(answer.idNumber(prefix));
                assertThat(answer.t3Micros()).isGreaterThanOrEqualTo(answer.t2Micros());
                numbers.add(answer.seq());
            } else {
                foreignAnswers++;
            }
        }
        return numbers;
    }

    /** Answers to others that came as well. */
    int foreignAnswers() {
        return foreignAnswers;
    }

    /** Whether no answer comes for a while. */
    boolean nothingFollows(int millis) {
        answers.setReceiveTimeOut(millis);
        return answers.recv() == null;
    }

    void close() throws InterruptedException {
        closing = true;
        starter.join(WAIT_MILLIS);
        context.close();
    }
}
