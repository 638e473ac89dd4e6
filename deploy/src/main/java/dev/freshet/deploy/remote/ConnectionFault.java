package dev.freshet.deploy.remote;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** Why there is no connection to a coordinator, as a person can act upon it. Java tells little, and that in the causes. */
final class ConnectionFault {
    private ConnectionFault() {}

    /** What comes after "the coordinator at URL". */
    static String describe(CoordinatorAddress address, IOException fault) {
        if (has(fault, CertPathBuilderException.class)) {
            return "has a certificate that is not trusted here; name it, or its authority's, with --tls-ca";
        }
        if (has(fault, CertificateException.class)) {
            return "has a certificate for another name (" + last(fault).getMessage() + ")";
        }
        if (has(fault, SSLException.class)) {
            return "cannot be spoken with by TLS (" + last(fault).getMessage()
                    + "); is it served by plain HTTP, http://?";
        }
        if (has(fault, UnresolvedAddressException.class)) {
            return "cannot be reached: no address is known for "
                    + address.base().getHost();
        }
        if (has(fault, ConnectException.class)) {
            return "cannot be reached (" + reason(fault) + "); is it running"
                    + (address.isEncrypted() ? ", and served by TLS?" : "?");
        }
        if (has(fault, ProtocolException.class)) {
            return "speaks no HTTP; is it the port of its page, or that of its control channel?";
        }
        if (has(fault, HttpTimeoutException.class)) {
            return "did not answer in time (" + fault.getMessage() + ")";
        }
        return "broke off (" + reason(fault) + ")" + (address.isEncrypted() ? "" : "; is it served by TLS, https://?");
    }

    private static String reason(Throwable fault) {
        for (Throwable at = fault; at != null; at = at.getCause()) {
            if (at.getMessage() != null) {
                return at.getMessage();
            }
        }
        return fault instanceof ConnectException ? "connection refused" : "the connection was closed";
    }

    private static boolean has(Throwable fault, Class<? extends Throwable> kind) {
        for (Throwable at = fault; at != null; at = at.getCause()) {
            if (kind.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable last(Throwable fault) {
        Throwable at = fault;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return at;
    }
}
