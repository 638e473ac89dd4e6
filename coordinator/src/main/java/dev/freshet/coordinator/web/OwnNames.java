package dev.freshet.coordinator.web;

import io.netty.util.NetUtil;
import io.vertx.core.Handler;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Lets nobody in who calls the coordinator by a name that is not its own. A page of somebody else's can let its own name point at our address (DNS
 * rebinding), and then it is of the same origin as we are; it cannot make the browser send another name.
 */
final class OwnNames implements Handler<RoutingContext> {
    private final Set<String> names = new HashSet<>();

    /** @param given besides addresses and {@code localhost} */
    OwnNames(Set<String> given) {
        names.add("localhost");
        given.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    public void handle(RoutingContext context) {
        HostAndPort authority = context.request().authority();
        if (authority == null) {
            throw Problem.of(400, "the header Host is missing or cannot be understood")
                    .exception();
        }
        if (!isOurs(authority.host())) {
            throw Problem.of(
                            421,
                            "not-our-name",
                            "this coordinator is not called '" + authority.host()
                                    + "'; use its address, or start it with --page-name " + authority.host())
                    .exception();
        }
        context.next();
    }

    private boolean isOurs(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return NetUtil.isValidIpV4Address(bare)
                || NetUtil.isValidIpV6Address(bare)
                || names.contains(bare.toLowerCase(Locale.ROOT));
    }
}
