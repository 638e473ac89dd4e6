package dev.freshet.deploy.remote;

/** The coordinator does not do what it was asked for. The message is its own, or says what to do about it, in one line. */
public final class Refusal extends Exception {
    /** No free agents for the plan. */
    public static final String AGENTS_MISSING = "agents-missing";

    private static final String NAMESPACE = "urn:freshet:problem:";

    private final int status;
    private final String type;

    Refusal(int status, String type, String message) {
        super(message);
        this.status = status;
        this.type = type;
    }

    /** Whether it is a problem of this type, told by its last word. */
    public boolean is(String word) {
        return type(word).equals(type);
    }

    static String type(String word) {
        return NAMESPACE + word;
    }

    boolean isNotFound() {
        return status == 404;
    }

    /** Whether the same may be granted a moment later. */
    boolean isPassing() {
        return status == 503;
    }
}
