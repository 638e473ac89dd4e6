package dev.freshet.coordinator.results;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code environment} tells of the coordinator's own process. */
public final class Environment {
    private Environment() {}

    /**
     * @param version of Freshet
     * @param host the coordinator's, as agents there name it; null if not known
     * @param security what keeps strangers off the control channel
     * @return to be completed by the caller; members in the order of the summary
     */
    public static Map<String, Object> here(String version, String host, ControlSecurity security) {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("freshet", version);
        environment.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        environment.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        environment.put("cores", Runtime.getRuntime().availableProcessors());
        environment.put("host", host);
        environment.put("control_keys", security == ControlSecurity.KEYS);
        environment.put("insecure", security == ControlSecurity.NONE);
        return environment;
    }
}
