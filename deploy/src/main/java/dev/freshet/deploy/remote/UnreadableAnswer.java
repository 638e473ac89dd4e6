package dev.freshet.deploy.remote;

/** What a coordinator told is not what it should be; the message says what is wrong with it. */
final class UnreadableAnswer extends Exception {
    UnreadableAnswer(String message) {
        super(message);
    }

    UnreadableAnswer(String message, Throwable cause) {
        super(message, cause);
    }
}
