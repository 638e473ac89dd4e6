package dev.freshet.agent.zmtp;

import java.io.IOException;

/** A peer has broken the protocol, or wants what is not spoken here; the message says what. Its connection is of no use any more. */
final class ZmtpException extends IOException {
    private static final long serialVersionUID = 1L;

    ZmtpException(String message) {
        super(message);
    }
}
