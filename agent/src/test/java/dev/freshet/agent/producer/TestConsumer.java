package dev.freshet.agent.producer;

import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.wire.Request;
import dev.freshet.common.wire.Response;
import dev.freshet.common.zmq.SafeContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** A consumer on JeroMQ in a thread of the test: says {@code start}, answers every request, and every tenth one twice. */
final class TestConsumer implements AutoCloseable {
    private final SafeContext context = new SafeContext("consumer", Throwable::printStackTrace);
    private final ZMQ.Socket viz = context.socket(SocketType.PUB, 1024);
    private final int vizPort = SafeContext.bind(viz, "viz port", "127.0.0.1", 0);
    private final Thread thread;
    private volatile boolean ended;
    final AtomicLong received = new AtomicLong();
    final AtomicLong twice = new AtomicLong();

    TestConsumer(List<String> dataEndpoints, String startEndpoint) {
        thread = new Thread(() -> consume(dataEndpoints, startEndpoint), "consumer");
        thread.start();
    }

    Peer peer() {
        return new Peer("c1", null, List.of("tcp://127.0.0.1:" + vizPort), null, null);
    }

    private void consume(List<String> dataEndpoints, String startEndpoint) {
        ZMQ.Socket data = context.socket(SocketType.SUB, 1 << 27);
        data.subscribe("request");
        dataEndpoints.forEach(data::connect);
        ZMQ.Socket start = context.socket(SocketType.REQ, 1024);
        start.connect(startEndpoint);
        start.send("start");
        start.setReceiveTimeOut(5000);
        String reply = start.recvStr();
        if (!"start".equals(reply)) {
            throw new IllegalStateException("start was answered with " + reply);
        }
        Request request = new Request();
        ByteBuffer answer = ByteBuffer.allocate(Response.MAX_BYTES);
        byte[] id = new byte[Request.MAX_ID_BYTES];
        data.setReceiveTimeOut(20);
        while (!ended) {
            byte[] topic = data.recv();
            if (topic == null) {
                continue;
            }
            byte[] body = data.recv();
            long micros = System.currentTimeMillis() * 1000;
            if (!request.parse(ByteBuffer.wrap(body))) {
                throw new IllegalStateException(new String(body, 0, 100, StandardCharsets.US_ASCII));
            }
            answer.clear();
            Response.write(answer, id, request.copyId(id, 0), request.seq(), micros, micros + 100);
            byte[] bytes = Arrays.copyOf(answer.array(), answer.position());
            received.incrementAndGet();
            boolean again = request.seq() % 10 == 0;
            if (again) {
                twice.incrementAndGet();
            }
            for (int times = again ? 2 : 1; times > 0; times--) {
                publish(bytes);
            }
            if (request.seq() % 100 == 0) {
                publish(new String(bytes, StandardCharsets.US_ASCII)
                        .replace("p1-", "p2-")
                        .getBytes(StandardCharsets.US_ASCII));
                publish("{\"type\":\"response\"".getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private void publish(byte[] body) {
        viz.send("response", ZMQ.SNDMORE);
        viz.send(body);
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        context.close();
    }
}
