package dev.freshet.coordinator.web;

import dev.freshet.common.InputException;
import dev.freshet.common.Printable;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a {@link Problem} of everything that goes wrong with a request. What is ours goes to the log, and only that it happened to the client. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    /** How long a client may go on sending what nobody will read, so that it gets to read why. */
    private static final long LINGER_MILLIS = 5_000;

    private static final int MAX_LOGGED_CHARACTERS = 200;

    private static final Map<Integer, String> DETAILS = Map.of(
            400, "the request cannot be understood",
            404, "there is nothing at this path",
            405, "this path does not take this method",
            406, "nothing of what the header Accept names can be had here",
            408, "the request did not arrive in time",
            413, "the body may have at most " + ControlGuard.MAX_BODY_BYTES + " bytes",
            414, "the path is too long",
            415, "the body's type is not one that this path takes",
            431, "the headers are too long");

    private final Vertx vertx;

    Failures(Vertx vertx) {
        this.vertx = vertx;
    }

    void addTo(Router router) {
        router.route().failureHandler(this::failed);
        for (int status : new int[] {400, 404, 405, 406, 413, 415, 500, 501}) { // those that the router finds itself
            router.errorHandler(status, this::failed);
        }
    }

    private void failed(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.closed()) {
            LOG.debug("nobody is there any more for an answer", context.failure());
            return;
        }
        if (response.headWritten()) {
            LOG.debug("an answer broke off", context.failure());
            context.request().connection().close(); // the client must not take the half for the whole
            return;
        }
        send(context.request(), problem(context));
    }

    private static Problem problem(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure instanceof ProblemException known) {
            return known.problem();
        }
        if (failure instanceof InputException input) {
            return Problem.of(400, input.getMessage());
        }
        int status = failure instanceof HttpException http ? http.getStatusCode() : context.statusCode();
        if (failure instanceof IllegalArgumentException && status == 400) {
            return Problem.of(400, DETAILS.get(400));
        }
        if (status >= 400 && status < 500) {
            return Problem.of(status, DETAILS.getOrDefault(status, DETAILS.get(400)));
        }
        LOG.error(
                "{} {} failed",
                context.request().method(),
                Printable.line(context.request().path(), MAX_LOGGED_CHARACTERS),
                failure);
        return Problem.of(500, "the coordinator failed at this; its log says why");
    }

    /** What Vert.x cannot read as a request at all. */
    void unreadable(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = cause instanceof TooLongHttpLineException
                ? 414
                : cause instanceof TooLongHttpHeaderException ? 431 : 400;
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(JsonBody.of(Problem.of(status, DETAILS.get(status))))
                .onComplete(sent -> request.connection().close());
    }

    /** Passes on what the router can make sense of. */
    void screen(HttpServerRequest request, Handler<HttpServerRequest> next) {
        try {
            if (!HttpMethod.values().contains(request.method())) {
                throw Problem.of(400, "there is no such method").exception();
            }
            QueryStringDecoder.decodeComponent(request.path());
        } catch (ProblemException e) {
            send(request, e.problem());
            return;
        } catch (IllegalArgumentException e) {
            send(request, Problem.of(400, "the path has a % that does not begin the code of a character"));
            return;
        }
        next.handle(request);
    }

    private void send(HttpServerRequest request, Problem problem) {
        request.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(JsonBody.of(problem.at(request.path())));
        if (!request.isEnded()) {
            request.handler(unwanted -> {});
            request.resume();
            vertx.setTimer(LINGER_MILLIS, lingered -> {
                if (!request.isEnded()) {
                    request.connection().close();
                }
            });
        }
    }
}
