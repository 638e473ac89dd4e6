package dev.freshet.deploy.doctor.check;

import dev.freshet.deploy.doctor.host.Host;
import java.util.List;

/** One thing that can spoil a measurement. */
public interface Check {
    /** A word or two with hyphens; stands in findings, in the documentation, and does not change. */
    String name();

    /**
     * Looks at a host.
     *
     * @param intent what is to be measured there
     * @return at least one finding, unless there is nothing to look at; what cannot be found out is {@link Level#UNKNOWN} with the reason
     */
    List<Finding> examine(Host host, Intent intent);
}
