package dev.freshet.deploy.command;

/** What the process tells its caller. */
public final class ExitCode {
    /** Done, and all gates passed. */
    public static final int DONE = 0;

    /** The system under test missed a gate. */
    public static final int GATE_FAILED = 1;

    /** An option or a plan is wrong; nothing was begun. */
    public static final int USAGE = 2;

    /** Agents were missing, or lost on the way. */
    public static final int AGENTS_LOST = 3;

    /** The measurement cannot be trusted. */
    public static final int INVALID = 4;

    /** A defect of Freshet itself (sysexits.h, EX_SOFTWARE). */
    public static final int INTERNAL = 70;

    /** Ended by a person, with the books kept. */
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
