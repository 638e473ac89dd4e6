package dev.freshet.coordinator.web;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.common.Printable;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * What was wrong with a request: the members of {@code application/problem+json} (RFC 9457).
 *
 * @param type {@code urn:freshet:problem:WORD}, or {@code about:blank} where the status says it all
 * @param title the same for all problems of a type
 * @param status of the response
 * @param detail of this one, in words: what rule, which value
 * @param instance the path that was asked for
 */
@JsonPropertyOrder({"type", "title", "status", "detail", "instance"})
public record Problem(String type, String title, int status, String detail, String instance) {
    static final String MEDIA_TYPE = "application/problem+json";

    private static final String NAMESPACE = "urn:freshet:problem:";

    /** A detail shows what it is about, which may be a mebibyte. */
    private static final int MAX_DETAIL_CHARACTERS = 1_000;

    public Problem {
        detail = Printable.line(detail, MAX_DETAIL_CHARACTERS);
    }

    /** A problem that programs may want to tell from others of its status. */
    public static Problem of(int status, String word, String detail) {
        String title = word.replace('-', ' ');
        return new Problem(
                NAMESPACE + word, Character.toUpperCase(title.charAt(0)) + title.substring(1), status, detail, null);
    }

    /** A problem that the status says all about. */
    public static Problem of(int status, String detail) {
        return new Problem("about:blank", HttpResponseStatus.valueOf(status).reasonPhrase(), status, detail, null);
    }

    Problem at(String path) {
        return new Problem(type, title, status, detail, path);
    }

    /** For throwing it, from any depth of a handler. */
    public ProblemException exception() {
        return new ProblemException(this);
    }
}
