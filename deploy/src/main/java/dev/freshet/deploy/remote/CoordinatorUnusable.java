package dev.freshet.deploy.remote;

/** A coordinator cannot be reached or spoken with, or is none; the message says which and why, for a person, in one line. */
public final class CoordinatorUnusable extends Exception {
    CoordinatorUnusable(String message) {
        super(message);
    }

    CoordinatorUnusable(String message, Throwable cause) {
        super(message, cause);
    }
}
