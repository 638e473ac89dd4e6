package dev.freshet.common.zmq;

import dev.freshet.common.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.function.Consumer;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.Msg;
import zmq.msg.MsgAllocator;

/**
 * A JeroMQ context whose sockets have the guards that JeroMQ 0.6.0 needs; all sockets of Freshet come from here.
 *
 * <ul>
 *   <li>A connect can stall until the handshake interval has passed (upstream issues 624 and 912): it is 200 ms instead of 30 s.
 *   <li>A frame that announces 2^31-1 bytes exhausts the memory of the I/O thread: every socket has a largest frame.
 *   <li>A frame that announces a negative length ends the I/O thread, largest frame or not: see {@link GuardedAllocator}.
 *   <li>A message may have frames without end, a peer may greet and be silent, and connections may use up the descriptors: see
 *       {@link BoundedMessages} and {@link Doorkeeper}.
 *   <li>An I/O thread that dies leaves a process that is up but deaf: its death is handed to whoever made the context.
 * </ul>
 *
 * <p>Sockets and pollers belong to the thread that uses them; closing may be done by another one when that thread has ended.
 */
public final class SafeContext implements AutoCloseable {
    static final int HANDSHAKE_MILLIS = 200;
    private static final int BACKLOG = 1024;

    /** A message on a socket that others dial may be as large as so many of its largest frames. */
    private static final int MAX_FRAMES = 8;

    /** With a domain JeroMQ refuses ZMTP 1 and 2, which know no handshake and could not be bounded. */
    private static final String ZAP_DOMAIN = "freshet";

    private static final long CLOSE_MILLIS = 2_000;

    private static final System.Logger LOG = System.getLogger(SafeContext.class.getName());

    private final String name;
    private final ZContext context;
    private volatile boolean closing;

    /**
     * @param name begins the names of its threads
     * @param onDeath told when one of its I/O threads dies of an exception, unless the context is being closed; no socket works after that
     */
    public SafeContext(String name, Consumer<Throwable> onDeath) {
        this.name = name;
        context = new ZContext(1);
        context.setThreadFactor((task, role) -> {
            Thread thread = new Thread(task, name + "-" + role);
            thread.setDaemon(true);
            // not by the context: that one's handler is for the threads of its own factory only
            thread.setUncaughtExceptionHandler((died, error) -> {
                if (!closing) { // sockets that go away under an I/O thread can make it stumble: nobody needs it then
                    onDeath.accept(error);
                }
            });
            return thread;
        });
        // what an I/O thread survives (a peer that resets, a socket that closes under it) would otherwise go to
        // standard error with its stack
        context.setNotificationExceptionHandler(
                (thread, error) -> LOG.log(System.Logger.Level.DEBUG, "survived by an I/O thread", error));
        context.setLinger(0);
    }

    /**
     * A new socket with the guards, not bound or connected.
     *
     * @param maxFrameBytes a peer that announces a larger frame is cut off
     */
    public ZMQ.Socket socket(SocketType type, long maxFrameBytes) {
        boolean dialled = type == SocketType.ROUTER || type == SocketType.XPUB;
        return socket(type, maxFrameBytes, dialled ? new BoundedMessages(MAX_FRAMES * maxFrameBytes) : Msg::new);
    }

    /** As {@link #socket(SocketType, long)}, with received frames in memory that {@code allocator} gives. */
    public ZMQ.Socket socket(SocketType type, long maxFrameBytes, MsgAllocator allocator) {
        ZMQ.Socket socket = context.createSocket(type);
        socket.setHandshakeIvl(HANDSHAKE_MILLIS);
        socket.setMaxMsgSize(maxFrameBytes);
        socket.setMsgAllocator(new GuardedAllocator(allocator, maxFrameBytes));
        socket.setBacklog(BACKLOG);
        socket.setLinger(0);
        socket.setReconnectIVL(100);
        socket.setReconnectIVLMax(1000);
        return socket;
    }

    public ZMQ.Poller poller(int size) {
        return context.createPoller(size);
    }

    /** As {@link #bind(ZMQ.Socket, String, String, int, Doorkeeper)}, for a port that few connect to. */
    public static int bind(ZMQ.Socket socket, String what, String address, int port) {
        return bind(socket, what, address, port, new Doorkeeper(Doorkeeper.FEW));
    }

    /**
     * Binds to a port of an address. From then on peers that speak ZMTP 3 may connect, as many as {@code doorkeeper} lets in.
     *
     * @param what who asked for the port, for the error
     * @param address a local address, or {@code *}
     * @param port 0 takes any free one
     * @return the port bound
     * @throws InputException if the port is taken, or the address is not one of this machine's
     */
    public static int bind(ZMQ.Socket socket, String what, String address, int port, Doorkeeper doorkeeper) {
        socket.setZAPDomain(ZAP_DOMAIN);
        doorkeeper.watch(socket);
        try {
            socket.bind("tcp://" + address + ":" + (port == 0 ? "*" : String.valueOf(port)));
        } catch (ZMQException | IllegalArgumentException e) {
            throw cannotBind(what, address, port, e);
        }
        String endpoint = socket.getLastEndpoint();
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }

    /**
     * Why a port cannot be bound, in words.
     *
     * @param what who asked for the port
     */
    public static InputException cannotBind(String what, String address, int port, Exception cause) {
        return new InputException(
                what + ": port " + port + " on " + address
                        + (isLocal(address)
                                ? " is in use"
                                : " cannot be bound: the address is not one of this machine's"),
                cause);
    }

    private static boolean isLocal(String address) {
        try {
            return address.equals("*")
                    || InetAddress.getByName(address).isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Closes the sockets and ends the threads, within two seconds: a context whose I/O thread has died never closes, and is then left to a daemon
     * thread that nobody needs.
     */
    @Override
    public void close() {
        closing = true;
        Thread closer = new Thread(context::close, name + "-closer");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closer.isAlive()) {
            LOG.log(System.Logger.Level.WARNING, "the context {0} was not closed within {1} ms", name, CLOSE_MILLIS);
        }
    }
}
