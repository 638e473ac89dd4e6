package dev.freshet.agent.producer;

import java.util.List;
import java.util.function.Consumer;

/** Says a line about each of the first messages that another publisher is given. */
public final class TracingPublisher implements Publisher {
    private static final int FIRST_MESSAGES = 20;

    private final Publisher publisher;
    private final Consumer<String> say;
    private int left = FIRST_MESSAGES;
    private String prepared = "";

    public TracingPublisher(Publisher publisher, Consumer<String> say) {
        this.publisher = publisher;
        this.say = say;
    }

    @Override
    public void bind(String address, int dataPort) {
        publisher.bind(address, dataPort);
    }

    @Override
    public void fill() {
        publisher.fill();
    }

    @Override
    public void prepare(int channel, long seq, long t1Micros, int sizeBytes) {
        publisher.prepare(channel, seq, t1Micros, sizeBytes);
        if (left > 0) {
            prepared = "seq_n=" + seq + " channel=" + channel + " t1=" + t1Micros + " size=" + sizeBytes;
        }
    }

    @Override
    public boolean offer(int channel) {
        boolean accepted = publisher.offer(channel);
        if (left > 0) {
            left--;
            say.accept((accepted ? "sent " : "refused ") + prepared);
        }
        return accepted;
    }

    @Override
    public void flush() {
        publisher.flush();
    }

    @Override
    public List<Integer> ports() {
        return publisher.ports();
    }

    @Override
    public List<Integer> channelsWithoutSubscriber() {
        return publisher.channelsWithoutSubscriber();
    }

    @Override
    public List<String> remarks() {
        return publisher.remarks();
    }

    @Override
    public void close() {
        publisher.close();
    }
}
