package dev.freshet.coordinator.web;

import dev.freshet.common.InputException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of a coordinator. Owned by the coordinator's context. */
public final class WebServer {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
    private static final int MAX_LINE_BYTES = 4_096;
    private static final int MAX_HEADER_BYTES = 16 << 10;
    private static final int MIN_COMPRESSED_BYTES = 1_024;
    private static final long CLOSE_SECONDS = 2;

    /** Else the kernel keeps megabytes for each browser that does not read. */
    private static final int SEND_BUFFER_BYTES = 256 << 10;

    private final HttpServer server;
    private final WebOptions options;
    private final Routes routes;
    private final Connections connections;
    private final Vertx vertx;

    private WebServer(Vertx vertx, HttpServer server, WebOptions options, Routes routes, Connections connections) {
        this.vertx = vertx;
        this.connections = connections;
        this.server = server;
        this.options = options;
        this.routes = routes;
    }

    /**
     * Begins to serve.
     *
     * @return fails with {@link InputException}, naming the option, if the port cannot be bound or the certificate is none
     */
    public static Future<WebServer> start(Vertx vertx, WebOptions options, Routes routes) {
        Failures failures = new Failures(vertx);
        Router router = Router.router(vertx);
        failures.addTo(router);
        Connections connections = new Connections(vertx);
        router.route().handler(connections);
        routes.addTo(router);
        HttpServer server = vertx.createHttpServer(httpOptions(options));
        WebServer web = new WebServer(vertx, server, options, routes, connections);
        return server.requestHandler(request -> failures.screen(request, router))
                .invalidRequestHandler(failures::unreadable)
                .connectionHandler(connections::opened)
                .exceptionHandler(
                        broken -> LOG.debug("a connection broke", broken)) // TLS handshakes of strangers, mostly
                .listen()
                .map(web)
                .recover(failure -> Future.failedFuture(inputException(options, failure)));
    }

    static HttpServerOptions httpOptions(WebOptions options) {
        HttpServerOptions http = new HttpServerOptions()
                .setHost(options.address().getHostAddress())
                .setPort(options.port())
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setSendBufferSize(SEND_BUFFER_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setUseAlpn(false) // HTTP/1.1 only: one way in to look after
                .setHandle100ContinueAutomatically(true)
                .setCompressionSupported(true)
                .setCompressionContentSizeThreshold(MIN_COMPRESSED_BYTES);
        if (options.tls() != null) {
            http.setSsl(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .setCertValue(Buffer.buffer(options.tls().certificate()))
                            .setKeyValue(Buffer.buffer(options.tls().key())));
        }
        return http;
    }

    private static InputException inputException(WebOptions options, Throwable failure) {
        if (failure instanceof SocketException) {
            String where = "port " + options.port() + " on " + options.address().getHostAddress();
            String why = String.valueOf(failure.getMessage());
            return new InputException(
                    why.contains("in use")
                            ? "--port: " + where
                                    + " is in use; it was to be that of page and API (0 takes any free one)"
                            : "--port: cannot listen on " + where + " (" + why + ")",
                    failure);
        }
        return new InputException(
                "--tls-cert, --tls-key: cannot be used for TLS (" + failure.getMessage() + ")", failure);
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    /** Where a browser on this machine, or for an address of its own any other, finds the page. */
    public String url() {
        InetAddress address =
                options.address().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : options.address();
        String host = address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
        return (options.tls() == null ? "http://" : "https://") + host + ":" + port() + "/";
    }

    /** Ends the feeds, lets what is being answered be answered for {@value #CLOSE_SECONDS} s, and closes. */
    public Future<Void> close() {
        routes.end();
        long giveUp = vertx.setTimer(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS), late -> connections.cutAll());
        return server.shutdown(CLOSE_SECONDS, TimeUnit.SECONDS).onComplete(closed -> vertx.cancelTimer(giveUp));
    }
}
